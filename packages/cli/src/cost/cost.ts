import { z } from "zod";
import { type Quantities, quantitiesOf } from "./quantities.ts";

const price = z.strictObject({
  /** The price of `per` units, in the file's currency. */
  price: z.number().min(0),
  /** The number of units that the price is for: 1000000 for "per million". */
  per: z.number().positive(),
  /** The free quantity per month. */
  free: z.number().min(0).default(0),
  /** For items that are priced but not charged yet: the earliest date from which they are. */
  notBefore: z.iso.date().optional(),
  /** The page that states the price. */
  source: z.string().optional(),
  /** Who verified it, and when. */
  seen: z.string().optional(),
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
  "alertMetrics",
  "alertPoints",
  "logGib",
  "imageGib",
] as const satisfies readonly (keyof Quantities)[];

/** Prices of one region, from a file maintained by hand (docs/prices). */
export const pricesSchema = z.strictObject({
  region: z.string(),
  currency: z.string(),
  /** The date on which they were looked up. */
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
    alertMetrics: price,
    alertPoints: price,
    logGib: price,
    imageGib: price,
  }),
});
export type Prices = z.infer<typeof pricesSchema>;

export type CostLine = {
  readonly what: keyof Quantities;
  readonly quantity: number;
  readonly cost: number;
  /** Share of the total, 0 to 1. */
  readonly share: number;
};

/** An item that is not charged yet, with its future cost. */
export type LaterCost = {
  readonly what: keyof Quantities;
  readonly notBefore: string;
  readonly cost: number;
};

/** The monthly cost of this many incidents, the most expensive item first, and items that will be charged later. */
export function costOf(
  incidents: number,
  { asOf, prices }: Prices,
): {
  readonly total: number;
  readonly lines: readonly CostLine[];
  readonly later: readonly LaterCost[];
} {
  const quantities = quantitiesOf(incidents);
  const costs: { what: keyof Quantities; quantity: number; cost: number }[] = [];
  const later: LaterCost[] = [];
  for (const what of names) {
    const { price: each, per, free, notBefore } = prices[what];
    const quantity = quantities[what];
    const cost = (Math.max(0, quantity - free) / per) * each;
    const charged = notBefore === undefined || notBefore <= asOf;
    if (!charged) later.push({ what, notBefore, cost });
    costs.push({ what, quantity, cost: charged ? cost : 0 });
  }
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  const lines = costs
    .map((one) => ({ ...one, share: total === 0 ? 0 : one.cost / total }))
    .toSorted((a, b) => b.cost - a.cost);
  return { total, lines, later };
}
