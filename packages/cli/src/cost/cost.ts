import { z } from "zod";
import { type Quantities, quantitiesOf } from "./quantities.ts";

const price = z.strictObject({
  /** What so much of it costs, in the file's currency. */
  price: z.number().min(0),
  /** The quantity that the price is of: 1000000 for "per million". */
  per: z.number().positive(),
  /** So much a month costs nothing. */
  free: z.number().min(0).default(0),
  /** What has a price and is not charged yet: it is from then on, at the earliest. */
  notBefore: z.iso.date().optional(),
  /** The page that says it. */
  source: z.string().optional(),
  /** Who saw it there, and when. */
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
  /** Of the whole, 0 to 1. */
  readonly share: number;
};

/** What is not charged yet, and what it would come to. */
export type LaterCost = {
  readonly what: keyof Quantities;
  readonly notBefore: string;
  readonly cost: number;
};

/** What so many incidents a month cost at these prices: the dearest first; and what will be charged for later. */
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
