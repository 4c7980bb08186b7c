import { Worker } from "node:worker_threads";
import { type Binned, bin, DEFAULT_BINS, MOST_BINS } from "./bin.ts";
import { assertData, canonicalOrder, type TrainingData } from "./data.ts";
import { type ForestTreeOptions, forestTreeGrower, type GrownTree } from "./grow-forest-tree.ts";
import { type FlatTree, modelOf, type TreeModel } from "./model.ts";
import { outOfBag } from "./out-of-bag.ts";

export type ForestOptions = {
  readonly trees: number;
  readonly seed: number;
  /** The least number of drawn rows in a leaf. */
  readonly minLeaf?: number;
  readonly maxDepth?: number;
  /** Features looked at for one split; the square root of their number unless told. */
  readonly featuresPerSplit?: number;
  /** Bins of values, at most 255. More is finer and slower. */
  readonly bins?: number;
  /** Threads beside this one; 0 grows all trees here. The model is the same. */
  readonly workers?: number;
};

export type TrainedForest = {
  readonly model: TreeModel;
  /** For each row, what the trees say that never saw it; NaN for a row that all saw. Honest data to calibrate on. */
  readonly outOfBag: Float64Array;
};

/** What a worker is given. The large arrays are shared, not copied. */
export type TreeJob = {
  readonly binned: Binned;
  readonly labels: Uint8Array;
  readonly weights: Float64Array | null;
  readonly options: ForestTreeOptions;
  /** Which of the workers this is, of how many: it grows every so manieth tree. */
  readonly first: number;
  readonly step: number;
};

/**
 * A random forest (Breiman 2001): trees on bootstrap samples, each split the best of some features drawn by chance. The
 * same seed gives the same model, bit for bit, with rows in any order and with any number of workers. Rejects with
 * RangeError for data that cannot be learnt from; with one class only the model answers with it.
 */
export async function trainForest(data: TrainingData, options: ForestOptions): Promise<TrainedForest> {
  assertData(data);
  const features = data.columns.length;
  const { trees, seed, workers = 0 } = options;
  if (!Number.isInteger(trees) || trees < 1) throw new RangeError("a forest has at least one tree");
  const order = canonicalOrder(data);
  const shared = workers > 0;
  const binned = bin(data.columns, order, Math.min(MOST_BINS, options.bins ?? DEFAULT_BINS), { shared });
  const labels = Uint8Array.from(order, (i) => data.labels[i] ?? 0);
  const given = data.weights;
  const weights = given === undefined ? null : Float64Array.from(order, (i) => given[i] ?? 0);
  const settings: ForestTreeOptions = {
    seed,
    trees,
    minLeaf: options.minLeaf ?? 5,
    maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
    featuresPerSplit: Math.min(
      features,
      options.featuresPerSplit ?? Math.max(1, Math.round(Math.sqrt(features))),
    ),
  };
  const job = { binned, labels, weights, options: settings };
  const grown = workers > 0 ? await growInWorkers(job, workers) : growHere({ ...job, first: 0, step: 1 });
  const flat: FlatTree[] = grown.map(({ tree }) => tree);
  const model = modelOf(flat, { kind: "forest", features, base: 0 });
  return {
    model,
    outOfBag: outOfBag(
      model,
      data.columns,
      order,
      grown.map(({ drawn }) => drawn),
    ),
  };
}

/** The trees that fall to one worker, in order. */
export function growHere({ binned, labels, weights, options, first, step }: TreeJob): readonly GrownTree[] {
  const grow = forestTreeGrower(binned, labels, weights, options);
  const grown: GrownTree[] = [];
  for (let t = first; t < options.trees; t += step) grown.push(grow(t));
  return grown;
}

async function growInWorkers(
  job: Omit<TreeJob, "first" | "step">,
  workers: number,
): Promise<readonly GrownTree[]> {
  const step = workers + 1;
  const away = Array.from({ length: workers }, (_, i) => growAway({ ...job, first: i + 1, step }));
  const here = growHere({ ...job, first: 0, step });
  const parts = [here, ...(await Promise.all(away))];
  return Array.from({ length: job.options.trees }, (_, t) => {
    const grown = parts[t % step]?.[Math.floor(t / step)];
    if (grown === undefined) throw new Error(`tree ${t} was not grown`);
    return grown;
  });
}

function growAway(job: TreeJob): Promise<readonly GrownTree[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./tree-worker.ts", import.meta.url), { workerData: job });
    worker.once("message", (grown: readonly GrownTree[]) => resolve(grown));
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`a worker ended with ${code} before it had grown its trees`)),
    );
  });
}
