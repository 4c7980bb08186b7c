import { outOfRange } from "@mrdata/base";

/**
 * Training rows: one Float32Array per feature, each with one entry per row; NaN is a missing value. Labels are 0 or 1,
 * weights are finite and not negative, 1 where omitted.
 */
export type TrainingData = {
  readonly columns: readonly Float32Array[];
  readonly labels: Uint8Array;
  readonly weights?: Float64Array;
};

/**
 * Columns from rows. Values are rounded to float32, like thresholds and exported models.
 *
 * @example
 * ```ts
 * columnsOf([[1, 2], [3, 4]], 2)[1]; // => Float32Array.of(2, 4)
 * columnsOf([[1]], 2); // throws RangeError
 * ```
 */
export function columnsOf(rows: readonly (readonly number[])[], features: number): readonly Float32Array[] {
  const columns = Array.from({ length: features }, () => new Float32Array(rows.length));
  for (const [i, row] of rows.entries()) {
    if (row.length !== features)
      throw new RangeError(`row ${i} has ${row.length} values, and ${features} features were announced`);
    for (const [k, column] of columns.entries()) column[i] = row[k] ?? Number.NaN;
  }
  return columns;
}

/** Throws RangeError with a sentence that says why the data is invalid for training. */
export function assertData({ columns, labels, weights }: TrainingData): void {
  const rows = labels.length;
  if (rows === 0) throw new RangeError("there are no rows to learn from");
  if (columns.length === 0) throw new RangeError("there are no features to learn from");
  for (const [k, column] of columns.entries()) {
    if (column.length !== rows)
      throw new RangeError(`feature ${k} has ${column.length} values for ${rows} labels`);
    for (let i = 0; i < rows; i++) {
      const value = column[i] ?? Number.NaN;
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
        throw new RangeError(
          `feature ${k} is infinite in row ${i}, or too large for a float32: leave it missing (NaN) or scale it`,
        );
    }
  }
  for (let i = 0; i < rows; i++)
    if ((labels[i] ?? 2) > 1) throw new RangeError(`the label of row ${i} is neither 0 nor 1`);
  if (weights === undefined) return;
  if (weights.length !== rows) throw new RangeError(`${weights.length} weights were given for ${rows} rows`);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const weight = weights[i] ?? Number.NaN;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new RangeError(`the weight of row ${i} is not a number from 0 on`);
    sum += weight;
  }
  if (sum === 0) throw new RangeError("all weights are 0: there is nothing to learn from");
}

/**
 * An order of the rows that depends only on their content, so that rows in another order give the same model: they are
 * sorted by a hash of features, label and weight, and rows with equal hashes are treated as equal.
 */
export function canonicalOrder({ columns, labels, weights }: TrainingData): Int32Array {
  const rows = labels.length;
  const high = new Int32Array(rows).fill(0x811c9dc5 | 0);
  const low = new Int32Array(rows).fill(0x01000193);
  const mix = (values: Int32Array) => {
    for (let i = 0; i < rows; i++) {
      const bits = values[i] ?? outOfRange();
      const h = Math.imul((high[i] ?? outOfRange()) ^ bits, 0x85ebca6b);
      high[i] = h ^ (h >>> 13);
      const l = Math.imul(((low[i] ?? outOfRange()) + bits) | 0, 0xc2b2ae35);
      low[i] = l ^ (l >>> 16);
    }
  };
  const values = new Float32Array(rows);
  const bits = new Int32Array(values.buffer);
  for (const column of columns) {
    // NaNs may differ in their bits; here all are one missing value.
    for (let i = 0; i < rows; i++) {
      const value = column[i] ?? outOfRange();
      values[i] = Number.isNaN(value) ? Number.NaN : value;
    }
    mix(bits);
  }
  mix(Int32Array.from(labels));
  if (weights !== undefined) {
    const halves = new Int32Array(Float64Array.from(weights).buffer);
    for (const half of [0, 1]) mix(Int32Array.from(labels, (_, i) => halves[2 * i + half] ?? outOfRange()));
  }
  // Sorted as numbers, which is much faster than with a comparison function: 31 bits of hash above 22 bits of the row's
  // index. Ties in those bits are broken by the rest of the hash.
  if (rows > MAX_ROWS)
    throw new RangeError(`${rows} rows are more than the ${MAX_ROWS} that can be learnt from`);
  const keys = new Float64Array(rows).map((_, i) => ((high[i] ?? outOfRange()) >>> 1) * MAX_ROWS + i).sort();
  const order = new Int32Array(rows).map((_, i) => (keys[i] ?? outOfRange()) % MAX_ROWS);
  for (let i = 0; i < rows; ) {
    const hash = (high[order[i] ?? outOfRange()] ?? outOfRange()) >>> 1;
    let end = i + 1;
    while (end < rows && (high[order[end] ?? outOfRange()] ?? outOfRange()) >>> 1 === hash) end++;
    if (end - i > 1)
      order.subarray(i, end).sort((a, b) => (low[a] ?? outOfRange()) - (low[b] ?? outOfRange()) || a - b);
    i = end;
  }
  return order;
}

const MAX_ROWS = 2 ** 22;
