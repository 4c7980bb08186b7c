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
  /** The least number of drawn rows in a leaf. */
  readonly minLeaf?: number;
  readonly maxDepth?: number;
  /** Features looked at for one split; the square root of their number unless told. */
  readonly featuresPerSplit?: number;
  /** Rows that each tree draws at most, 100,000 unless told: see `MAX_DRAWN`. */
  readonly mostDrawn?: number;
  /** Bins of values, at most 255. More is finer and slower. */
  readonly bins?: number;
  /** Threads beside this one; 0 grows all trees here. The model is the same. */
  readonly workers?: number;
  /** Asks every row's unseen trees what they say of it: honest data to calibrate on, for about a tenth more time. */
  readonly outOfBag?: boolean;
};

/**
 * Of more rows than this every tree draws a part of its own (Bühlmann and Yu 2002, "Analyzing bagging": subsamples do as
 * well as bootstraps). Trees of half a million rows grow four times as long and answer no better than what a hundred
 * of them make of so many draws each; below it nothing changes.
 */
const MAX_DRAWN = 100_000;

export type TrainedForest = {
  readonly model: TreeModel;
  /** For each row, what the trees say that never saw it; NaN for a row that all saw. Null if it was not asked for. */
  readonly outOfBag: Float64Array | null;
};

/** What all who grow trees are given. The large arrays are shared, not copied. */
export type TreeJob = {
  readonly binned: Binned;
  readonly labels: Uint8Array;
  readonly weights: Float64Array | null;
  readonly options: ForestTreeOptions;
  /** One number, shared: the next tree that nobody grows yet. */
  readonly next: Int32Array;
};

/** Trees by their number. */
export type NumberedTrees = readonly (readonly [t: number, grown: GrownTree])[];

/**
 * A random forest (Breiman 2001): trees on bootstrap samples, each split the best of some features drawn by chance. The
 * same seed gives the same model, bit for bit, with rows in any order and with any number of workers. Rejects with
 * RangeError for data that cannot be learnt from; with one class only the model answers with it.
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
        tellDrawn: options.outOfBag === true,
        minLeaf: options.minLeaf ?? 5,
        mostDrawn: options.mostDrawn ?? MAX_DRAWN,
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

/** Grows tree after tree, as long as there is one that nobody else grows. */
export function growTrees({ binned, labels, weights, options, next }: TreeJob): NumberedTrees {
  const grow = forestTreeGrower(binned, labels, weights, options);
  const grown: (readonly [number, GrownTree])[] = [];
  for (let t = Atomics.add(next, 0, 1); t < options.trees; t = Atomics.add(next, 0, 1))
    grown.push([t, grow(t)]);
  return grown;
}

/** The memory of trees, to be handed over instead of copied. */
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

/** Threads that grow trees beside this one. */
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
  // Whoever waits for them is told; nobody may wait yet.
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
