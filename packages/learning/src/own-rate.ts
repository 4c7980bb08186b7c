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

/** The alert type's own rates among the features: ever, and in the last weeks. */
const places = [featurePlace(HISTORICAL_RATE), featurePlace("alert-type.rateMonth")] as const;
/** Before anything is seen the rate ever is believed as it stands, as firmly as by some twenty outcomes. */
const believed = { prior: [1, 0, 0], hold: 5 };

/** Rates are taken in steps of log odds, this fine and this far: between .0025 and .9975. */
const STEPS = 256;
const FARTHEST = 6;
const middles = Float64Array.from({ length: STEPS }, (_, i) => (2 * FARTHEST * (i + 0.5)) / STEPS - FARTHEST);
const cuts = Array.from({ length: STEPS - 1 }, (_, i) =>
  sigmoid((2 * FARTHEST * (i + 1)) / STEPS - FARTHEST),
);

const logOdds = (rate: number): number => Math.min(FARTHEST, Math.max(-FARTHEST, logit(rate)));

/**
 * The alert type's own rate as a model: a logistic regression on the log odds of its rates, held near the rate as it
 * stands, so that hardly anything needs to be known for it to be sensible. One tree for each rate; with a base of 0 their
 * sum is the answer's log odds.
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
 * The historical rate as it stands, in steps, as a model that has learnt nothing: what stands in where no version is
 * champion, as a version of its own. `features`: how many its rows have.
 */
export function historicalRateModel(features: number, rates: Float32Array): TreeModel {
  const tree = stepTree(places[0], { cuts, values: Array.from(middles), rows: rowsByStep(rates) });
  return modelOf([tree], { kind: "boosting", features, base: 0 });
}

/** The step of a rate: as many cuts as it reaches. */
function stepOf(rate: number): number {
  let step = 0;
  for (let half = STEPS / 2; half >= 1; half /= 2) if (rate >= (cuts[step + half - 1] ?? 1)) step += half;
  return step;
}

/** How many rates lie on each step. What is missing is on the first, as in the tree. */
function rowsByStep(rates: Float32Array): readonly number[] {
  const rows = new Array<number>(STEPS).fill(0);
  for (const rate of rates) {
    const step = Number.isNaN(rate) ? 0 : stepOf(rate);
    rows[step] = (rows[step] ?? outOfRange()) + 1;
  }
  return rows;
}
