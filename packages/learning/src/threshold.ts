/** A prediction of the past whose label is known. */
export type Issued = { readonly probability: number; readonly label: 0 | 1 };

/** How often what is held must have resolved itself, and over how many past predictions at least. */
export const TARGET_PRECISION = 0.9;
export const LEAST_ROWS = 20;

/**
 * The lowest probability from which on the past predictions were right at least `precision` of the time, over at least
 * `rows` of them; null where there is none: then nothing is held. Predictions of one probability stand together.
 */
export function chooseThreshold(
  issued: readonly Issued[],
  precision = TARGET_PRECISION,
  rows = LEAST_ROWS,
): number | null {
  const sorted = issued.toSorted((a, b) => b.probability - a.probability);
  let right = 0;
  let best: number | null = null;
  for (const [i, { probability, label }] of sorted.entries()) {
    right += label;
    if (sorted[i + 1]?.probability === probability) continue;
    if (i + 1 >= rows && right >= precision * (i + 1)) best = probability;
  }
  return best;
}
