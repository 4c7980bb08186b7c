import { outOfRange } from "@mrdata/base";
import {
  type FlatTree,
  fitLogistic,
  logit,
  modelOf,
  sigmoid,
  stepTree,
  type TrainingData,
  type TreeModel,
} from "@mrdata/forest";
import { featurePlace } from "./feature-table.ts";
import { HISTORICAL_RATE } from "./historical-rate.ts";

/** The alert type's historical rates among the features: all time, and the last weeks. */
const places = [featurePlace(HISTORICAL_RATE), featurePlace("alert-type.rateMonth")] as const;
/** Before any data the all-time rate is used unchanged, with the weight of about twenty outcomes. */
const believed = { prior: [1, 0, 0], hold: 5 };

/** Rates are discretised in log odds, with this step and range: between .0025 and .9975. */
const STEPS = 256;
const FARTHEST = 6;
const middles = Float64Array.from({ length: STEPS }, (_, i) => (2 * FARTHEST * (i + 0.5)) / STEPS - FARTHEST);
const cuts = Array.from({ length: STEPS - 1 }, (_, i) =>
  sigmoid((2 * FARTHEST * (i + 1)) / STEPS - FARTHEST),
);

const logOdds = (rate: number): number => Math.min(FARTHEST, Math.max(-FARTHEST, logit(rate)));

/**
 * The alert type's historical rate as a model: a logistic regression on the log odds of its rates, regularised towards
 * the rate itself, so that it is sensible with hardly any data. One tree for each rate; with a base of 0 their sum is
 * the log odds of the answer.
 */
export function ownRateTrees({ columns, labels }: TrainingData): readonly FlatTree[] {
  const inputs = places.map((place) => Float64Array.from(columns[place] ?? [], logOdds));
  const [ever = 1, month = 0, intercept = 0] = fitLogistic(inputs, labels, believed);
  const treeOf = (place: number, slope: number, added: number) =>
    stepTree(place, {
      cuts,
      values: Array.from(middles, (middle) => slope * middle + added),
      rows: rowsByStep(columns[place] ?? new Float32Array()),
    });
  return [treeOf(places[0], ever, intercept), treeOf(places[1], month, 0)];
}

/**
 * The historical rate itself, in steps, as a model that has learnt nothing: the fallback where no version is champion,
 * as a version of its own. `features`: how many its rows have.
 */
export function historicalRateModel(features: number, rates: Float32Array): TreeModel {
  const tree = stepTree(places[0], { cuts, values: Array.from(middles), rows: rowsByStep(rates) });
  return modelOf([tree], { kind: "boosting", features, base: 0 });
}

/** The step of a rate: the number of cuts that it reaches. */
function stepOf(rate: number): number {
  let step = 0;
  for (let half = STEPS / 2; half >= 1; half /= 2) if (rate >= (cuts[step + half - 1] ?? 1)) step += half;
  return step;
}

/** The number of rates on each step. A missing one is on the first, as in the tree. */
function rowsByStep(rates: Float32Array): readonly number[] {
  const rows = new Array<number>(STEPS).fill(0);
  for (const rate of rates) {
    const step = Number.isNaN(rate) ? 0 : stepOf(rate);
    rows[step] = (rows[step] ?? outOfRange()) + 1;
  }
  return rows;
}
