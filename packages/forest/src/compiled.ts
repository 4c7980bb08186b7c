import { outOfRange } from "@mrdata/base";
import type { TreeModel } from "./model.ts";

/**
 * A model laid out for asking. A node is four words that lie together, so that one look at memory brings all of it: at
 * 0 where the value that it compares stands in a row, at 1 the threshold, at 2 the place of its left child, at 3 its
 * answer. A leaf compares with NaN, which nothing reaches, and is its own left child: who has arrived stays.
 *
 * A row is laid out twice, first with -∞ where a value is missing and then with +∞. A node that sends what is missing to
 * the left looks at the first copy, the others at the second: going down needs no question but `value >= threshold`,
 * whose answer is added to the place of the left child. Without a jump to guess the processor does not guess wrong, which
 * is most of the time that walking a tree takes (Asadi et al. 2014, "Runtime optimizations for tree-based machine
 * learning models").
 */
export type Compiled = {
  readonly words: Int32Array;
  /** The same memory, as numbers. */
  readonly floats: Float32Array;
  /** The place of each tree's root. */
  readonly roots: Int32Array;
  /** One row, laid out twice. */
  readonly row: Float32Array;
};

const WORDS = 4;

const compiled = new WeakMap<TreeModel, Compiled>();

/** The model's layout, made when it is asked for first. A model does not change. */
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
