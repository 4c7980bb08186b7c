import { z } from "zod";
import { type Quantities, quantitiesOf } from "./quantities.ts";

const price = z.strictObject({
  /** What so much of it costs, in the file's currency. */
  price: z.number().min(0),
  /** The quantity that the price is of: 1000000 for "per million". */
  per: z.number().positive(),
  /** So much a month costs nothing. */
  free: z.number().min(0).default(0),
  source: z.string().optional(),
});
const names = [
  "requests",
  "vcpuSeconds",
  "gibSeconds",
  "publishedGib",
  "documentReads",
  "documentWrites",
  "documentDeletes",
  "storedGib",
  "pitrGib",
  "backupGib",
  "schedulerJobs",
  "secretVersions",
  "alertConditions",
  "alertSeries",
  "logGib",
  "imageGib",
] as const satisfies readonly (keyof Quantities)[];

/** Prices of one region: a file that a person keeps up to date (docs/prices). */
export const pricesSchema = z.strictObject({
  region: z.string(),
  currency: z.string(),
  /** When somebody looked them up, as a date. */
  asOf: z.iso.date(),
  prices: z.strictObject({
    requests: price,
    vcpuSeconds: price,
    gibSeconds: price,
    publishedGib: price,
    documentReads: price,
    documentWrites: price,
    documentDeletes: price,
    storedGib: price,
    pitrGib: price,
    backupGib: price,
    schedulerJobs: price,
    secretVersions: price,
    alertConditions: price,
    alertSeries: price,
    logGib: price,
    imageGib: price,
  }),
});
export type Prices = z.infer<typeof pricesSchema>;

export type CostLine = {
  readonly what: keyof Quantities;
  readonly quantity: number;
  readonly cost: number;
  /** Of the whole, 0 to 1. */
  readonly share: number;
};

/** What so many incidents a month cost at these prices: the dearest first. */
export function costOf(
  incidents: number,
  { prices }: Prices,
): { readonly total: number; readonly lines: readonly CostLine[] } {
  const quantities = quantitiesOf(incidents);
  const costs = names.map((what) => {
    const { price: each, per, free } = prices[what];
    return { what, quantity: quantities[what], cost: (Math.max(0, quantities[what] - free) / per) * each };
  });
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  const lines = costs
    .map((one) => ({ ...one, share: total === 0 ? 0 : one.cost / total }))
    .toSorted((a, b) => b.cost - a.cost);
  return { total, lines };
}
