/** The interval that contains the true share in 95 of 100 cases. */
export type Interval = { readonly low: number; readonly high: number; readonly rows: number };

/** The maximum distance of past predictions that count as near a probability. */
const NEAR = 0.05;
const Z = 1.96;

/**
 * The uncertainty of a probability, from the past predictions near it. Without any near it the interval is everything.
 * `past` ascends.
 */
export function intervalOf(probability: number, past: ArrayLike<number>): Interval {
  let rows = 0;
  for (let i = 0; i < past.length; i++) if (Math.abs((past[i] ?? -1) - probability) <= NEAR) rows++;
  return wilsonInterval(probability, rows);
}

/** Wilson's score interval (1927) for a share seen in this many rows; the whole range for none. */
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
