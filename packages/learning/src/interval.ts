/** From where to where the true share lies in 95 of 100 cases. */
export type Interval = { readonly low: number; readonly high: number; readonly rows: number };

/** Past predictions this close to a probability tell how well such a one is known. */
const NEAR = 0.05;
const Z = 1.96;

/**
 * How sure a probability is, by as many past predictions as were made near it. Where the past made none like it,
 * anything may be true. `past` ascends.
 */
export function intervalOf(probability: number, past: ArrayLike<number>): Interval {
  let rows = 0;
  for (let i = 0; i < past.length; i++) if (Math.abs((past[i] ?? -1) - probability) <= NEAR) rows++;
  return wilsonInterval(probability, rows);
}

/** Wilson's score interval (1927) of a share that was seen in so many rows; all that can be where there are none. */
export function wilsonInterval(share: number, rows: number): Interval {
  if (rows === 0) return { low: 0, high: 1, rows: 0 };
  const square = Z * Z;
  const middle = (share + square / (2 * rows)) / (1 + square / rows);
  const reach =
    (Z * Math.sqrt((share * (1 - share)) / rows + square / (4 * rows * rows))) / (1 + square / rows);
  return {
    low: Math.max(0, Math.min(share, middle - reach)),
    high: Math.min(1, Math.max(share, middle + reach)),
    rows,
  };
}
