import { outOfRange } from "@mrdata/base";

/**
 * Trees as flat arrays, shared by training, serving and export. Node n of any tree: `feature[n]` is -1 in a leaf; else a
 * row goes left if its value is less than `threshold[n]`, and where it is missing if `defaultLeft[n]` is 1. The children
 * are `left[n]` and `left[n] + 1`. `value[n]` is what the tree would answer if it ended there: a leaf's is its answer.
 */
export type TreeModel = {
  /** `forest`: the answers' sum is the probability. `boosting`: the sum and `base` are its logit. */
  readonly kind: "forest" | "boosting";
  readonly features: number;
  /** Added to the sum: 0 for a forest, the logit of the share of positives for boosting. */
  readonly base: number;
  /** The first node of each tree. */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly defaultLeft: Uint8Array;
  readonly value: Float32Array;
  /**
   * The sum of the loss's second derivatives over the rows that came by each node: the number of rows for a forest. A
   * leaf's is above 0 and a node's the sum of its children's, exactly. SHAP values weigh paths by it. 0 throughout in files
   * of earlier programs.
   */
  readonly cover: Float32Array;
};

/** One tree, its node numbers from 0. */
export type FlatTree = Pick<TreeModel, "feature" | "threshold" | "left" | "defaultLeft" | "value" | "cover">;

/** Puts trees one behind the other. */
export function modelOf(
  trees: readonly FlatTree[],
  { kind, features, base }: Pick<TreeModel, "kind" | "features" | "base">,
): TreeModel {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const model = {
    kind,
    features,
    base,
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
    cover: new Float32Array(nodes),
  };
  let first = 0;
  for (const [t, tree] of trees.entries()) {
    model.roots[t] = first;
    model.feature.set(tree.feature, first);
    model.threshold.set(tree.threshold, first);
    model.left.set(
      tree.left.map((child, n) => ((tree.feature[n] ?? -1) < 0 ? -1 : child + first)),
      first,
    );
    model.defaultLeft.set(tree.defaultLeft, first);
    model.value.set(tree.value, first);
    model.cover.set(tree.cover, first);
    first += tree.feature.length;
  }
  return model;
}

/** The trees again, each with node numbers from 0. */
export function treesOf(model: TreeModel): readonly FlatTree[] {
  return Array.from(model.roots, (first, t) => {
    const end = model.roots[t + 1] ?? model.feature.length;
    return {
      feature: model.feature.slice(first, end),
      threshold: model.threshold.slice(first, end),
      left: model.left.slice(first, end).map((child) => (child < 0 ? -1 : child - first)),
      defaultLeft: model.defaultLeft.slice(first, end),
      value: model.value.slice(first, end),
      cover: model.cover.slice(first, end),
    };
  });
}

/** Sums of sixteenths are exact in float32 up to 2^20: the second derivatives of 2^22 rows. */
const GRID = 1 / 16;

/**
 * A leaf's cover, on a grid on which float32 adds exactly. Rows of squared error are whole. Those of the logistic loss
 * are never: onnxmltools (`_parse.py` of 1.16) takes a booster whose covers are all whole for a regressor, and leaves out
 * the sigmoid without a word.
 */
const coverOnGrid = {
  squared: (rows: number): number => Math.max(1, Math.round(rows)),
  logistic: (cover: number): number => GRID * (2 * Math.max(0, Math.round((cover / GRID - 1) / 2)) + 1),
} as const;

/** Room for the nodes of a tree while it grows. */
export class TreeBuilder {
  feature: Int32Array;
  threshold: Float32Array;
  left: Int32Array;
  defaultLeft: Uint8Array;
  value: Float64Array;
  cover: Float64Array;
  size = 0;
  constructor(capacity: number) {
    this.feature = new Int32Array(capacity);
    this.threshold = new Float32Array(capacity);
    this.left = new Int32Array(capacity);
    this.defaultLeft = new Uint8Array(capacity);
    this.value = new Float64Array(capacity);
    this.cover = new Float64Array(capacity);
  }
  /** Adds a leaf with its cover and answers with its number. Children are added after their parent. */
  leaf(value: number, cover: number): number {
    const node = this.size++;
    this.feature[node] = -1;
    this.threshold[node] = 0;
    this.left[node] = -1;
    this.defaultLeft[node] = 0;
    this.value[node] = value;
    this.cover[node] = cover;
    return node;
  }
  split(node: number, feature: number, threshold: number, defaultLeft: boolean, left: number): void {
    this.feature[node] = feature;
    this.threshold[node] = threshold;
    this.defaultLeft[node] = defaultLeft ? 1 : 0;
    this.left[node] = left;
  }
  /** A copy with every value times `scale`, rounded to float32 as the exported model will be, and covers that add up. */
  finish(scale: number, loss: keyof typeof coverOnGrid): FlatTree {
    const { size, cover, left } = this;
    for (let node = size - 1; node >= 0; node--) {
      const child = left[node] ?? outOfRange();
      cover[node] =
        (this.feature[node] ?? -1) < 0
          ? coverOnGrid[loss](cover[node] ?? outOfRange())
          : (cover[child] ?? outOfRange()) + (cover[child + 1] ?? outOfRange());
    }
    return {
      feature: this.feature.slice(0, size),
      threshold: this.threshold.slice(0, size),
      left: this.left.slice(0, size),
      defaultLeft: this.defaultLeft.slice(0, size),
      value: Float32Array.from(this.value.subarray(0, size), (value) => value * scale),
      cover: Float32Array.from(cover.subarray(0, size)),
    };
  }
  clear(): void {
    this.size = 0;
  }
}
