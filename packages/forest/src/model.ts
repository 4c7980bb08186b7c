import { outOfRange } from "@mrdata/base";

/**
 * Trees as flat arrays, shared by training, serving and export. For node n of any tree: `feature[n]` is -1 in a leaf;
 * otherwise a row goes left if its value is less than `threshold[n]`, or if it is missing and `defaultLeft[n]` is 1.
 * The children are `left[n]` and `left[n] + 1`. `value[n]` is the tree's answer if it ended there: a leaf's is its
 * answer.
 */
export type TreeModel = {
  /** `forest`: the sum of the answers is the probability. `boosting`: the sum plus `base` is its logit. */
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
   * The sum of the loss's second derivatives over the rows that passed each node: the number of rows for a forest. A
   * leaf's is positive, and an inner node's is exactly the sum of its children's. SHAP values weight paths by it. 0
   * throughout in files of earlier programs.
   */
  readonly cover: Float32Array;
};

/** One tree, its nodes numbered from 0. */
export type FlatTree = Pick<TreeModel, "feature" | "threshold" | "left" | "defaultLeft" | "value" | "cover">;

/** Concatenates trees. */
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

/** The separate trees, each with its nodes numbered from 0. */
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
 * A leaf's cover, on a grid on which float32 adds exactly. For squared error it is an integer. For the logistic loss it
 * never is: onnxmltools (`_parse.py` of 1.16) takes a booster whose covers are all integers for a regressor, and
 * silently omits the sigmoid.
 */
const coverOnGrid = {
  squared: (rows: number): number => Math.max(1, Math.round(rows)),
  logistic: (cover: number): number => GRID * (2 * Math.max(0, Math.round((cover / GRID - 1) / 2)) + 1),
} as const;

/** A growable buffer for the nodes of a tree. */
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
  /** Adds a leaf with its cover and returns its number. Children are added after their parent. */
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
  /** A copy with every value times `scale`, rounded to float32 as in the exported model, and covers that add up. */
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
