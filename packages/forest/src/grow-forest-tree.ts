import { outOfRange } from "@mrdata/base";
import type { Binned } from "./bin.ts";
import { type FlatTree, TreeBuilder } from "./model.ts";
import { createRandom, type Random, seedOf } from "./random.ts";

export type ForestTreeOptions = {
  readonly seed: number;
  /** Number of trees in the forest: a leaf's answer is its share of the sum. */
  readonly trees: number;
  /** The minimum sum of drawn weights in a leaf: the number of draws, where no weights are given. */
  readonly minLeaf: number;
  readonly maxDepth: number;
  /** Number of features examined for a split. */
  readonly featuresPerSplit: number;
  /** Maximum number of draws per tree; the number of rows, where that is smaller. */
  readonly maxDrawn: number;
  /** Whether each tree reports which rows it drew. */
  readonly reportDrawn: boolean;
};

/** One tree of a forest, and how often it drew each row: null unless out-of-bag answers are wanted. */
export type GrownTree = { readonly tree: FlatTree; readonly drawn: Uint16Array | null };

/** Weights are integers while growing, and two sums of them share one double: 26 bits each. */
const SHIFT = 2 ** 26;

/**
 * Grows the trees of a random forest (Breiman 2001, "Random forests") one at a time, over bins instead of values. The
 * working arrays are allocated once and reused for every tree.
 *
 * A node's histogram of a feature has, bin by bin, the weight of its rows and the weight of the positive ones. Both are
 * stored as `weight + positive · 2^26` in one double, so that a row costs one addition. Weights other than counts are
 * rounded to a grid fine enough for that: one part in 2^25 of their sum.
 */
