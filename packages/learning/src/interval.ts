/** From where to where the true share lies in 95 of 100 cases. */
export type Interval = { readonly low: number; readonly high: number; readonly rows: number };

/** Past predictions this close to a probability tell how well such a one is known. */
const NEAR = 0.05;
const Z = 1.96;

/**
 * How sure a probability is: Wilson's score interval (1927) for as many past predictions as were made near it. Where
 * the past made none like it, anything may be true. `past` ascends.
 */
export function intervalOf(probability: number, past: ArrayLike<number>): Interval {
  let n = 0;
  for (let i = 0; i < past.length; i++) if (Math.abs((past[i] ?? -1) - probability) <= NEAR) n++;
  if (n === 0) return { low: 0, high: 1, rows: 0 };
  const square = Z * Z;
  const middle = (probability + square / (2 * n)) / (1 + square / n);
  const reach =
    (Z * Math.sqrt((probability * (1 - probability)) / n + square / (4 * n * n))) / (1 + square / n);
  return {
    low: Math.max(0, Math.min(probability, middle - reach)),
    high: Math.min(1, Math.max(probability, middle + reach)),
    rows: n,
  };
}
