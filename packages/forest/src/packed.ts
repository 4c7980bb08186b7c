import { outOfRange } from "@mrdata/base";
import type { TreeModel } from "./model.ts";

/**
 * A model of small trees laid out for scoring one row at a time: a node is one word, so that hundreds of trees stay in
 * the processor's first-level cache.
 *
 * A row's values are first replaced by their ranks: how many of the model's thresholds for that feature they reach. A
 * node then compares two small integers, and its word contains everything, from the lowest bit on: 12 bits for the
 * position of the rank, 10 bits for the threshold's rank, 10 bits for the offset of its left child. A leaf has offset 0
 * and compares with a rank that nothing reaches: a row that has arrived stays. As in `Compiled` a row is laid out
 * twice, once for nodes that send missing values to the left and once for the others.
 */
export type Packed = {
  readonly words: Int32Array;
  /** The roots, the last one repeated up to a multiple of eight. */
  readonly roots: Int32Array;
  readonly trees: number;
  /** The features used by any node. */
  readonly used: Int32Array;
  /** Thresholds, ascending; those of feature k are at `starts[k]` to before `starts[k + 1]`. */
  readonly edges: Float32Array;
  readonly starts: Int32Array;
  /** One row's ranks, laid out twice, shifted to their position in a word. */
  readonly ranks: Int32Array;
};

const TREES_PER_PASS = 8;
const PLACE = 0xfff;
const COMPARED = 0x3fffff;
const RANK_SHIFT = 12;
const CHILD_SHIFT = 22;
/** The rank of a missing value where it goes right, and a leaf's threshold: nothing is above it. */
const HIGHEST = 0x3ff;
const MISSING_RIGHT = HIGHEST << RANK_SHIFT;

const packed = new WeakMap<TreeModel, Packed | null>();

/** The model's layout, created on first use; null for a model with too many nodes or thresholds. */
export function packedOf(model: TreeModel): Packed | null {
  const known = packed.get(model);
  if (known !== undefined) return known;
  const made = pack(model);
  packed.set(model, made);
  return made;
}

function pack({ roots, feature, threshold, left, defaultLeft, features }: TreeModel): Packed | null {
  if (2 * features > PLACE + 1 || roots.length === 0) return null;
  const known = Array.from({ length: features }, () => new Set<number>());
  for (let n = 0; n < feature.length; n++) {
    const k = feature[n] ?? -1;
    if (k < 0) continue;
    known[k]?.add(threshold[n] ?? outOfRange());
    if ((left[n] ?? outOfRange()) - n > HIGHEST || (left[n] ?? outOfRange()) <= n) return null;
  }
  // A threshold's rank is its index, and a value's the number that it reaches: both are below the highest.
  if (known.some(({ size }) => size >= HIGHEST)) return null;
  const sorted = known.map((values) => Float32Array.from(values).sort());
  const starts = new Int32Array(features + 1);
  for (const [k, { length }] of sorted.entries()) starts[k + 1] = (starts[k] ?? outOfRange()) + length;
  const edges = new Float32Array(starts[features] ?? outOfRange());
  for (const [k, values] of sorted.entries()) edges.set(values, starts[k]);
  const ranks = sorted.map((values) => new Map(Array.from(values, (value, rank) => [value, rank])));
  const words = Int32Array.from(feature, (k, n) => {
    if (k < 0) return HIGHEST << RANK_SHIFT;
    const rank = ranks[k]?.get(threshold[n] ?? outOfRange()) ?? outOfRange();
    const place = defaultLeft[n] === 1 ? k : features + k;
    return (((left[n] ?? outOfRange()) - n) << CHILD_SHIFT) | (rank << RANK_SHIFT) | place;
  });
  const whole = TREES_PER_PASS * Math.ceil(roots.length / TREES_PER_PASS);
  return {
    words,
    roots: Int32Array.from({ length: whole }, (_, t) => roots[Math.min(t, roots.length - 1)] ?? outOfRange()),
    trees: roots.length,
    used: Int32Array.from(sorted.keys()).filter((k) => (sorted[k]?.length ?? outOfRange()) > 0),
    edges,
    starts,
    ranks: new Int32Array(2 * features),
  };
}

/**
 * The sum of all trees for one row, in their order, starting with the model's base. Eight trees interleaved: while one
 * waits for memory the others go on. Allocates nothing.
 */