export function forestTreeGrower(
  { rows, features, bins, cuts }: Binned,
  labels: Uint8Array,
  weights: Float64Array | null,
  options: ForestTreeOptions,
): (t: number) => GrownTree {
  const { maxDepth, featuresPerSplit } = options;
  const builder = new TreeBuilder(2 * rows + 1);
  const index = new Int32Array(rows);
  const packed = new Float64Array(rows);
  const asideIndex = new Int32Array(rows);
  const asidePacked = new Float64Array(rows);
  // Twice as many as there are bins: see `addUp`.
  const sums = new Float64Array(512);
  const occupied = new Uint8Array(256);
  const candidates = new Int32Array(features);
  const tops = Int32Array.from(cuts, ({ length }) => length + 2);
  // Pending nodes: number, start, end, depth; and their sums.
  const waiting = new Int32Array(4 * (rows + 2));
  const waitingSums = new Float64Array(rows + 2);

  return (t) => {
    const random = createRandom(seedOf(options.seed, t));
    const drawn = draw(random, rows, Math.min(rows, options.maxDrawn));
    const unit = unitOf(drawn, weights);
    const minLeaf = options.minLeaf * unit;
    // A tree must not depend on those grown before it.
    for (let k = 0; k < features; k++) candidates[k] = k;
    let count = 0;
    let all = 0;
    for (let i = 0; i < rows; i++) {
      const w = Math.round(
        (drawn[i] ?? outOfRange()) * unit * (weights === null ? 1 : (weights[i] ?? outOfRange())),
      );
      if (w === 0) continue;
      const both = labels[i] === 1 ? w + w * SHIFT : w;
      packed[count] = both;
      index[count++] = i;
      all += both;
    }
    builder.clear();
    const allPositive = Math.floor(all / SHIFT);
    waiting[0] = builder.leaf(all === 0 ? 0 : allPositive / (all - allPositive * SHIFT), count);
    waiting[1] = 0;
    waiting[2] = count;
    waiting[3] = 0;
    waitingSums[0] = all;
    for (let top = 1; top > 0; ) {
      top--;
      const node = waiting[4 * top] ?? outOfRange();
      const start = waiting[4 * top + 1] ?? outOfRange();
      const end = waiting[4 * top + 2] ?? outOfRange();
      const depth = waiting[4 * top + 3] ?? outOfRange();
      const sum = waitingSums[top] ?? outOfRange();
      const p = Math.floor(sum / SHIFT);
      const w = sum - p * SHIFT;
      if (w < 2 * minLeaf || p === 0 || p === w || depth >= maxDepth) continue;

      // Gains are compared as cross-multiplied fractions: divisions would be most of the time.
      let best = (p * p) / w + 1e-9 * w;
      let bestFeature = -1;
      let bestBin = 0;
      let bestMissingLeft = false;
      let bestLeft = 0;
      const most = w - minLeaf;
      const isSmall = end - start <= SMALL;
      for (let tried = 0; tried < features; tried++) {
        // If none of the sampled features splits, the others are tried too, one after the other.
        if (tried >= featuresPerSplit && bestFeature >= 0) break;
        const pick = tried + random.below(features - tried);
        const k = candidates[pick] ?? outOfRange();
        candidates[pick] = candidates[tried] ?? outOfRange();
        candidates[tried] = k;
        const filled = isSmall
          ? addUpFew(bins, k * rows, index, packed, start, end, sums, occupied)
          : addUp(bins, k * rows, index, packed, start, end, sums, occupied, tops[k] ?? outOfRange());
        const last = occupied[filled - 1] ?? outOfRange();
        const missing = sums[0] ?? outOfRange();
        sums[0] = 0;
        let left = 0;
        // Every cut between two bins, with missing values right and, where there are any, left.
        for (let place = missing === 0 ? 0 : 1; place < filled - 1; place++) {
          const b = occupied[place] ?? outOfRange();
          left += sums[b] ?? outOfRange();
          sums[b] = 0;
          for (let side = missing === 0 ? 1 : 0; side < 2; side++) {
            const joined = side === 0 ? left + missing : left;
            const leftP = Math.floor(joined / SHIFT);
            const leftW = joined - leftP * SHIFT;
            if (leftW < minLeaf || leftW > most) continue;
            const rightW = w - leftW;
            const rightP = p - leftP;
            const over = leftP * leftP * rightW + rightP * rightP * leftW;
            const under = leftW * rightW;
            if (over <= best * under) continue;
            best = over / under;
            bestFeature = k;
            bestBin = b;
            // Where nothing was missing, missing values will follow the majority.
            bestMissingLeft = missing === 0 ? leftW > rightW : side === 0;
            bestLeft = joined;
          }
        }
        sums[last] = 0;
        if (missing === 0 || filled === 1) continue;
        // Known against missing: every known value goes left.
        const missingP = Math.floor(missing / SHIFT);
        const missingW = missing - missingP * SHIFT;
        if (missingW < minLeaf || missingW > most) continue;
        const knownP = p - missingP;
        const gain = (missingP * missingP) / missingW + (knownP * knownP) / (w - missingW);
        if (gain <= best) continue;
        best = gain;
        bestFeature = k;
        bestBin = last;
        bestMissingLeft = false;
        bestLeft = sum - missing;
      }
      if (bestFeature < 0) continue;

      // Rows that go left keep their order at the front, the others follow in order.
      const offset = bestFeature * rows;
      let front = start;
      let kept = 0;
      for (let j = start; j < end; j++) {
        const i = index[j] ?? outOfRange();
        const both = packed[j] ?? outOfRange();
        const b = bins[offset + i] ?? outOfRange();
        if (b === 0 ? bestMissingLeft : b <= bestBin) {
          index[front] = i;
          packed[front++] = both;
        } else {
          asideIndex[kept] = i;
          asidePacked[kept++] = both;
        }
      }
      for (let j = 0; j < kept; j++) {
        index[front + j] = asideIndex[j] ?? outOfRange();
        packed[front + j] = asidePacked[j] ?? outOfRange();
      }
      const leftP = Math.floor(bestLeft / SHIFT);
      const leftW = bestLeft - leftP * SHIFT;
      const left = builder.leaf(leftP / leftW, front - start);
      const right = builder.leaf((p - leftP) / (w - leftW), end - front);
      const edges = cuts[bestFeature] ?? new Float32Array();
      // Beyond the last cut there is no larger value to compare with: every known value is below the largest.
      const threshold = bestBin <= edges.length ? (edges[bestBin - 1] ?? LARGEST) : LARGEST;
      builder.split(node, bestFeature, threshold, bestMissingLeft, left);
      waiting[4 * top] = right;
      waiting[4 * top + 1] = front;
      waiting[4 * top + 2] = end;
      waiting[4 * top + 3] = depth + 1;
      waitingSums[top++] = sum - bestLeft;
      waiting[4 * top] = left;
      waiting[4 * top + 1] = start;
      waiting[4 * top + 2] = front;
      waiting[4 * top + 3] = depth + 1;
      waitingSums[top++] = bestLeft;
    }
    return { tree: builder.finish(1 / options.trees, "squared"), drawn: options.reportDrawn ? drawn : null };
  };
}

