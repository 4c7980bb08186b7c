import type { TreeModel } from "./model.ts";

/**
 * For each row, the mean of the trees that did not draw it (Breiman 1996, "Out-of-bag estimation"), NaN where there is
 * none. `order` maps the drawn rows' places to rows of the columns.
 */
export function outOfBag(
  { roots, feature, threshold, left, defaultLeft, value, features }: TreeModel,
  columns: readonly Float32Array[],
  order: Int32Array,
  drawn: readonly Uint16Array[],
): Float64Array {
  const rows = order.length;
  const sums = new Float64Array(rows);
  const counts = new Int32Array(rows);
  const values = new Float32Array(rows * features);
  for (let k = 0; k < features; k++) {
    const column = columns[k] ?? new Float32Array();
    for (let i = 0; i < rows; i++) values[i * features + k] = column[order[i] ?? 0] ?? Number.NaN;
  }
  for (let t = 0; t < roots.length; t++) {
    const seen = drawn[t] ?? new Uint16Array();
    const root = roots[t] ?? 0;
    for (let i = 0; i < rows; i++) {
      if (seen[i] !== 0) continue;
      const row = i * features;
      let node = root;
      for (let k = feature[node] ?? -1; k >= 0; k = feature[node] ?? -1) {
        const x = values[row + k] ?? 0;
        const goesLeft = x < (threshold[node] ?? 0) || (Number.isNaN(x) && defaultLeft[node] === 1);
        node = (left[node] ?? 0) + (goesLeft ? 0 : 1);
      }
      sums[i] = (sums[i] ?? 0) + (value[node] ?? 0);
      counts[i] = (counts[i] ?? 0) + 1;
    }
  }
  const answers = new Float64Array(rows).fill(Number.NaN);
  for (let i = 0; i < rows; i++) {
    const count = counts[i] ?? 0;
    // A tree's leaves hold its share of the forest.
    if (count > 0) answers[order[i] ?? 0] = Math.min(1, ((sums[i] ?? 0) * roots.length) / count);
  }
  return answers;
}
