import { ageWeighted } from "./age-weighted.ts";
import type { Backtest, BacktestOptions } from "./backtest.ts";
import { type CertificateRule, type CertifyingRow, certificateOf, walkThresholds } from "./certificate.ts";
import { certificateRuleOf, choiceOf } from "./certified-choice.ts";
import { outOfSamplePredictions } from "./choose-on-past.ts";
import type { ModelCard } from "./model-card.ts";
import { chooseThreshold, type LabelledPrediction, type ThresholdRule, usualRule } from "./threshold.ts";

/** The threshold and its certificate, and a remark for whoever promotes the version. */
type HeldFrom = Pick<ModelCard, "threshold" | "certificate" | "ageWeighted" | "remark">;

/** The promise of a version trained on all of a backtest's history; null where nothing can be certified. */
export function certificateOfBacktest(
  { past, incidents }: Pick<Backtest, "past" | "incidents">,
  options: Pick<BacktestOptions, "rule" | "certificate"> & { readonly now: number },
): Pick<ModelCard, "certificate" | "ageWeighted" | "remark"> {
  const { now, rule = usualRule } = options;
  const wanted = certificateRuleOf(options);
  const told = past.filter((one) => one.knownAt <= now);
  const { choice, certifying, certificateRule } = choiceOf(told, incidents, wanted);
  const said = outOfSamplePredictions(choice, told);
  return holdFrom(said, certifying, { ...rule, missBudget: certificateRule.budget }, certificateRule);
}

/**
 * The lowest threshold with the precision that the rule requires, among those that the certificate allows. A miss
 * budget of 1 requires no certificate; a version without one holds nothing on an armed service.
 */
export function holdFrom(
  said: readonly LabelledPrediction[],
  certifying: readonly CertifyingRow[],
  rule: ThresholdRule,
  certificateRule: CertificateRule,
): HeldFrom {
  if (rule.missBudget >= 1) {
    const threshold = chooseThreshold(said, rule);
    return {
      threshold,
      certificate: null,
      remark:
        threshold === null ? NEVER_RIGHT : "It has no certificate: it was trained without a miss budget.",
    };
  }
  const walk = walkThresholds(certifying, certificateRule);
  if (walk.lowest === null)
    return { threshold: null, certificate: null, remark: `${walk.reason}. This version holds nothing.` };
  const threshold = chooseThreshold(said, { ...rule, missBudget: 1 }, walk.lowest);
  if (threshold === null) return { threshold, certificate: null, remark: NEVER_RIGHT };
  return {
    threshold,
    certificate: certificateOf(threshold, certifying, certificateRule),
    ageWeighted: ageWeighted(certifying, threshold),
    remark: null,
  };
}

const NEVER_RIGHT = "No probability was right often enough on past predictions. This version holds nothing.";
