import type { Binned } from "./bin.ts";
import { type FlatTree, TreeBuilder } from "./model.ts";

export type BoostingTreeOptions = {
  readonly learningRate: number;
  readonly maxDepth: number;
  readonly maxLeaves: number;
  /** Added to the sum of second derivatives: L2 regularisation of the leaves. */
  readonly lambda: number;
  /** The least sum of second derivatives in a leaf. */
  readonly minChildWeight: number;
  /** The least gain of a split. */
  readonly minGain: number;
};

type Split = {
  feature: number;
  bin: number;
  missingLeft: boolean;
  gain: number;
  leftG: number;
  leftH: number;
};
type Open = {
  node: number;
  start: number;
  end: number;
  depth: number;
  g: number;
  h: number;
  histogram: Float64Array;
  split: Split;
};

/**
 * Grows one tree on gradients (Chen and Guestrin 2016, "XGBoost", equations 6 and 7), the leaf with the largest gain
 * first (Ke et al. 2017, "LightGBM"). The histogram of the larger child is its parent's less the smaller one's.
 * `margins` is moved on by what the tree answers for every row.
 */
export function boostingTreeGrower(
  { rows, features, bins, cuts }: Binned,
  options: BoostingTreeOptions,
): (sample: Int32Array, g: Float64Array, h: Float64Array, margins: Float64Array) => FlatTree {
  const { lambda, minChildWeight, maxDepth, maxLeaves, learningRate, minGain } = options;
  const builder = new TreeBuilder(1024);
  const offsets = new Int32Array(features + 1);
  for (let k = 0; k < features; k++) offsets[k + 1] = (offsets[k] ?? 0) + 2 * ((cuts[k]?.length ?? 0) + 2);
  const size = offsets[features] ?? 0;
  const index = new Int32Array(rows);
  const aside = new Int32Array(rows);
  const spare: Float64Array[] = [];
  const splitBins: number[] = [];

  // Row by row, where in the histogram each feature's bin is: rows are then read in one go, and neighbouring additions go
  // to different places instead of waiting for each other.
  const slots = size <= 65_536 ? new Uint16Array(rows * features) : new Uint32Array(rows * features);
  for (let k = 0; k < features; k++) {
    const base = offsets[k] ?? 0;
    for (let i = 0; i < rows; i++) slots[i * features + k] = base + 2 * (bins[k * rows + i] ?? 0);
  }

  function histogramOf(start: number, end: number, g: Float64Array, h: Float64Array): Float64Array {
    const histogram = spare.pop() ?? new Float64Array(size);
    histogram.fill(0);
    for (let j = start; j < end; j++) {
      const i = index[j] ?? 0;
      const rowG = g[i] ?? 0;
      const rowH = h[i] ?? 0;
      const until = (i + 1) * features;
      for (let k = i * features; k < until; k++) {
        const at = slots[k] ?? 0;
        histogram[at] = (histogram[at] ?? 0) + rowG;
        histogram[at + 1] = (histogram[at + 1] ?? 0) + rowH;
      }
    }
    return histogram;
  }

  function bestSplit(histogram: Float64Array, g: number, h: number): Split {
    const split: Split = { feature: -1, bin: 0, missingLeft: false, gain: minGain, leftG: 0, leftH: 0 };
    const parent = (g * g) / (h + lambda);
    // Gains are compared as fractions, multiplied out: a division for each cut would be most of the time.
    let best = minGain + parent;
    const most = h - minChildWeight;
    for (let k = 0; k < features; k++) {
      const base = offsets[k] ?? 0;
      const last = (offsets[k + 1] ?? 0) - 2;
      const missingG = histogram[base] ?? 0;
      const missingH = histogram[base + 1] ?? 0;
      const hasMissing = missingH > 0;
      let knownG = 0;
      let knownH = 0;
      // What is known, up to and with this bin, goes left; the last bin is the cut between known and missing.
      for (let at = base + 2; at <= last; at += 2) {
        const binH = histogram[at + 1] ?? 0;
        if (binH === 0) continue;
        knownG += histogram[at] ?? 0;
        knownH += binH;
        if (knownH >= minChildWeight && knownH <= most) {
          const rightG = g - knownG;
          const leftDivisor = knownH + lambda;
          const rightDivisor = h - knownH + lambda;
          const over = knownG * knownG * rightDivisor + rightG * rightG * leftDivisor;
          const under = leftDivisor * rightDivisor;
          if (over > best * under) {
            best = over / under;
            split.feature = k;
            split.bin = (at - base) >> 1;
            split.missingLeft = false;
            split.leftG = knownG;
            split.leftH = knownH;
          }
        }
        if (!hasMissing || at === last) continue;
        const leftH = knownH + missingH;
        if (leftH < minChildWeight || leftH > most) continue;
        const leftG = knownG + missingG;
        const rightG = g - leftG;
        const leftDivisor = leftH + lambda;
        const rightDivisor = h - leftH + lambda;
        const over = leftG * leftG * rightDivisor + rightG * rightG * leftDivisor;
        const under = leftDivisor * rightDivisor;
        if (over > best * under) {
          best = over / under;
          split.feature = k;
          split.bin = (at - base) >> 1;
          split.missingLeft = true;
          split.leftG = leftG;
          split.leftH = leftH;
        }
      }
    }
    split.gain = best - parent;
    return split;
  }

  const leafValue = (g: number, h: number) => (-g / (h + lambda)) * learningRate;

  return (sample, g, h, margins) => {
    builder.clear();
    splitBins.length = 0;
    index.set(sample);
    let sumG = 0;
    let sumH = 0;
    for (const i of sample) {
      sumG += g[i] ?? 0;
      sumH += h[i] ?? 0;
    }
    const root = builder.leaf(leafValue(sumG, sumH), sumH);
    const histogram = histogramOf(0, sample.length, g, h);
    const open: Open[] = [];
    const closed: Open[] = [];
    const add = (leaf: Omit<Open, "split">) => {
      const canSplit = leaf.depth < maxDepth && leaf.end - leaf.start > 1;
      const split = canSplit
        ? bestSplit(leaf.histogram, leaf.g, leaf.h)
        : { feature: -1, bin: 0, missingLeft: false, gain: 0, leftG: 0, leftH: 0 };
      (split.feature < 0 ? closed : open).push({ ...leaf, split });
    };
    add({ node: root, start: 0, end: sample.length, depth: 0, g: sumG, h: sumH, histogram });
    while (open.length > 0 && open.length + closed.length < maxLeaves) {
      let best = 0;
      for (let i = 1; i < open.length; i++)
        if ((open[i]?.split.gain ?? 0) > (open[best]?.split.gain ?? 0)) best = i;
      const [leaf] = open.splice(best, 1);
      if (leaf === undefined) break;
      const { split, start, end, depth, node } = leaf;
      const offset = split.feature * rows;
      let front = start;
      let kept = 0;
      for (let j = start; j < end; j++) {
        const i = index[j] ?? 0;
        const b = bins[offset + i] ?? 0;
        if (b === 0 ? split.missingLeft : b <= split.bin) index[front++] = i;
        else aside[kept++] = i;
      }
      for (let j = 0; j < kept; j++) index[front + j] = aside[j] ?? 0;
      const rightG = leaf.g - split.leftG;
      const rightH = leaf.h - split.leftH;
      const left = builder.leaf(leafValue(split.leftG, split.leftH), split.leftH);
      const right = builder.leaf(leafValue(rightG, rightH), rightH);
      const edges = cuts[split.feature] ?? new Float32Array();
      const threshold = split.bin <= edges.length ? (edges[split.bin - 1] ?? LARGEST) : LARGEST;
      builder.split(node, split.feature, threshold, split.missingLeft, left);
      splitBins[node] = split.bin;
      // Below the last level no histogram is needed.
      const deeper = depth + 1 < maxDepth;
      const leftIsSmall = front - start <= end - front;
      const small = deeper && (leftIsSmall ? histogramOf(start, front, g, h) : histogramOf(front, end, g, h));
      if (small)
        for (let i = 0; i < size; i++) leaf.histogram[i] = (leaf.histogram[i] ?? 0) - (small[i] ?? 0);
      const of = (isSmall: boolean) => (small && isSmall ? small : leaf.histogram);
      add({
        node: left,
        start,
        end: front,
        depth: depth + 1,
        g: split.leftG,
        h: split.leftH,
        histogram: of(leftIsSmall),
      });
      add({
        node: right,
        start: front,
        end,
        depth: depth + 1,
        g: rightG,
        h: rightH,
        histogram: of(!leftIsSmall),
      });
    }
    const tree = builder.finish(1, "logistic");
    for (const { node, start, end } of [...open, ...closed]) {
      const value = tree.value[node] ?? 0;
      for (let j = start; j < end; j++) {
        const i = index[j] ?? 0;
        margins[i] = (margins[i] ?? 0) + value;
      }
    }
    if (sample.length < rows) moveUnseen(tree, sample, margins);
    spare.push(...new Set([...open, ...closed].map(({ histogram }) => histogram)));
    return tree;
  };

  /** Rows that this tree did not learn from walk through it by their bins. */
  function moveUnseen(tree: FlatTree, sample: Int32Array, margins: Float64Array): void {
    const seen = new Uint8Array(rows);
    for (const i of sample) seen[i] = 1;
    for (let i = 0; i < rows; i++) {
      if (seen[i] === 1) continue;
      let node = 0;
      while ((tree.feature[node] ?? -1) >= 0) {
        const b = bins[(tree.feature[node] ?? 0) * rows + i] ?? 0;
        const goesLeft = b === 0 ? tree.defaultLeft[node] === 1 : b <= (splitBins[node] ?? 0);
        node = (tree.left[node] ?? 0) + (goesLeft ? 0 : 1);
      }
      margins[i] = (margins[i] ?? 0) + (tree.value[node] ?? 0);
    }
  }
}

/** The largest float32: infinity cannot be written as JSON. */
const LARGEST = 3.4028234663852886e38;
