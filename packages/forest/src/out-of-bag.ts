import { outOfRange } from "@mrdata/base";
import { compiledOf } from "./compiled.ts";
import type { TreeModel } from "./model.ts";

/** Rows per block: their values and one tree's nodes stay in the processor's cache. */
const BLOCK = 256;

/**
 * For each row, the mean of the trees that did not draw it (Breiman 1996, "Out-of-bag estimation"), NaN where there is
 * none. `order` maps the drawn rows' indexes to rows of the columns.
 */
export function outOfBag(
  model: TreeModel,
  columns: readonly Float32Array[],
  order: Int32Array,
  drawn: readonly Uint16Array[],
): Float64Array {
  const { words, floats, roots } = compiledOf(model);
  const { features } = model;
  const rows = order.length;
  const width = 2 * features;
  const block = new Float32Array(BLOCK * width);
  const sums = new Float64Array(BLOCK);
  const counts = new Int32Array(BLOCK);
  const unseen = new Int32Array(BLOCK + 1);
  const answers = new Float64Array(rows).fill(Number.NaN);
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start);
    for (const [k, column] of columns.entries())
      for (let i = 0; i < count; i++) {
        const x = column[order[start + i] ?? outOfRange()] ?? outOfRange();
        const isMissing = Number.isNaN(x);
        block[i * width + k] = isMissing ? Number.NEGATIVE_INFINITY : x;
        block[i * width + features + k] = isMissing ? Number.POSITIVE_INFINITY : x;
      }
    sums.fill(0);
    counts.fill(0);
    for (let t = 0; t < roots.length; t++) {
      const seen = drawn[t] ?? new Uint16Array();
      const root = roots[t] ?? outOfRange();
      let some = 0;
      for (let i = 0; i < count; i++) if (seen[start + i] === 0) unseen[some++] = i;
      // Two rows interleaved: while one waits for memory the other goes on.
      for (let place = 0; place < some; place += 2) {
        const one = unseen[place] ?? outOfRange();
        const other = unseen[place + 1 < some ? place + 1 : place] ?? outOfRange();
        const rowA = one * width;
        const rowB = other * width;
        let a = root;
        let b = root;
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
          if (((nextA ^ a) | (nextB ^ b)) === 0) break;
          a = nextA;
          b = nextB;
        }
        sums[one] = (sums[one] ?? outOfRange()) + (floats[a + 3] ?? outOfRange());
        counts[one] = (counts[one] ?? outOfRange()) + 1;
        if (other === one) continue;
        sums[other] = (sums[other] ?? outOfRange()) + (floats[b + 3] ?? outOfRange());
        counts[other] = (counts[other] ?? outOfRange()) + 1;
      }
    }
    for (let i = 0; i < count; i++) {
      const trees = counts[i] ?? outOfRange();
      // A leaf's value is its share of the forest's sum.
      if (trees > 0)
        answers[order[start + i] ?? outOfRange()] = Math.min(
          1,
          ((sums[i] ?? outOfRange()) * roots.length) / trees,
        );
    }
  }
  return answers;
}
