/** A prediction for an incident that has ended. `label` 1: it resolved itself. */
export type SaidAndSeen = { readonly probability: number; readonly label: 0 | 1 };

export type CalibrationDrift = {
  /** `sure`: overconfident, more needed a human than predicted. `unsure`: fewer. */
  readonly kind: "sure" | "unsure";
  readonly rows: number;
  /** The mean prediction, and the share that resolved itself. */
  readonly said: number;
  readonly seen: number;
  /** The accumulated winnings of bets against the calibration: summed over the rows at which they could have begun. */
  readonly evidence: number;
};

/** The stakes that the bets mix. */
const STAKES = [0.05, 0.1, 0.2, 0.4, 0.6];
/** Both directions are tested, over- and underconfidence, and share the false-alarm rate. */
const WAYS = 2;

/**
 * Tests by betting whether probabilities still match frequencies (Shafer, arXiv 1903.06991). Betting on each row that
 * less, or more, than predicted will resolve itself gains nothing on average while the predictions are right. A bet
 * begins with every row, and their winnings add up (Shiryaev and Roberts; e-detectors, Shin, Ramdas and Rinaldo, arXiv
 * 2203.03532): while nothing is wrong the sum grows by one per row on average, so the line is crossed at most once in
 * `line` rows, however often one checks and wherever the checked rows begin. Null while neither direction has crossed
 * it.
 *
 * @param rows Of one model, in order of time.
 * @param line The number of rows in N years gives one false alarm in N years.
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