export function sumPacked({ base, value, features }: TreeModel, packed: Packed, row: Float32Array): number {
  const { words, roots, trees, ranks } = packed;
  rank(packed, row, features);
  let sum = base;
  for (let t = 0; t < trees; t += TREES_PER_PASS) {
    let a = roots[t] ?? outOfRange();
    let b = roots[t + 1] ?? outOfRange();
    let c = roots[t + 2] ?? outOfRange();
    let d = roots[t + 3] ?? outOfRange();
    let e = roots[t + 4] ?? outOfRange();
    let f = roots[t + 5] ?? outOfRange();
    let g = roots[t + 6] ?? outOfRange();
    let h = roots[t + 7] ?? outOfRange();
    for (;;) {
      const wordA = words[a] ?? outOfRange();
      const wordB = words[b] ?? outOfRange();
      const wordC = words[c] ?? outOfRange();
      const wordD = words[d] ?? outOfRange();
      const wordE = words[e] ?? outOfRange();
      const wordF = words[f] ?? outOfRange();
      const wordG = words[g] ?? outOfRange();
      const wordH = words[h] ?? outOfRange();
      // All have arrived if none has a child.
      if ((wordA | wordB | wordC | wordD | wordE | wordF | wordG | wordH) >>> CHILD_SHIFT === 0) break;
      // Moves to the left child, or to the right one next to it if the node's rank is below the row's: the difference
      // of the two then has its highest bit set. Written out, because a function call takes half as long again.
      a += (wordA >>> CHILD_SHIFT) + (((wordA & COMPARED) - (ranks[wordA & PLACE] ?? outOfRange())) >>> 31);
      b += (wordB >>> CHILD_SHIFT) + (((wordB & COMPARED) - (ranks[wordB & PLACE] ?? outOfRange())) >>> 31);
      c += (wordC >>> CHILD_SHIFT) + (((wordC & COMPARED) - (ranks[wordC & PLACE] ?? outOfRange())) >>> 31);
      d += (wordD >>> CHILD_SHIFT) + (((wordD & COMPARED) - (ranks[wordD & PLACE] ?? outOfRange())) >>> 31);
      e += (wordE >>> CHILD_SHIFT) + (((wordE & COMPARED) - (ranks[wordE & PLACE] ?? outOfRange())) >>> 31);
      f += (wordF >>> CHILD_SHIFT) + (((wordF & COMPARED) - (ranks[wordF & PLACE] ?? outOfRange())) >>> 31);
      g += (wordG >>> CHILD_SHIFT) + (((wordG & COMPARED) - (ranks[wordG & PLACE] ?? outOfRange())) >>> 31);
      h += (wordH >>> CHILD_SHIFT) + (((wordH & COMPARED) - (ranks[wordH & PLACE] ?? outOfRange())) >>> 31);
    }
    sum += value[a] ?? outOfRange();
    if (t + 1 < trees) sum += value[b] ?? outOfRange();
    if (t + 2 < trees) sum += value[c] ?? outOfRange();
    if (t + 3 < trees) sum += value[d] ?? outOfRange();
    if (t + 4 < trees) sum += value[e] ?? outOfRange();
    if (t + 5 < trees) sum += value[f] ?? outOfRange();
    if (t + 6 < trees) sum += value[g] ?? outOfRange();
    if (t + 7 < trees) sum += value[h] ?? outOfRange();
  }
  return sum;
}

/** Computes the ranks of a row's values: by branch-free bisection. */
function rank({ used, edges, starts, ranks }: Packed, row: Float32Array, features: number): void {
  for (let u = 0; u < used.length; u++) {
    const k = used[u] ?? outOfRange();
    const x = row[k] ?? outOfRange();
    if (Number.isNaN(x)) {
      ranks[k] = 0;
      ranks[features + k] = MISSING_RIGHT;
      continue;
    }
    const start = starts[k] ?? outOfRange();
    let at = start;
    for (let left = (starts[k + 1] ?? outOfRange()) - start; left > 0; ) {
      const half = (left + 1) >> 1;
      at += Number(x >= (edges[at + half - 1] ?? outOfRange())) * half;
      left -= half;
    }
    ranks[k] = (at - start) << RANK_SHIFT;
    ranks[features + k] = (at - start) << RANK_SHIFT;
  }
}
