import { sigmoid } from "./logistic.ts";
import type { TreeModel } from "./model.ts";
import { inUnit } from "./score.ts";

/** Rows at a time: their values and one tree's nodes stay in the processor's cache. */
const BLOCK = 256;

/**
 * Sums of all trees for many rows at once, without the transformation to probabilities. A block of rows goes through one
 * tree after the other.
 */
export function scoreColumns(model: TreeModel, columns: readonly Float32Array[]): Float64Array {
  const { features, roots, feature, threshold, left, defaultLeft, value, base } = model;
  if (columns.length !== features)
    throw new RangeError(`there are ${columns.length} features, and the model was trained on ${features}`);
  const rows = columns[0]?.length ?? 0;
  const sums = new Float64Array(rows).fill(base);
  const block = new Float32Array(BLOCK * features);
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start);
    for (let k = 0; k < features; k++) {
      const column = columns[k] ?? new Float32Array();
      for (let i = 0; i < count; i++) block[i * features + k] = column[start + i] ?? Number.NaN;
    }
    for (let t = 0; t < roots.length; t++) {
      const root = roots[t] ?? 0;
      for (let i = 0; i < count; i++) {
        const row = i * features;
        let node = root;
        for (let k = feature[node] ?? -1; k >= 0; k = feature[node] ?? -1) {
          const x = block[row + k] ?? 0;
          const goesLeft = x < (threshold[node] ?? 0) || (Number.isNaN(x) && defaultLeft[node] === 1);
          node = (left[node] ?? 0) + (goesLeft ? 0 : 1);
        }
        sums[start + i] = (sums[start + i] ?? 0) + (value[node] ?? 0);
      }
    }
  }
  return sums;
}

/** Probabilities of many rows at once, one Float32Array a feature. Throws RangeError for another number of features. */
export function scoreAll(model: TreeModel, columns: readonly Float32Array[]): Float64Array {
  const sums = scoreColumns(model, columns);
  for (let i = 0; i < sums.length; i++) {
    const sum = sums[i] ?? 0;
    sums[i] = model.kind === "boosting" ? sigmoid(sum) : inUnit(sum);
  }
  return sums;
}
