import { sigmoid } from "./logistic.ts";
import type { TreeModel } from "./model.ts";

/**
 * The probability of one row, NaN where a value is missing. Values are compared as float32. Allocates nothing. Throws
 * RangeError for a row of another width.
 */
export function score(model: TreeModel, row: Float32Array): number {
  if (row.length !== model.features)
    throw new RangeError(`the row has ${row.length} values, and the model was trained on ${model.features}`);
  const { roots, feature, threshold, left, defaultLeft, value, base } = model;
  let sum = base;
  for (let t = 0; t < roots.length; t++) {
    let node = roots[t] ?? 0;
    for (let k = feature[node] ?? -1; k >= 0; k = feature[node] ?? -1) {
      const x = row[k] ?? 0;
      const goesLeft = x < (threshold[node] ?? 0) || (Number.isNaN(x) && defaultLeft[node] === 1);
      node = (left[node] ?? 0) + (goesLeft ? 0 : 1);
    }
    sum += value[node] ?? 0;
  }
  return model.kind === "boosting" ? sigmoid(sum) : inUnit(sum);
}

/** Sums of rounded shares may leave [0, 1] by a last digit. */
export const inUnit = (sum: number): number => Math.min(1, Math.max(0, sum));
