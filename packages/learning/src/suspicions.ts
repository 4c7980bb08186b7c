import type { BacktestFigures } from "./backtest-figures.ts";

/** What is told from outside at the opening does not tell outcomes apart as well as this. */
const BEST_AUC = 0.98;
/** A threshold below holds everything. */
const HOLDS_ALL = 0.005;
/** So many holds without one that was wrong. */
const HUNDREDS = 200;

/**
 * What is too good to be true about a version: sentences for whoever would make it champion, none as a rule. It most
 * likely looks at something that is only known afterwards.
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
