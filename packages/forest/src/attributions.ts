import { outOfRange } from "@mrdata/base";
import type { TreeModel } from "./model.ts";

export type Attributions = {
  /** The model's answer without any feature. */
  readonly bias: number;
  /** By feature: how much it moved the answer; in log odds for boosting. */
  readonly contributions: Float64Array;
};

/**
 * The contribution of each feature to the answer for one row, along its paths: each split's feature gets the difference
 * between the child's value and the node's (Saabas 2014, "Interpreting random forests"). Bias and contributions sum to
 * the answer: for a forest the probability, for boosting its log odds.
 */
export function attributionsOf(model: TreeModel, row: Float32Array): Attributions {
  const { roots, feature, threshold, left, defaultLeft, value } = model;
  const contributions = new Float64Array(model.features);
  let bias = model.base;
  for (const root of roots) {
    let node = root;
    bias += value[node] ?? outOfRange();
    for (let k = feature[node] ?? -1; k >= 0; k = feature[node] ?? -1) {
      const x = row[k] ?? Number.NaN;
      const goesLeft = x < (threshold[node] ?? outOfRange()) || (Number.isNaN(x) && defaultLeft[node] === 1);
      const child = (left[node] ?? outOfRange()) + (goesLeft ? 0 : 1);
      contributions[k] =
        (contributions[k] ?? outOfRange()) + ((value[child] ?? outOfRange()) - (value[node] ?? outOfRange()));
      node = child;
    }
  }
  return { bias, contributions };
}
