import { outOfRange } from "@mrdata/base";
import { compiledOf } from "./compiled.ts";
import { sigmoid } from "./logistic.ts";
import type { TreeModel } from "./model.ts";
import { inUnit } from "./score.ts";

/** Rows per block, a multiple of four: their values and one tree's nodes stay in the processor's cache. */
const BLOCK = 64;

/**
 * Sums of all trees for many rows, without the transformation to probabilities. A block of rows goes through one tree
 * after the other, four rows interleaved: while one waits for memory the others go on.
 */
export function scoreColumns(model: TreeModel, columns: readonly Float32Array[]): Float64Array {
  const { features, base } = model;
  if (columns.length !== features)
    throw new RangeError(`there are ${columns.length} features, and the model was trained on ${features}`);
  const { words, floats, roots } = compiledOf(model);
  const rows = columns[0]?.length ?? 0;
  const width = 2 * features;
  const block = new Float32Array(BLOCK * width);
  const blockSums = new Float64Array(BLOCK);
  const sums = new Float64Array(rows);
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start);
    for (const [k, column] of columns.entries())
      for (let i = 0; i < count; i++) {
        const x = column[start + i] ?? outOfRange();
        const isMissing = Number.isNaN(x);
        block[i * width + k] = isMissing ? Number.NEGATIVE_INFINITY : x;
        block[i * width + features + k] = isMissing ? Number.POSITIVE_INFINITY : x;
      }
    blockSums.fill(base);
    for (let t = 0; t < roots.length; t++) {
      const root = roots[t] ?? outOfRange();
      for (let i = 0; i < count; i += 4) {
        const rowA = i * width;
        const rowB = rowA + width;
        const rowC = rowB + width;
        const rowD = rowC + width;
        let a = root;
        let b = root;
        let c = root;
        let d = root;
        for (;;) {
          const nextA =
            (words[a + 2] ?? outOfRange()) +
            (Number(
              (block[rowA + (words[a] ?? outOfRange())] ?? outOfRange()) >= (floats[a + 1] ?? outOfRange()),
            ) <<
              2);
          const nextB =
            (words[b + 2] ?? outOfRange()) +
            (Number(
              (block[rowB + (words[b] ?? outOfRange())] ?? outOfRange()) >= (floats[b + 1] ?? outOfRange()),
            ) <<
              2);
          const nextC =
            (words[c + 2] ?? outOfRange()) +
            (Number(
              (block[rowC + (words[c] ?? outOfRange())] ?? outOfRange()) >= (floats[c + 1] ?? outOfRange()),
            ) <<
              2);
          const nextD =
            (words[d + 2] ?? outOfRange()) +
            (Number(
              (block[rowD + (words[d] ?? outOfRange())] ?? outOfRange()) >= (floats[d + 1] ?? outOfRange()),
            ) <<
              2);
          if (((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) === 0) break;
          a = nextA;
          b = nextB;
          c = nextC;
          d = nextD;
        }
        blockSums[i] = (blockSums[i] ?? outOfRange()) + (floats[a + 3] ?? outOfRange());
        blockSums[i + 1] = (blockSums[i + 1] ?? outOfRange()) + (floats[b + 3] ?? outOfRange());
        blockSums[i + 2] = (blockSums[i + 2] ?? outOfRange()) + (floats[c + 3] ?? outOfRange());
        blockSums[i + 3] = (blockSums[i + 3] ?? outOfRange()) + (floats[d + 3] ?? outOfRange());
      }
    }
    for (let i = 0; i < count; i++) sums[start + i] = blockSums[i] ?? outOfRange();
  }
  return sums;
}

/** Probabilities of many rows, one Float32Array per feature. Throws RangeError for another number of features. */
export function scoreAll(model: TreeModel, columns: readonly Float32Array[]): Float64Array {
  const sums = scoreColumns(model, columns);
  for (let i = 0; i < sums.length; i++) {
    const sum = sums[i] ?? outOfRange();
    sums[i] = model.kind === "boosting" ? sigmoid(sum) : inUnit(sum);
  }
  return sums;
}
