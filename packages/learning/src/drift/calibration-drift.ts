/** What was said of an incident that has ended. `label` 1: it resolved itself. */
export type SaidAndSeen = { readonly probability: number; readonly label: 0 | 1 };

export type CalibrationDrift = {
  /** `sure`: more needed a human than was said. `unsure`: fewer. */
  readonly kind: "sure" | "unsure";
  readonly rows: number;
  /** The mean of what was said, and the share that resolved itself. */
  readonly said: number;
  readonly seen: number;
  /** What bets against the calibration have grown to, from 1. */
  readonly evidence: number;
};

/** Stakes that the bets are a mixture of. */
const STAKES = [0.05, 0.1, 0.2, 0.4, 0.6];
/** Bets against a calibration that holds grow to this in one of a hundred cases at most, however long one looks. */
export const CALIBRATION_LINE = 100;

/**
 * Whether probabilities still say how often it happens: a test by betting (Shafer, arXiv 1903.06991), which may be looked
 * at every day. One who bets on each row that less, or more, than was said will resolve itself gains nothing on average
 * while what is said is right. Null while neither has grown to the line.
 */
export function calibrationDrift(rows: readonly SaidAndSeen[]): CalibrationDrift | null {
  const said = rows.reduce((sum, { probability }) => sum + probability, 0) / Math.max(1, rows.length);
  const seen = rows.reduce((sum, { label }) => sum + label, 0) / Math.max(1, rows.length);
  for (const [kind, sign] of [
    ["sure", -1],
    ["unsure", 1],
  ] as const) {
    const wealth = STAKES.map(() => 1);
    let most = 1;
    for (const { probability, label } of rows) {
      for (const [s, stake] of STAKES.entries())
        wealth[s] = (wealth[s] ?? 1) * (1 + sign * stake * (label - probability));
      most = Math.max(most, wealth.reduce((sum, one) => sum + one, 0) / STAKES.length);
    }
    if (most >= CALIBRATION_LINE) return { kind, rows: rows.length, said, seen, evidence: most };
  }
  return null;
}
