import { type CertifyingRow, countsAsReal } from "./certificate.ts";

const DAY = 86_400_000;

/** The half-life of a real incident's weight, days. */
export const HALF_LIFE_DAYS = 30;

/** The share of real incidents that a threshold delays, recent ones weighing more. An estimate: it promises nothing. */
export type AgeWeighted = { readonly halfLifeDays: number; readonly delayedOfReal: number };

/**
 * The share of real incidents that a threshold would have held, weighted by age, with one more imagined miss now: the
 * expected loss that non-exchangeable conformal risk control bounds (arXiv 2310.01262), for drift that is slow relative
 * to the half-life. It bounds a mean and not what a certificate bounds, so it is shown beside a certificate and never
 * called one.
 */
export function ageWeighted(rows: readonly CertifyingRow[], threshold: number): AgeWeighted {
  const now = rows.reduce((latest, { openedAt }) => Math.max(latest, openedAt), Number.NEGATIVE_INFINITY);
  let [missed, all] = [1, 1];
  for (const row of rows) {
    if (!countsAsReal(row, threshold)) continue;
    const weight = 0.5 ** ((now - row.openedAt) / (HALF_LIFE_DAYS * DAY));
    all += weight;
    if (row.probability >= threshold) missed += weight;
  }
  return { halfLifeDays: HALF_LIFE_DAYS, delayedOfReal: missed / all };
}

/** The estimate in a sentence for people. */
export const ageWeightedSentence = ({ halfLifeDays, delayedOfReal }: AgeWeighted): string =>
  `Weighted by age (a half-life of ${halfLifeDays} days) ${Number((100 * delayedOfReal).toFixed(1))} % of them would be delayed: an estimate, and no certificate.`;
