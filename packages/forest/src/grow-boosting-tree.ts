import { outOfRange } from "@mrdata/base";
import type { Binned } from "./bin.ts";
import { type FlatTree, TreeBuilder } from "./model.ts";

export type BoostingTreeOptions = {
  readonly learningRate: number;
  readonly maxDepth: number;
  readonly maxLeaves: number;
  /** Added to the sum of second derivatives: L2 regularisation of the leaves. */
  readonly lambda: number;
  /** The minimum sum of second derivatives in a leaf. */
  readonly minChildWeight: number;
  /** The minimum gain of a split. */
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
  /** Null for a node that is not split further. */
  histogram: Float64Array | null;
  split: Split;
};

/**
 * Grows one tree on gradients (Chen and Guestrin 2016, "XGBoost", equations 6 and 7), the leaf with the largest gain
 * first (Ke et al. 2017, "LightGBM"). The histogram of the larger child is its parent's minus the smaller one's. None
 * is computed for nodes that cannot be split, nor for features that are constant over all rows: with few rows these are
 * most of the work. The tree's answers are added to `margins`.
 */
export function boostingTreeGrower(
  { rows, features, bins, cuts }: Binned,
  options: BoostingTreeOptions,
): (sample: Int32Array, g: Float64Array, h: Float64Array, margins: Float64Array) => FlatTree {
  const { lambda, minChildWeight, maxDepth, maxLeaves, learningRate, minGain } = options;
  const builder = new TreeBuilder(1024);
  const varying = varyingFeatures({ rows, features, bins, cuts });
  const width = varying.length;
  /** The histogram offset of each varying feature. */
  const offsets = new Int32Array(width + 1);
  for (let v = 0; v < width; v++)
    offsets[v + 1] =
      (offsets[v] ?? outOfRange()) + 2 * ((cuts[varying[v] ?? outOfRange()]?.length ?? outOfRange()) + 2);
  const size = offsets[width] ?? outOfRange();
  const index = new Int32Array(rows);
  const aside = new Int32Array(rows);
  const spare: Float64Array[] = [];
  const splitBins: number[] = [];

  // By row: the histogram slot of each feature's bin. Rows are then read sequentially, and consecutive additions go to
  // different slots instead of waiting for each other.
  const slots = size <= 65_536 ? new Uint16Array(rows * width) : new Uint32Array(rows * width);
  for (let v = 0; v < width; v++) {
    const base = offsets[v] ?? outOfRange();
    const column = (varying[v] ?? outOfRange()) * rows;
    for (let i = 0; i < rows; i++) slots[i * width + v] = base + 2 * (bins[column + i] ?? outOfRange());
  }

  function histogramOf(start: number, end: number, g: Float64Array, h: Float64Array): Float64Array {
    const histogram = spare.pop() ?? new Float64Array(size);
    histogram.fill(0);
    for (let j = start; j < end; j++) {
      const i = index[j] ?? outOfRange();
      const rowG = g[i] ?? outOfRange();
      const rowH = h[i] ?? outOfRange();
      const until = (i + 1) * width;
      for (let k = i * width; k < until; k++) {
        const at = slots[k] ?? outOfRange();
        histogram[at] = (histogram[at] ?? outOfRange()) + rowG;
        histogram[at + 1] = (histogram[at + 1] ?? outOfRange()) + rowH;
      }
    }
    return histogram;
  }

  /** The larger child's histogram, computed in its parent's memory. */
  function subtract(parent: Float64Array, small: Float64Array): Float64Array {
    for (let i = 0; i < size; i++) parent[i] = (parent[i] ?? outOfRange()) - (small[i] ?? outOfRange());
    return parent;
  }

  /** False where every split would leave too little on one side, or exceed the maximum depth. */
  const canSplit = ({ start, end, depth, h }: Pick<Open, "start" | "end" | "depth" | "h">): boolean =>
    depth < maxDepth && end - start > 1 && h - minChildWeight >= minChildWeight;

  function bestSplit(histogram: Float64Array, g: number, h: number): Split {
    const split = noSplit();
    const parent = (g * g) / (h + lambda);
    // Gains are compared as cross-multiplied fractions: a division for each cut would be most of the time.
    let best = minGain + parent;
    const most = h - minChildWeight;
    for (let v = 0; v < width; v++) {
      const k = varying[v] ?? outOfRange();
      const base = offsets[v] ?? outOfRange();
      const last = (offsets[v + 1] ?? outOfRange()) - 2;
      const missingG = histogram[base] ?? outOfRange();
      const missingH = histogram[base + 1] ?? outOfRange();
      const hasMissing = missingH > 0;
      let knownG = 0;
      let knownH = 0;
      // Known values up to and including this bin go left; the last bin is the cut between known and missing.
      for (let at = base + 2; at <= last; at += 2) {
        const binH = histogram[at + 1] ?? outOfRange();
        if (binH === 0) continue;
        knownG += histogram[at] ?? outOfRange();
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
      sumG += g[i] ?? outOfRange();
      sumH += h[i] ?? outOfRange();
    }
    const root = builder.leaf(leafValue(sumG, sumH), sumH);
    const open: Open[] = [];
    const closed: Open[] = [];
    const add = (leaf: Omit<Open, "split" | "histogram">, histogram: Float64Array | null) => {
      const split = histogram === null ? noSplit() : bestSplit(histogram, leaf.g, leaf.h);
      (split.feature < 0 ? closed : open).push({ ...leaf, histogram, split });
    };
    const whole = { node: root, start: 0, end: sample.length, depth: 0, g: sumG, h: sumH };
    add(whole, canSplit(whole) ? histogramOf(0, sample.length, g, h) : null);
    while (open.length > 0 && open.length + closed.length < maxLeaves) {
      let best = 0;
      for (let i = 1; i < open.length; i++)
        if ((open[i]?.split.gain ?? outOfRange()) > (open[best]?.split.gain ?? outOfRange())) best = i;
      const [leaf] = open.splice(best, 1);
      if (leaf === undefined) break;
      const { split, start, end, depth, node } = leaf;
      const offset = split.feature * rows;
      let front = start;
      let kept = 0;
      for (let j = start; j < end; j++) {
        const i = index[j] ?? outOfRange();
        const b = bins[offset + i] ?? outOfRange();
        if (b === 0 ? split.missingLeft : b <= split.bin) index[front++] = i;
        else aside[kept++] = i;
      }
      for (let j = 0; j < kept; j++) index[front + j] = aside[j] ?? outOfRange();
      const rightG = leaf.g - split.leftG;
      const rightH = leaf.h - split.leftH;
      const left = builder.leaf(leafValue(split.leftG, split.leftH), split.leftH);
      const right = builder.leaf(leafValue(rightG, rightH), rightH);
      const edges = cuts[split.feature] ?? new Float32Array();
      const threshold = split.bin <= edges.length ? (edges[split.bin - 1] ?? LARGEST) : LARGEST;
      builder.split(node, split.feature, threshold, split.missingLeft, left);
      splitBins[node] = split.bin;
      const below = depth + 1;
      const onLeft = { node: left, start, end: front, depth: below, g: split.leftG, h: split.leftH };
      const onRight = { node: right, start: front, end, depth: below, g: rightG, h: rightH };
      const leftIsSmall = front - start <= end - front;
      const [small, large] = leftIsSmall ? [onLeft, onRight] : [onRight, onLeft];
      // The last two leaves' gains are not computed: there is no room for more.
      const hasRoom = open.length + closed.length + 2 < maxLeaves;
      const [splitsSmall, splitsLarge] = [hasRoom && canSplit(small), hasRoom && canSplit(large)];
      const ofSmall = splitsSmall || splitsLarge ? histogramOf(small.start, small.end, g, h) : null;
      const ofParent = leaf.histogram;
      const ofLarge = splitsLarge && ofParent && ofSmall ? subtract(ofParent, ofSmall) : null;
      if (ofLarge === null && ofParent !== null) spare.push(ofParent);
      if (!splitsSmall && ofSmall !== null) spare.push(ofSmall);
      const keptSmall = splitsSmall ? ofSmall : null;
      add(onLeft, leftIsSmall ? keptSmall : ofLarge);
      add(onRight, leftIsSmall ? ofLarge : keptSmall);
    }
    const tree = builder.finish(1, "logistic");
    for (const { node, start, end } of [...open, ...closed]) {
      const value = tree.value[node] ?? outOfRange();
      for (let j = start; j < end; j++) {
        const i = index[j] ?? outOfRange();
        margins[i] = (margins[i] ?? outOfRange()) + value;
      }
    }
    if (sample.length < rows) moveUnseen(tree, sample, margins);
    for (const { histogram } of [...open, ...closed]) if (histogram !== null) spare.push(histogram);
    return tree;
  };

  /** Rows that this tree was not trained on walk through it by their bins. */
  function moveUnseen(tree: FlatTree, sample: Int32Array, margins: Float64Array): void {
    const seen = new Uint8Array(rows);
    for (const i of sample) seen[i] = 1;
    for (let i = 0; i < rows; i++) {
      if (seen[i] === 1) continue;
      let node = 0;
      while ((tree.feature[node] ?? -1) >= 0) {
        const b = bins[(tree.feature[node] ?? outOfRange()) * rows + i] ?? outOfRange();
        const goesLeft = b === 0 ? tree.defaultLeft[node] === 1 : b <= (splitBins[node] ?? outOfRange());
        node = (tree.left[node] ?? outOfRange()) + (goesLeft ? 0 : 1);
      }
      margins[i] = (margins[i] ?? outOfRange()) + (tree.value[node] ?? outOfRange());
    }
  }
}

const noSplit = (): Split => ({ feature: -1, bin: 0, missingLeft: false, gain: 0, leftG: 0, leftH: 0 });

/** Features that are not in one bin for all rows: only these can split anything. */
function varyingFeatures({ rows, features, bins, cuts }: Binned): Int32Array {
  const varies = (k: number): boolean => {
    if ((cuts[k]?.length ?? outOfRange()) > 0) return true;
    const column = bins.subarray(k * rows, (k + 1) * rows);
    return column.some((one) => one !== column[0]);
  };
  return Int32Array.from({ length: features }, (_, k) => k).filter(varies);
}

/** The largest float32: JSON has no infinity. */
const LARGEST = 3.4028234663852886e38;
