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

/** The rule of the certificates: told, or the usual one with the miss budget of the threshold's rule. */
export const certificateRuleOf = ({
  rule = usualRule,
  certificate,
}: {
  readonly rule?: ThresholdRule;
  readonly certificate?: CertificateRule;
}): CertificateRule =>
  certificate ??
  (rule.missBudget < 1 ? { ...usualCertificateRule, budget: rule.missBudget } : usualCertificateRule);

/** Who predicts next, what it says of the rows that certify it, and with which delta these may. */
export type CertifiedChoice = {
  readonly choice: Choice;
  readonly certifying: readonly CertifyingRow[];
  readonly certificateRule: CertificateRule;
};

/**
 * The choice is made on all of the past. It is certified on rows that did not make it wherever the other rows alone choose
 * the same learner; a temperature changes no order, so it may be fitted on any. Where they would choose another, luck on
 * the certifying rows may have chosen: delta is then shared out among all learners that could have been (Bonferroni).
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

/** What the alert type's own rate said of the last days of the past. Nobody chose it: all of them may certify. */
export function ratesOf(past: readonly Predicted[], { days }: CertificateRule): readonly CertifyingRow[] {
  const latest = past.reduce((last, { openedAt }) => Math.max(last, openedAt), Number.NEGATIVE_INFINITY);
  return past
    .filter(({ openedAt }) => openedAt >= latest - days * DAY)
    .map(({ id, openedAt, rate, label, censored }) => ({ id, openedAt, probability: rate, label, censored }));
}

/**
 * `certified`: what the certificate allows. `halfBudget`: past misses within half the budget. `point`: within the whole
 * of it. All three are right as often as the rule wants, too.
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
