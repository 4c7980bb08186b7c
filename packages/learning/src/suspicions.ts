import type { BacktestFigures } from "./backtest-figures.ts";

/** External data at the opening does not predict outcomes better than this. */
const BEST_AUC = 0.98;
/** A threshold below this holds everything. */
const HOLDS_ALL = 0.005;
/** This many holds without a single wrong one. */
const HUNDREDS = 200;

/**
 * Signs that a version is too good to be true: sentences for whoever would promote it, normally none. It most likely
 * uses something that is only known afterwards.
 * @param threshold Holds from this probability on; null: never.
 */
export function suspicionsOf(
  { auc, scored, coverage, precision }: Pick<BacktestFigures, "auc" | "scored" | "coverage" | "precision">,
  threshold: number | null,
): readonly string[] {
  const held = Math.round(coverage * scored);
  return [
    ...(auc.value > BEST_AUC ? [`Its AUC of ${auc.value.toFixed(3)} is too good to be true.`] : []),
    ...(threshold !== null && threshold < HOLDS_ALL
      ? ["Its threshold is 0: it would hold whatever comes."]
      : []),
    ...(precision === 1 && held >= HUNDREDS
      ? [`Of ${held} that it would have held not one was wrong, which is too good to be true.`]
      : []),
  ];
}

/** Suspicions as one remark, with what to do. */
export const suspicionRemark = (suspicions: readonly string[]): string =>
  `${suspicions.join(" ")} It may look at something that is only known when an incident is over: look at its columns before it holds anything.`;
