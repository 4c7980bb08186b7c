import { Worker } from "node:worker_threads";
import { outOfRange } from "@mrdata/base";
import { type Binned, bin, DEFAULT_BINS, MAX_BINS } from "./bin.ts";
import { assertData, canonicalOrder, type TrainingData } from "./data.ts";
import { type ForestTreeOptions, forestTreeGrower, type GrownTree } from "./grow-forest-tree.ts";
import { modelOf, type TreeModel } from "./model.ts";
import { outOfBag } from "./out-of-bag.ts";

export type ForestOptions = {
  readonly trees: number;
  readonly seed: number;
  /** The minimum number of drawn rows in a leaf. */
  readonly minLeaf?: number;
  readonly maxDepth?: number;
  /** Number of features examined for a split; default: the square root of their number. */
  readonly featuresPerSplit?: number;
  /** Maximum number of rows that each tree draws, default 100,000: see `MAX_DRAWN`. */
  readonly maxDrawn?: number;
  /** Number of bins for values, at most 255. More is finer and slower. */
  readonly bins?: number;
  /** Threads besides this one; 0 grows all trees here. The model is the same. */
  readonly workers?: number;
  /** Also computes every row's out-of-bag answer: unbiased data to calibrate on, for about a tenth more time. */
  readonly outOfBag?: boolean;
};

/**
 * With more rows than this every tree draws a subsample of its own (Bühlmann and Yu 2002, "Analyzing bagging":
 * subsamples do as well as bootstraps). Trees of half a million rows take four times as long and predict no better than
 * a hundred with this many draws each; below it nothing changes.
 */
const MAX_DRAWN = 100_000;

export type TrainedForest = {
  readonly model: TreeModel;
  /** For each row, the answer of the trees that did not draw it; NaN for a row that all drew. Null unless requested. */
  readonly outOfBag: Float64Array | null;
};

/** The input of every thread that grows trees. The large arrays are shared, not copied. */
export type TreeJob = {
  readonly binned: Binned;
  readonly labels: Uint8Array;
  readonly weights: Float64Array | null;
  readonly options: ForestTreeOptions;
  /** One number, shared: the next tree that no thread has taken yet. */
  readonly next: Int32Array;
};

/** Trees by their number. */
export type NumberedTrees = readonly (readonly [t: number, grown: GrownTree])[];

/**
 * A random forest (Breiman 2001): trees on bootstrap samples, each split the best of some randomly drawn features. The
 * same seed gives an identical model, with rows in any order and with any number of workers. Rejects with RangeError
 * for invalid training data; with only one class the model answers it.
 *
 * @example
 * ```ts
 * import { columnsOf, score } from "@mrdata/forest";
 * const rows = Array.from({ length: 40 }, (_, i) => [i]);
 * const data = { columns: columnsOf(rows, 1), labels: Uint8Array.from(rows, ([i]) => (i < 20 ? 0 : 1)) };
 * const { model } = await trainForest(data, { trees: 20, seed: 1 });
 * score(model, Float32Array.of(39)) > 0.5; // => true
 * ```
 */
export async function trainForest(data: TrainingData, options: ForestOptions): Promise<TrainedForest> {
  assertData(data);
  const features = data.columns.length;
  const { trees, seed } = options;
  if (!Number.isInteger(trees) || trees < 1) throw new RangeError("a forest has at least one tree");
  // They start while this thread bins.
  const crew = startCrew(Math.min(trees - 1, options.workers ?? 0));
  try {
    const order = canonicalOrder(data);
    const most = Math.min(MAX_BINS, options.bins ?? DEFAULT_BINS);
    const given = data.weights;
    const job: TreeJob = {
      binned: bin(data.columns, order, most, { shared: crew.size > 0 }),
      labels: Uint8Array.from(order, (i) => data.labels[i] ?? outOfRange()),
      weights: given === undefined ? null : Float64Array.from(order, (i) => given[i] ?? outOfRange()),
      next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
      options: {
        seed,
        trees,
        reportDrawn: options.outOfBag === true,
        minLeaf: options.minLeaf ?? 5,
        maxDrawn: options.maxDrawn ?? MAX_DRAWN,
        maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
        featuresPerSplit: Math.min(
          features,
          options.featuresPerSplit ?? Math.max(1, Math.round(Math.sqrt(features))),
        ),
      },
    };
    const away = crew.grow(job);
    const parts = [growTrees(job), ...(await away)];
    const grown = parts.flat().sort(([a], [b]) => a - b);
    if (grown.length !== trees) throw new Error(`${grown.length} of ${trees} trees were grown`);
    const model = modelOf(
      grown.map(([, { tree }]) => tree),
      { kind: "forest", features, base: 0 },
    );
    const drawn = grown.flatMap(([, one]) => (one.drawn === null ? [] : [one.drawn]));
    return {
      model,
      outOfBag: options.outOfBag === true ? outOfBag(model, data.columns, order, drawn) : null,
    };
  } finally {
    crew.end();
  }
}

/** Grows trees as long as one is left that no other thread has taken. */
export function growTrees({ binned, labels, weights, options, next }: TreeJob): NumberedTrees {
  const grow = forestTreeGrower(binned, labels, weights, options);
  const grown: (readonly [number, GrownTree])[] = [];
  for (let t = Atomics.add(next, 0, 1); t < options.trees; t = Atomics.add(next, 0, 1))
    grown.push([t, grow(t)]);
  return grown;
}

/** The memory of trees, to be transferred instead of copied. */
export const memoryOf = (trees: NumberedTrees): ArrayBuffer[] =>
  trees.flatMap(([, { tree, drawn }]) =>
    [
      tree.feature,
      tree.threshold,
      tree.left,
      tree.defaultLeft,
      tree.value,
      tree.cover,
      ...(drawn === null ? [] : [drawn]),
    ].flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : [])),
  );

/** Threads that grow trees besides this one. */
function startCrew(size: number) {
  const workers = Array.from(
    { length: Math.max(0, size) },
    () => new Worker(new URL("./tree-worker.ts", import.meta.url)),
  );
  const answers = workers.map(
    (worker) =>
      new Promise<NumberedTrees>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.once("exit", (code) =>
          reject(new Error(`a worker ended with ${code} before it had grown its trees`)),
        );
      }),
  );
  // An error reaches whoever awaits them; nobody may be awaiting yet.
  const all = Promise.all(answers);
  all.catch(() => {});
  return {
    size: workers.length,
    grow(job: TreeJob): Promise<readonly NumberedTrees[]> {
      for (const worker of workers) worker.postMessage(job);
      return all;
    },
    end(): void {
      for (const worker of workers) void worker.terminate();
    },
  };
}
