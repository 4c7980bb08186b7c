import { outOfRange } from "@mrdata/base";

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

/** With no more pairs than this a table is looked up, 16 MiB at most; with more, what occurs is hashed. */
const MAX_TABLE = 2 ** 22;

/** Codes of the pairs of both columns, numbered as they first occur. */
export const joined = (a: Codes, b: Codes): Codes => {
  const codeOf = a.count * b.count <= MAX_TABLE ? numberedByTable(a.count * b.count) : numberedByMap();
  const codes = new Int32Array(a.codes.length);
  let count = 0;
  for (let i = 0; i < codes.length; i++) {
    const pair = (a.codes[i] ?? outOfRange()) * b.count + (b.codes[i] ?? outOfRange());
    const code = codeOf(pair, count);
    if (code === count) count++;
    codes[i] = code;
  }
  return { codes, count };
};

/** The number of a pair that occurred before, else `next`. */
type Numbered = (pair: number, next: number) => number;

function numberedByTable(pairs: number): Numbered {
  // One more than the number, so that 0 is none.
  const known = new Int32Array(pairs);
  return (pair, next) => {
    const before = known[pair] ?? outOfRange();
    if (before !== 0) return before - 1;
    known[pair] = next + 1;
    return next;
  };
}

function numberedByMap(): Numbered {
  const known = new Map<number, number>();
  return (pair, next) => {
    const before = known.get(pair);
    if (before !== undefined) return before;
    known.set(pair, next);
    return next;
  };
}

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
  // Few scores differ: equal ones are summed before anything is sorted.
  const cells = new Map<number, { readonly score: number; positive: number; negative: number }>();
  for (let code = 0; code < count; code++) {
    let [inAll, positiveInAll] = [0, 0];
    for (let fold = 0; fold < FOLDS; fold++) {
      inAll += rows[code * FOLDS + fold] ?? outOfRange();
      positiveInAll += positive[code * FOLDS + fold] ?? outOfRange();
    }
    for (let fold = 0; fold < FOLDS; fold++) {
      const place = code * FOLDS + fold;
      const [here, positiveHere] = [rows[place] ?? outOfRange(), positive[place] ?? outOfRange()];
      if (here === 0 || inAll === here) continue;
      seen.rows += here;
      seen.positive += positiveHere;
      const score = (positiveInAll - positiveHere + rate) / (inAll - here + 1);
      const cell = cells.get(score);
      if (cell === undefined)
        cells.set(score, { score, positive: positiveHere, negative: here - positiveHere });
      else {
        cell.positive += positiveHere;
        cell.negative += here - positiveHere;
      }
    }
  }
  let below = 0;
  let area = 0;
  for (const cell of [...cells.values()].sort((a, b) => a.score - b.score)) {
    area += cell.positive * (below + cell.negative / 2);
    below += cell.negative;
  }
  const pairs = seen.positive * (seen.rows - seen.positive);
  return pairs === 0 || seen.rows < MIN_SEEN ? 0.5 : area / pairs;
}
