import { logit, modelOf, sigmoid, type TreeModel, treesOf } from "@mrdata/forest";

/**
 * The learners whose answers are sums of log odds: their weighted mean is again one model, with all their trees. A
 * forest averages shares, so it is excluded.
 */
export const meanMembers = ["rates", "shallow", "boosting", "worded"] as const;
export type MeanMember = (typeof meanMembers)[number];
/** Shares that sum to 1. */
export type MeanWeights = Readonly<Record<MeanMember, number>>;

const ofMembers = <T>(make: (member: MeanMember) => T): Readonly<Record<MeanMember, T>> => ({
  rates: make("rates"),
  shallow: make("shallow"),
  boosting: make("boosting"),
  worded: make("worded"),
});

/** A Brier score worse by this much reduces the weight by a factor of e. */
const WORSE = 0.005;
/** With fewer past predictions all weights are equal. */
const MIN_PREDICTIONS = 100;
/** The maximum log odds of a single answer. */
const FARTHEST = 12;

const logOdds = (probability: number): number => Math.min(FARTHEST, Math.max(-FARTHEST, logit(probability)));

/** The weight of each member by the Brier score of its past answers, exp(-score / .005). */
export function meanWeights(
  past: readonly { readonly raw: Readonly<Record<MeanMember, number>>; readonly label: 0 | 1 }[],
): MeanWeights {
  if (past.length < MIN_PREDICTIONS) return ofMembers(() => 1 / meanMembers.length);
  const scores = ofMembers(
    (member) => past.reduce((sum, { raw, label }) => sum + (raw[member] - label) ** 2, 0) / past.length,
  );
  const best = Math.min(...Object.values(scores));
  const given = ofMembers((member) => Math.exp((best - scores[member]) / WORSE));
  const sum = meanMembers.reduce((all, member) => all + given[member], 0);
  return ofMembers((member) => given[member] / sum);
}

/** The weighted mean of the members' answers, taken in log odds. */
export const meanOf = (weights: MeanWeights, answers: Readonly<Record<MeanMember, number>>): number =>
  sigmoid(meanMembers.reduce((sum, member) => sum + weights[member] * logOdds(answers[member]), 0));

/** The same for whole models, merged into one. They share one table of features. */
export function meanModel(weights: MeanWeights, models: Readonly<Record<MeanMember, TreeModel>>): TreeModel {
  const trees = meanMembers.flatMap((member) =>
    treesOf(models[member]).map((tree) => ({
      ...tree,
      value: tree.value.map((value) => weights[member] * value),
    })),
  );
  const base = meanMembers.reduce((sum, member) => sum + weights[member] * models[member].base, 0);
  // In the precision of XGBoost's files: nine digits of a share.
  const held = logit(Number(sigmoid(base).toPrecision(9)));
  return modelOf(trees, { kind: "boosting", features: models.worded.features, base: held });
}
