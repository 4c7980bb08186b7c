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
  const orderedG = new Float64Array(rows);
  const orderedH = new Float64Array(rows);
  const spare: Float64Array[] = [];
  const splitBins: number[] = [];

  function histogramOf(start: number, end: number, g: Float64Array, h: Float64Array): Float64Array {
    const histogram = spare.pop() ?? new Float64Array(size);
    histogram.fill(0);
    // Gathered once, the derivatives are read in order for every feature.
    for (let j = start; j < end; j++) {
      const i = index[j] ?? 0;
      orderedG[j] = g[i] ?? 0;
      orderedH[j] = h[i] ?? 0;
    }
    for (let k = 0; k < features; k++) {
      const offset = k * rows;
      const base = offsets[k] ?? 0;
      for (let j = start; j < end; j++) {
        const at = base + 2 * (bins[offset + (index[j] ?? 0)] ?? 0);
        histogram[at] = (histogram[at] ?? 0) + (orderedG[j] ?? 0);
        histogram[at + 1] = (histogram[at + 1] ?? 0) + (orderedH[j] ?? 0);
      }
    }
    return histogram;
  }

  function bestSplit(histogram: Float64Array, g: number, h: number): Split {
    const split: Split = { feature: -1, bin: 0, missingLeft: false, gain: minGain, leftG: 0, leftH: 0 };
    const parent = (g * g) / (h + lambda);
    let bestGain = minGain;
    for (let k = 0; k < features; k++) {
      const base = offsets[k] ?? 0;
      const last = (cuts[k]?.length ?? 0) + 1;
      const missingG = histogram[base] ?? 0;
      const missingH = histogram[base + 1] ?? 0;
      const hasMissing = missingH > 0;
      let knownG = 0;
      let knownH = 0;
      // What is known, up to and with bin b, goes left; the last bin is the cut between known and missing.
      for (let b = 1; b <= last; b++) {
        const binH = histogram[base + 2 * b + 1] ?? 0;
        if (binH === 0) continue;
        knownG += histogram[base + 2 * b] ?? 0;
        knownH += binH;
        for (let side = hasMissing && b < last ? 0 : 1; side < 2; side++) {
          const leftG = side === 0 ? knownG + missingG : knownG;
          const leftH = side === 0 ? knownH + missingH : knownH;
          const rightH = h - leftH;
          if (leftH < minChildWeight || rightH < minChildWeight) continue;
          const rightG = g - leftG;
          const gain = (leftG * leftG) / (leftH + lambda) + (rightG * rightG) / (rightH + lambda) - parent;
          if (gain <= bestGain) continue;
          bestGain = gain;
          split.feature = k;
          split.bin = b;
          split.missingLeft = side === 0;
          split.gain = gain;
          split.leftG = leftG;
          split.leftH = leftH;
        }
      }
    }
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
    const root = builder.leaf(leafValue(sumG, sumH));
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
      const left = builder.leaf(leafValue(split.leftG, split.leftH));
      const right = builder.leaf(leafValue(rightG, rightH));
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
    const tree = builder.finish(1);
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