/** Nodes with this few rows leave most bins empty. */
const SMALL = 96;

/**
 * Adds a node's rows to the bins of one feature, which are below `top`; lists the non-empty bins in `occupied` and
 * returns their number.
 */
function addUp(
  bins: Uint8Array,
  offset: number,
  index: Int32Array,
  packed: Float64Array,
  start: number,
  end: number,
  sums: Float64Array,
  occupied: Uint8Array,
  top: number,
): number {
  // Two rows at a time into separate halves: an addition to a bin need not wait for the one before it.
  let j = start;
  for (; j + 1 < end; j += 2) {
    const b = bins[offset + (index[j] ?? outOfRange())] ?? outOfRange();
    const c = 256 + (bins[offset + (index[j + 1] ?? outOfRange())] ?? outOfRange());
    sums[b] = (sums[b] ?? outOfRange()) + (packed[j] ?? outOfRange());
    sums[c] = (sums[c] ?? outOfRange()) + (packed[j + 1] ?? outOfRange());
  }
  if (j < end) {
    const b = bins[offset + (index[j] ?? outOfRange())] ?? outOfRange();
    sums[b] = (sums[b] ?? outOfRange()) + (packed[j] ?? outOfRange());
  }
  let filled = 0;
  for (let b = 0; b < top; b++) {
    const sum = (sums[b] ?? outOfRange()) + (sums[b + 256] ?? outOfRange());
    if (sum === 0) continue;
    sums[b] = sum;
    sums[b + 256] = 0;
    occupied[filled++] = b;
  }
  return filled;
}

/** The same for few rows: non-empty bins are tracked as bits, so that empty ones are skipped. */
function addUpFew(
  bins: Uint8Array,
  offset: number,
  index: Int32Array,
  packed: Float64Array,
  start: number,
  end: number,
  sums: Float64Array,
  occupied: Uint8Array,
): number {
  for (let j = start; j < end; j++) {
    const b = bins[offset + (index[j] ?? outOfRange())] ?? outOfRange();
    bits[b >> 5] = (bits[b >> 5] ?? outOfRange()) | (1 << b);
    sums[b] = (sums[b] ?? outOfRange()) + (packed[j] ?? outOfRange());
  }
  let filled = 0;
  for (let word = 0; word < 8; word++) {
    let left = bits[word] ?? outOfRange();
    bits[word] = 0;
    for (; left !== 0; left &= left - 1) occupied[filled++] = 32 * word + 31 - Math.clz32(left & -left);
  }
  return filled;
}

const bits = new Int32Array(8);

/** Draws this many rows with replacement: how often each was drawn. */
function draw(random: Random, rows: number, draws: number): Uint16Array {
  const drawn = new Uint16Array(rows);
  for (let i = 0; i < draws; i++) {
    const row = random.below(rows);
    drawn[row] = (drawn[row] ?? outOfRange()) + 1;
  }
  return drawn;
}

/** The integer that represents a weight of one: 1 for counts, else as fine as the sums allow. */
function unitOf(drawn: Uint16Array, weights: Float64Array | null): number {
  if (weights === null) return 1;
  let sum = 0;
  for (let i = 0; i < drawn.length; i++) sum += (drawn[i] ?? outOfRange()) * (weights[i] ?? outOfRange());
  return sum === 0 ? 1 : 2 ** 25 / sum;
}

/** The largest float32: JSON has no infinity. */
const LARGEST = 3.4028234663852886e38;
