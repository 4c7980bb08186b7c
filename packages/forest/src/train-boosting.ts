import { outOfRange } from "@mrdata/base";
import { bin, DEFAULT_BINS, MAX_BINS } from "./bin.ts";
import { assertData, canonicalOrder, type TrainingData } from "./data.ts";
import { type BoostingTreeOptions, boostingTreeGrower } from "./grow-boosting-tree.ts";
import { logit, sigmoid } from "./logistic.ts";
import { type FlatTree, modelOf, type TreeModel } from "./model.ts";
import { createRandom, type Random, seedOf } from "./random.ts";
import { scoreColumns } from "./score-columns.ts";

export type BoostingOptions = Partial<BoostingTreeOptions> & {
  readonly rounds: number;
  readonly seed: number;
  /** The share of rows that each tree is trained on. */
  readonly subsample?: number;
  /**
   * The number of models with this many rounds, each on its own draws; their mean log odds is the answer. One sequence
   * of trees overfits to noise, several overfit differently (Breiman 1996, "Bagging predictors"). Default: one.
   */
  readonly bags?: number;
  /** At most 255. */
  readonly bins?: number;
  /** Trees to start from, instead of the share of positives: prior knowledge. */
  readonly start?: readonly FlatTree[];
  /** Stops when the log loss of these later rows has not fallen for `patience` rounds, and keeps the best round. */
  readonly earlyStopping?: { readonly data: TrainingData; readonly patience: number };
};

/**
 * Gradient boosting of the logistic loss (Friedman 2001, "Greedy function approximation"; second order as in XGBoost).
 * Throws RangeError for invalid training data. With only one class it answers that class's share.
 */
export function trainBoosting(data: TrainingData, options: BoostingOptions): TreeModel {
  assertData(data);
  const { rounds, seed, subsample = 1, bins = DEFAULT_BINS, bags = 1, earlyStopping, start } = options;
  if (!Number.isInteger(bags) || bags < 1) throw new RangeError("there is at least one bag");
  if (!(subsample > 0 && subsample <= 1)) throw new RangeError("subsample must be above 0 and at most 1");
  const order = canonicalOrder(data);
  const binned = bin(data.columns, order, Math.min(MAX_BINS, bins));
  const { rows, features } = binned;
  const labels = Uint8Array.from(order, (i) => data.labels[i] ?? outOfRange());
  const weights = Float64Array.from(order, (i) => data.weights?.[i] ?? 1);
  const grow = boostingTreeGrower(binned, {
    learningRate: options.learningRate ?? 0.1,
    maxDepth: options.maxDepth ?? 6,
    maxLeaves: options.maxLeaves ?? Number.POSITIVE_INFINITY,
    lambda: options.lambda ?? 1,
    minChildWeight: options.minChildWeight ?? 1,
    minGain: options.minGain ?? 1e-9,
  });
  const base = start === undefined ? logit(priorOf(labels, weights)) : 0;
  const margins = new Float64Array(rows);
  const begun = startOf(start, data.columns, order);
  const g = new Float64Array(rows);
  const h = new Float64Array(rows);
  const all = new Int32Array(rows).map((_, i) => i);
  const trees: FlatTree[] = [];
  for (let bag = 0; bag < bags; bag++) {
    for (let i = 0; i < rows; i++) margins[i] = base + (begun[i] ?? outOfRange());
    const grown: FlatTree[] = [];
    const watch = earlyStopping === undefined ? null : watcher(earlyStopping, features, base);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < rows; i++) {
        const p = sigmoid(margins[i] ?? outOfRange());
        const w = weights[i] ?? 1;
        g[i] = w * (p - (labels[i] ?? outOfRange()));
        h[i] = w * Math.max(p * (1 - p), 1e-16);
      }
      const random = createRandom(seedOf(seed, bag * rounds + round));
      const tree = grow(rowsOf(random, all, subsample), g, h, margins);
      grown.push(tree);
      if (watch?.isOver(tree)) break;
    }
    trees.push(...(watch === null ? grown : grown.slice(0, watch.best())));
  }
  const shared = trees.map((tree) => ({ ...tree, value: tree.value.map((value) => value / bags) }));
  return modelOf([...(start ?? []), ...(bags === 1 ? trees : shared)], { kind: "boosting", features, base });
}

/** The answers of the starting trees for the rows, in training order. */
function startOf(
  start: readonly FlatTree[] = [],
  columns: readonly Float32Array[],
  order: Int32Array,
): Float64Array {
  if (start.length === 0) return new Float64Array(order.length);
  const model = modelOf(start, { kind: "boosting", features: columns.length, base: 0 });
  const answers = scoreColumns(model, columns);
  return Float64Array.from(order, (i) => answers[i] ?? outOfRange());
}

/** The share of positives in the precision of XGBoost's files: nine digits, strictly between 0 and 1. */
function priorOf(labels: Uint8Array, weights: Float64Array): number {
  let positive = 0;
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    sum += weights[i] ?? outOfRange();
    if (labels[i] === 1) positive += weights[i] ?? outOfRange();
  }
  const share = Math.min(1 - 1e-7, Math.max(1e-7, positive / sum));
  return Number(share.toPrecision(9));
}

/** Each row with the given probability, in order; all rows if that leaves none. */
function rowsOf(random: Random, all: Int32Array, share: number): Int32Array {
  if (share === 1) return all;
  const chosen = new Int32Array(all.length);
  let count = 0;
  for (let i = 0; i < all.length; i++) if (random.next() < share) chosen[count++] = i;
  return count === 0 ? all : chosen.subarray(0, count);
}

function watcher(
  { data, patience }: { readonly data: TrainingData; readonly patience: number },
  features: number,
  base: number,
) {
  assertData(data);
  if (data.columns.length !== features)
    throw new RangeError(
      `the later rows have ${data.columns.length} features, and those to learn from ${features}`,
    );
  const margins = new Float64Array(data.labels.length).fill(base);
  let least = Number.POSITIVE_INFINITY;
  let best = 0;
  let round = 0;
  return {
    best: () => best,
    isOver(tree: FlatTree): boolean {
      round++;
      const answers = scoreColumns(modelOf([tree], { kind: "forest", features, base: 0 }), data.columns);
      let loss = 0;
      for (let i = 0; i < margins.length; i++) {
        margins[i] = (margins[i] ?? outOfRange()) + (answers[i] ?? outOfRange());
        const m = margins[i] ?? outOfRange();
        loss += Math.log1p(Math.exp(-Math.abs(m))) + Math.max(m, 0) - (data.labels[i] === 1 ? m : 0);
      }
      if (loss < least) {
        least = loss;
        best = round;
      }
      return round - best >= patience;
    },
  };
}
