import { itemAt, outOfRange } from "@mrdata/base";

/** A column as small integers, one per row: equal values have one code. A missing value is a value like any other. */
export type Codes = { readonly codes: Int32Array; readonly count: number };

/** Codes of the values that `readValue` returns for each row; null is missing. */
export function codesOf<Row>(rows: readonly Row[], readValue: (row: Row) => string | number | null): Codes {
  const known = new Map<string | number | null, number>();
  // A number and the text that writes it are one value: compared as text, once per different value.
  const asText = new Map<string, number>();
  const codes = Int32Array.from(rows, (row) => {
    const value = readValue(row);
    const before = known.get(value);
    if (before !== undefined) return before;
    const text = value === null ? "" : `=${value}`;
    const code = asText.get(text) ?? asText.size;
    asText.set(text, code);
    known.set(value, code);
    return code;
  });
  return { codes, count: asText.size };
}

/** Up to this many possible pairs per row, a table of them takes less time than a hash of those that occur. */
const PAIRS_PER_ROW = 16;

/** Codes of the pairs of both columns. */
export function joined(a: Codes, b: Codes): Codes {
  const possible = a.count * b.count;
  const known = possible <= PAIRS_PER_ROW * a.codes.length ? tableOf(possible) : new Map<number, number>();
  let count = 0;
  const codes = new Int32Array(a.codes.length);
  for (let i = 0; i < codes.length; i++) {
    const pair = (a.codes[i] ?? outOfRange()) * b.count + (b.codes[i] ?? outOfRange());
    let code = known.get(pair);
    if (code === undefined) {
      code = count++;
      known.set(pair, code);
    }
    codes[i] = code;
  }
  return { codes, count };
}

/** What a `Map` of the numbers below `size` is, as an array. */
function tableOf(size: number): Pick<Map<number, number>, "get"> & { set(key: number, code: number): void } {
  const codes = new Int32Array(size).fill(-1);
  return {
    get(key) {
      const code = codes[key] ?? outOfRange();
      return code < 0 ? undefined : code;
    },
    set(key, code) {
      codes[key] = code;
    },
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
  // Rows by score: most cells share theirs with others, and numbers alone are sorted natively.
  const places = new Map<number, number>();
  const positiveAt: number[] = [];
  const negativeAt: number[] = [];
  for (let code = 0; code < count; code++) {
    let [inAll, positiveInAll] = [0, 0];
    for (let fold = 0; fold < FOLDS; fold++) {
      inAll += rows[code * FOLDS + fold] ?? outOfRange();
      positiveInAll += positive[code * FOLDS + fold] ?? outOfRange();
    }
    if (inAll < 2) continue;
    for (let fold = 0; fold < FOLDS; fold++) {
      const cell = code * FOLDS + fold;
      const [here, positiveHere] = [rows[cell] ?? outOfRange(), positive[cell] ?? outOfRange()];
      if (here === 0 || inAll === here) continue;
      seen.rows += here;
      seen.positive += positiveHere;
      const score = (positiveInAll - positiveHere + rate) / (inAll - here + 1);
      const place = places.get(score) ?? positiveAt.length;
      places.set(score, place);
      positiveAt[place] = (positiveAt[place] ?? 0) + positiveHere;
      negativeAt[place] = (negativeAt[place] ?? 0) + here - positiveHere;
    }
  }
  let below = 0;
  let area = 0;
  for (const score of Float64Array.from(places.keys()).sort()) {
    const place = places.get(score) ?? outOfRange();
    const tiedNegative = itemAt(negativeAt, place);
    area += itemAt(positiveAt, place) * (below + tiedNegative / 2);
    below += tiedNegative;
  }
  const pairs = seen.positive * (seen.rows - seen.positive);
  return pairs === 0 || seen.rows < MIN_SEEN ? 0.5 : area / pairs;
}
