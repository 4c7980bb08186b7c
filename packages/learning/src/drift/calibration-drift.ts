/** What was said of an incident that has ended. `label` 1: it resolved itself. */
export type SaidAndSeen = { readonly probability: number; readonly label: 0 | 1 };

export type CalibrationDrift = {
  /** `sure`: more needed a human than was said. `unsure`: fewer. */
  readonly kind: "sure" | "unsure";
  readonly rows: number;
  /** The mean of what was said, and the share that resolved itself. */
  readonly said: number;
  readonly seen: number;
  /** What bets against the calibration have grown to: summed over the rows that they could have begun with. */
  readonly evidence: number;
};

/** Stakes that the bets are a mixture of. */
const STAKES = [0.05, 0.1, 0.2, 0.4, 0.6];
/** It is asked in two ways, too sure and not sure enough, which share what may be a false alarm. */
const WAYS = 2;

/**
 * Whether probabilities still say how often it happens: a test by betting (Shafer, arXiv 1903.06991). One who bets on each row that
 * less, or more, than was said will resolve itself gains nothing on average while what is said is right. A bet begins with every
 * row, and what they have come to adds up (Shiryaev and Roberts; e-detectors, Shin, Ramdas and Rinaldo, arXiv 2203.03532): while nothing
 * is wrong the sum grows by one a row on average, so that the line is crossed once in `line` rows at most, however often one looks and
 * wherever the rows begin that one looks at. Null while neither way has crossed it.
 *
 * @param rows Of one model, in order of time.
 * @param line The rows of so many years are one false alarm in so many years.
 */
export function calibrationDrift(rows: readonly SaidAndSeen[], line: number): CalibrationDrift | null {
  const said = rows.reduce((sum, { probability }) => sum + probability, 0) / Math.max(1, rows.length);
  const seen = rows.reduce((sum, { label }) => sum + label, 0) / Math.max(1, rows.length);
  for (const [kind, sign] of [
    ["sure", -1],
    ["unsure", 1],
  ] as const) {
    let sums = STAKES.map(() => 0);
    let most = 0;
    for (const { probability, label } of rows) {
      sums = sums.map((sum, s) => (sum + 1) * (1 + sign * (STAKES[s] ?? 0) * (label - probability)));
      most = Math.max(most, sums.reduce((sum, one) => sum + one, 0) / STAKES.length);
    }
    if (most >= WAYS * line) return { kind, rows: rows.length, said, seen, evidence: most };
  }
  return null;
}
