import { outOfRange } from "@mrdata/base";
import { compiledOf } from "./compiled.ts";
import { sigmoid } from "./logistic.ts";
import type { TreeModel } from "./model.ts";
import { packedOf, sumPacked } from "./packed.ts";

/**
 * The probability of one row, NaN for missing values. Values are compared as float32. Allocates nothing, except on a
 * model's first row. Throws RangeError for a row of another width.
 */
export function score(model: TreeModel, row: Float32Array): number {
  const { features } = model;
  if (row.length !== features)
    throw new RangeError(`the row has ${row.length} values, and the model was trained on ${features}`);
  const packed = packedOf(model);
  const sum = packed === null ? sumCompiled(model, row) : sumPacked(model, packed, row);
  return model.kind === "boosting" ? sigmoid(sum) : inUnit(sum);
}

/** The sum of all trees of any size, starting with the model's base. */
function sumCompiled(model: TreeModel, row: Float32Array): number {
  const { features } = model;
  const { words, floats, roots, row: twice } = compiledOf(model);
  for (let k = 0; k < features; k++) {
    const x = row[k] ?? outOfRange();
    const isMissing = Number.isNaN(x);
    twice[k] = isMissing ? Number.NEGATIVE_INFINITY : x;
    twice[features + k] = isMissing ? Number.POSITIVE_INFINITY : x;
  }
  let sum = model.base;
  const trees = roots.length;
  // Four trees interleaved: while one waits for memory the others go on. Beyond the last tree its own root is repeated.
  for (let t = 0; t < trees; t += 4) {
    let a = roots[t] ?? outOfRange();
    let b = roots[t + 1 < trees ? t + 1 : t] ?? outOfRange();
    let c = roots[t + 2 < trees ? t + 2 : t] ?? outOfRange();
    let d = roots[t + 3 < trees ? t + 3 : t] ?? outOfRange();
    for (;;) {
      const nextA =
        (words[a + 2] ?? outOfRange()) +
        (Number((twice[words[a] ?? outOfRange()] ?? outOfRange()) >= (floats[a + 1] ?? outOfRange())) << 2);
      const nextB =
        (words[b + 2] ?? outOfRange()) +
        (Number((twice[words[b] ?? outOfRange()] ?? outOfRange()) >= (floats[b + 1] ?? outOfRange())) << 2);
      const nextC =
        (words[c + 2] ?? outOfRange()) +
        (Number((twice[words[c] ?? outOfRange()] ?? outOfRange()) >= (floats[c + 1] ?? outOfRange())) << 2);
      const nextD =
        (words[d + 2] ?? outOfRange()) +
        (Number((twice[words[d] ?? outOfRange()] ?? outOfRange()) >= (floats[d + 1] ?? outOfRange())) << 2);
      if (((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) === 0) break;
      a = nextA;
      b = nextB;
      c = nextC;
      d = nextD;
    }
    sum += floats[a + 3] ?? outOfRange();
    if (t + 1 < trees) sum += floats[b + 3] ?? outOfRange();
    if (t + 2 < trees) sum += floats[c + 3] ?? outOfRange();
    if (t + 3 < trees) sum += floats[d + 3] ?? outOfRange();
  }
  return sum;
}

/** Sums of rounded shares may leave [0, 1] by rounding. */
export const inUnit = (sum: number): number => Math.min(1, Math.max(0, sum));
