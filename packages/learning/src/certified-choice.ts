import {
  type CertificateRule,
  type CertifyingRow,
  usualCertificateRule,
  walkThresholds,
} from "./certificate.ts";
import { type Choice, chooseOnPast, outOfSamplePredictions, type Predicted } from "./choose-on-past.ts";
import { learners } from "./learners.ts";
import { partsOfPast } from "./parts-of-past.ts";
import { chooseThreshold, type LabelledPrediction, type ThresholdRule, usualRule } from "./threshold.ts";

/** The certificates' rule: the given one, or the default with the miss budget of the threshold's rule. */
export const certificateRuleOf = ({
  rule = usualRule,
  certificate,
}: {
  readonly rule?: ThresholdRule;
  readonly certificate?: CertificateRule;
}): CertificateRule =>
  certificate ??
  (rule.missBudget < 1 ? { ...usualCertificateRule, budget: rule.missBudget } : usualCertificateRule);

/** The learner for the future, its predictions on the certifying rows, and the delta for certifying with them. */
export type CertifiedChoice = {
  readonly choice: Choice;
  readonly certifying: readonly CertifyingRow[];
  readonly certificateRule: CertificateRule;
};

/**
 * The choice is made on all of the past. It is certified on rows that were not used for it wherever the other rows
 * alone lead to the same learner; a temperature preserves the order, so it may be fitted on any rows. If they would
 * lead to another learner, luck on the certifying rows may have decided: delta is then divided among all learners that
 * could have been chosen (Bonferroni).
 */
export function choiceOf(
  told: readonly Predicted[],
  learntFrom: number,
  rule: CertificateRule,
): CertifiedChoice {
  const parts = partsOfPast(told, rule);
  const choice = chooseOnPast(told, learntFrom);
  const agreed = chooseOnPast(parts.choosing, learntFrom).learner === choice.learner;
  return {
    choice,
    certifying: outOfSamplePredictions(choice, parts.certifying),
    certificateRule: agreed ? rule : { ...rule, delta: rule.delta / learners.length },
  };
}

const DAY = 86_400_000;

/**
 * The historical rate's predictions for the last days of the past. It was not chosen on them, so all of them may
 * certify.
 */
export function ratesOf(past: readonly Predicted[], { days }: CertificateRule): readonly CertifyingRow[] {
  const latest = past.reduce((last, { openedAt }) => Math.max(last, openedAt), Number.NEGATIVE_INFINITY);
  return past
    .filter(({ openedAt }) => openedAt >= latest - days * DAY)
    .map(({ id, openedAt, rate, label, censored }) => ({ id, openedAt, probability: rate, label, censored }));
}

/**
 * `certified`: as the certificate allows. `halfBudget`: past misses within half the budget. `point`: within the whole
 * budget. All three also have the precision that the rule requires.
 */
export type ThresholdWay = "certified" | "halfBudget" | "point";

/** The thresholds of the three ways, on predictions as they were issued. */
export function thresholdsOf(
  issued: readonly LabelledPrediction[],
  certifying: readonly CertifyingRow[],
  rule: ThresholdRule,
  certificate: CertificateRule,
): Readonly<Record<ThresholdWay, number | null>> {
  const { budget } = certificate;
  const { lowest } = walkThresholds(certifying, certificate);
  const within = (missBudget: number) => chooseThreshold(issued, { ...rule, missBudget });
  return {
    certified: lowest === null ? null : chooseThreshold(issued, { ...rule, missBudget: 1 }, lowest),
    halfBudget: within(budget / 2),
    point: within(budget),
  };
}
