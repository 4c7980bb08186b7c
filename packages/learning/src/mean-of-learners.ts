import { logit, modelOf, sigmoid, type TreeModel, treesOf } from "@mrdata/forest";

/**
 * The learners whose answers are sums of log odds: their weighted mean is one model again, with all their trees. A forest
 * averages shares, and is none of them.
 */
export const meanMembers = ["rates", "shallow", "boosting", "worded"] as const;
export type MeanMember = (typeof meanMembers)[number];
/** Shares of one. */
export type MeanWeights = Readonly<Record<MeanMember, number>>;

const ofMembers = <T>(make: (member: MeanMember) => T): Readonly<Record<MeanMember, T>> => ({
  rates: make("rates"),
  shallow: make("shallow"),
  boosting: make("boosting"),
  worded: make("worded"),
});

/** So much worse a Brier score has the e-th part of the weight. */
const WORSE = 0.005;
/** With fewer past predictions everybody has the same weight. */
const MIN_PREDICTIONS = 100;
/** What is sure weighs no more than this, log odds. */
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

/** The same of whole models, as one. They are of one table of features. */
export function meanModel(weights: MeanWeights, models: Readonly<Record<MeanMember, TreeModel>>): TreeModel {
  const trees = meanMembers.flatMap((member) =>
    treesOf(models[member]).map((tree) => ({
      ...tree,
      value: tree.value.map((value) => weights[member] * value),
    })),
  );
  const base = meanMembers.reduce((sum, member) => sum + weights[member] * models[member].base, 0);
  // As XGBoost's files can hold it: nine digits of a share.
  const held = logit(Number(sigmoid(base).toPrecision(9)));
  return modelOf(trees, { kind: "boosting", features: models.worded.features, base: held });
}
