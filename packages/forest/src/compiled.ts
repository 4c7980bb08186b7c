import { outOfRange } from "@mrdata/base";
import type { TreeModel } from "./model.ts";

/**
 * A model laid out for scoring. A node is four adjacent words, so that one memory access brings all of it: at 0 the
 * position in a row of the value that it compares, at 1 the threshold, at 2 the position of its left child, at 3 its
 * answer. A leaf compares with NaN, which nothing reaches, and is its own left child: a row that has arrived stays.
 *
 * A row is laid out twice, first with -∞ for a missing value and then with +∞. A node that sends missing values to the
 * left reads the first copy, the others the second: descending needs no branch but `value >= threshold`, whose result
 * is added to the position of the left child. Without a branch there are no mispredictions, which are most of the time
 * of walking a tree (Asadi et al. 2014, "Runtime optimizations for tree-based machine learning models").
 */
export type Compiled = {
  readonly words: Int32Array;
  /** The same memory as floats. */
  readonly floats: Float32Array;
  /** The position of each tree's root. */
  readonly roots: Int32Array;
  /** One row, laid out twice. */
  readonly row: Float32Array;
};

const WORDS = 4;

const compiled = new WeakMap<TreeModel, Compiled>();

/** The model's layout, created on first use. A model does not change. */
export function compiledOf(model: TreeModel): Compiled {
  const known = compiled.get(model);
  if (known !== undefined) return known;
  const made = compile(model);
  compiled.set(model, made);
  return made;
}

function compile({ roots, feature, threshold, left, defaultLeft, value, features }: TreeModel): Compiled {
  const memory = new ArrayBuffer(4 * WORDS * feature.length);
  const words = new Int32Array(memory);
  const floats = new Float32Array(memory);
  for (let n = 0; n < feature.length; n++) {
    const at = WORDS * n;
    const k = feature[n] ?? -1;
    const isLeaf = k < 0;
    words[at] = isLeaf ? 0 : defaultLeft[n] === 1 ? k : features + k;
    floats[at + 1] = isLeaf ? Number.NaN : (threshold[n] ?? outOfRange());
    words[at + 2] = isLeaf ? at : WORDS * (left[n] ?? outOfRange());
    floats[at + 3] = value[n] ?? outOfRange();
  }
  return { words, floats, roots: roots.map((root) => WORDS * root), row: new Float32Array(2 * features) };
}
