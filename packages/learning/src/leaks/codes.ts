import { itemAt, outOfRange } from "@mrdata/base";

/** A column as small integers, one per row: equal values have one code. A missing value is a value like any other. */
export type Codes = { readonly codes: Int32Array; readonly count: number };

/** Codes of the values that `readValue` returns for each row; null is missing. */
export function codesOf<Row>(rows: readonly Row[], readValue: (row: Row) => string | number | null): Codes {
  const known = new Map<string, number>();
  const codes = Int32Array.from(rows, (row) => {
    const value = readValue(row);
    const name = value === null ? "" : `=${value}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, known.size);
    return known.size - 1;
  });
  return { codes, count: known.size };
}

/** Codes of the pairs of both columns. */
export const joined = (a: Codes, b: Codes): Codes => {
  const known = new Map<number, number>();
  const codes = Int32Array.from(a.codes, (code, i) => {
    const pair = code * b.count + (b.codes[i] ?? outOfRange());
    const before = known.get(pair);
    if (before !== undefined) return before;
    known.set(pair, known.size);
    return known.size - 1;
  });
  return { codes, count: known.size };
};

const MAX_BINS = 100;
const ROWS_OF_A_BIN = 15;

/** Numbers in quantile bins of equally many rows; NaN is a bin of its own. */
export function quantileCodes(numbers: Float64Array, maxBins = MAX_BINS): Codes {
  const sorted = numbers.filter((number) => !Number.isNaN(number)).sort();
  const bins = Math.min(maxBins, Math.floor(sorted.length / ROWS_OF_A_BIN));
  if (bins < 2) return { codes: new Int32Array(numbers.length), count: 1 };
  const edges = Float64Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)] ?? outOfRange(),
  );
  const codes = Int32Array.from(numbers, (number) => {
    if (Number.isNaN(number)) return bins;
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle] ?? outOfRange()) <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  });
  return { codes, count: bins + 1 };
}

const FOLDS = 5;
/** With fewer rows whose code also occurs in other folds nothing can be concluded. */
const MIN_SEEN = 50;

/**
 * How well codes predict a label (1 or 0; -1 is unknown) by the rate of each in the other folds: the area under the ROC
 * curve over the rows whose code also occurs in other folds. Unique codes are excluded, so that many values alone do
 * not count as knowledge; .5 where hardly any recur. O(rows · log rows).
 */
export function aucOfCodes({ codes, count }: Codes, labels: Int8Array): number {
  const rows = new Float64Array(count * FOLDS);
  const positive = new Float64Array(count * FOLDS);
  const all = { rows: 0, positive: 0 };
  const seen = { rows: 0, positive: 0 };
  for (let i = 0; i < codes.length; i++) {
    const label = labels[i] ?? -1;
    if (label < 0) continue;
    const cell = (codes[i] ?? outOfRange()) * FOLDS + (i % FOLDS);
    rows[cell] = (rows[cell] ?? outOfRange()) + 1;
    positive[cell] = (positive[cell] ?? outOfRange()) + label;
    all.rows++;
    all.positive += label;
  }
  const rate = all.positive / Math.max(1, all.rows);
  const cells: { readonly score: number; readonly positive: number; readonly negative: number }[] = [];
  for (let code = 0; code < count; code++) {
    let [inAll, positiveInAll] = [0, 0];
    for (let fold = 0; fold < FOLDS; fold++) {
      inAll += rows[code * FOLDS + fold] ?? outOfRange();
      positiveInAll += positive[code * FOLDS + fold] ?? outOfRange();
    }
    for (let fold = 0; fold < FOLDS; fold++) {
      const cell = code * FOLDS + fold;
      const [here, positiveHere] = [rows[cell] ?? outOfRange(), positive[cell] ?? outOfRange()];
      if (here === 0 || inAll === here) continue;
      seen.rows += here;
      seen.positive += positiveHere;
      const score = (positiveInAll - positiveHere + rate) / (inAll - here + 1);
      cells.push({ score, positive: positiveHere, negative: here - positiveHere });
    }
  }
  cells.sort((a, b) => a.score - b.score);
  let below = 0;
  let area = 0;
  for (let i = 0; i < cells.length; ) {
    let [tiedPositive, tiedNegative] = [0, 0];
    const { score } = itemAt(cells, i);
    for (; i < cells.length && cells[i]?.score === score; i++) {
      tiedPositive += cells[i]?.positive ?? outOfRange();
      tiedNegative += cells[i]?.negative ?? outOfRange();
    }
    area += tiedPositive * (below + tiedNegative / 2);
    below += tiedNegative;
  }
  const pairs = seen.positive * (seen.rows - seen.positive);
  return pairs === 0 || seen.rows < MIN_SEEN ? 0.5 : area / pairs;
}
