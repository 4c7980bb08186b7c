import { outOfRange } from "@mrdata/base";

/** Bin 0 is "missing"; a value is in bin 1 + (the number of cuts that it reaches). */
const MISSING_BIN = 0;
/** Maximum number of bins of values: with the one for missing values they fit in a byte. */
export const MAX_BINS = 255;
/**
 * A compromise between accuracy and speed: splits beyond 64 quantiles made no difference distinguishable from the
 * seed's.
 */
export const DEFAULT_BINS = 64;

export type Binned = {
  readonly rows: number;
  readonly features: number;
  /** Column by column: feature k's bin of row i is at k · rows + i. */
  readonly bins: Uint8Array;
  /** The cuts of each feature, ascending: values below cut c are left of it. */
  readonly cuts: readonly Float32Array[];
};

/**
 * Cuts that divide a column into at most `most` bins of about equally many values; between neighbouring distinct values
 * where there are few (Ke et al. 2017, "LightGBM", section 2.1: histogram-based split finding).
 */
function cutsOf(column: Float32Array, most: number): Float32Array {
  const sorted = sortedValues(column);
  const cuts: number[] = [];
  const between = (a: number, b: number): number => {
    const middle = Math.fround(a / 2 + b / 2);
    return middle > a && middle <= b ? middle : b;
  };
  const distinct: number[] = [];
  for (const value of sorted) {
    if (distinct.length > most) break;
    if (distinct.length === 0 || value !== distinct[distinct.length - 1]) distinct.push(value);
  }
  if (distinct.length <= most) {
    for (let i = 1; i < distinct.length; i++)
      cuts.push(between(distinct[i - 1] ?? outOfRange(), distinct[i] ?? outOfRange()));
    return Float32Array.from(cuts);
  }
  for (let i = 1; i < most; i++) {
    const at = Math.floor((i * sorted.length) / most);
    const value = sorted[at] ?? outOfRange();
    // The next smaller value, so that the cut lies between two that occur.
    let before = at - 1;
    while (before >= 0 && sorted[before] === value) before--;
    if (before < 0) continue;
    const cut = between(sorted[before] ?? outOfRange(), value);
    if (cuts.length === 0 || cut > (cuts[cuts.length - 1] ?? outOfRange())) cuts.push(cut);
  }
  return Float32Array.from(cuts);
}

/**
 * The non-missing values of a column, ascending. A radix sort of their bits, eleven at a time, which for floats with
 * the sign flipped are in numeric order (Herf 2001, "Radix tricks").
 */
function sortedValues(column: Float32Array): Float32Array {
  let keys = new Uint32Array(column.length);
  const given = new Uint32Array(column.buffer, column.byteOffset, column.length);
  let count = 0;
  for (let i = 0; i < column.length; i++) {
    if (Number.isNaN(column[i] ?? outOfRange())) continue;
    const bits = given[i] ?? outOfRange();
    keys[count++] = bits >>> 31 === 1 ? ~bits : bits | 0x8000_0000;
  }
  keys = keys.subarray(0, count);
  let other = new Uint32Array(count);
  for (let shift = 0; shift < 32; shift += 11) {
    const places = new Int32Array(2049);
    for (let i = 0; i < count; i++) {
      const digit = ((keys[i] ?? outOfRange()) >>> shift) & 2047;
      places[digit + 1] = (places[digit + 1] ?? outOfRange()) + 1;
    }
    for (let digit = 0; digit < 2048; digit++)
      places[digit + 1] = (places[digit + 1] ?? outOfRange()) + (places[digit] ?? outOfRange());
    for (let i = 0; i < count; i++) {
      const key = keys[i] ?? outOfRange();
      const digit = (key >>> shift) & 2047;
      const place = places[digit] ?? outOfRange();
      places[digit] = place + 1;
      other[place] = key;
    }
    [keys, other] = [other, keys];
  }
  for (let i = 0; i < count; i++) {
    const key = keys[i] ?? outOfRange();
    keys[i] = key >>> 31 === 1 ? key & 0x7fff_ffff : ~key;
  }
  return new Float32Array(keys.buffer, keys.byteOffset, count);
}

/** Bins the columns, with the rows in the given order. `shared` allocates memory that workers can read. */
export function bin(
  columns: readonly Float32Array[],
  order: Int32Array,
  most: number,
  { shared = false }: { readonly shared?: boolean } = {},
): Binned {
  const rows = order.length;
  const features = columns.length;
  const size = rows * features;
  const bins = shared ? new Uint8Array(new SharedArrayBuffer(size)) : new Uint8Array(size);
  const cuts = columns.map((column) => cutsOf(column, most));
  for (const [k, column] of columns.entries()) {
    const edges = cuts[k] ?? new Float32Array();
    const start = k * rows;
    for (let i = 0; i < rows; i++)
      bins[start + i] = binOf(column[order[i] ?? outOfRange()] ?? outOfRange(), edges);
  }
  return { rows, features, bins, cuts };
}

/** 1 + the number of cuts that the value reaches, by bisection. */
function binOf(value: number, cuts: Float32Array): number {
  if (Number.isNaN(value)) return MISSING_BIN;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (cuts[middle] ?? outOfRange())) high = middle;
    else low = middle + 1;
  }
  return 1 + low;
}
