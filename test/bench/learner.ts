import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  auc,
  calibrate,
  fitTemperature,
  score,
  scoreAll,
  type TreeModel,
  trainBoosting,
  trainForest,
} from "@mrdata/forest";
import { trainLearner } from "../../packages/learning/src/learners.ts";
import { WORD_PLACES } from "../../packages/learning/src/words.ts";
import { aside, atLeast, atMost, type Figure, median } from "./figure.ts";
import { processorSecondsOf, secondsOf } from "./seconds-of.ts";
import { bytesOf, someTable, type Table } from "./some-table.ts";

const PYTHON = process.env.MRDATA_PYTHON ?? join(import.meta.dirname, "../../.venv/bin/python");
const FEATURES = 47;
const ROWS = 15_000;
const TREES = 100;
/** Ours and theirs take turns, so that both meet the machine's good and bad moments. */
const TURNS = 3;

type Fit = { readonly seconds: readonly number[]; readonly auc: number };
const others = ["scikit-learn.forest", "xgboost.forest", "xgboost.boosting"] as const;
type Others = Readonly<Record<(typeof others)[number], Fit>>;

/** Training beside scikit-learn and xgboost, both with two threads, on one table; without Python ours alone. */
export async function benchFit(): Promise<readonly Figure[]> {
  const table = someTable(ROWS, FEATURES, 1);
  const later = someTable(5_000, FEATURES, 2);
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  const hasPython = existsSync(PYTHON);
  if (!hasPython)
    process.stderr.write("no Python with xgboost and scikit-learn: ours alone; npm run python makes one\n");
  try {
    if (hasPython) writeTables(folder, { train: table, test: later });
    // One thread beside this one: two in all. Leaves of five as scikit-learn's, and leaves of ten, whose AUC is that of
    // xgboost's trees of depth twelve.
    const forest = () => trainForest(table, { trees: TREES, seed: 1, workers: 1 });
    const coarse = () => trainForest(table, { trees: TREES, seed: 1, workers: 1, minLeaf: 10 });
    const boosting = async () => trainBoosting(table, { rounds: TREES, maxDepth: 6, seed: 1 });
    const ours: Record<"forest" | "coarse" | "boosting", number[]> = { forest: [], coarse: [], boosting: [] };
    const theirs: Others[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      for (let i = 0; i < 3; i++) ours.forest.push(await secondsOf(forest));
      for (let i = 0; i < 3; i++) ours.coarse.push(await secondsOf(coarse));
      for (let i = 0; i < 3; i++) ours.boosting.push(await secondsOf(boosting));
      if (hasPython) theirs.push(python(folder));
    }
    const aucOf = (model: TreeModel) => auc(scoreAll(model, later.columns), later.labels);
    const forestAuc = aucOf((await forest()).model);
    const boostingAuc = aucOf(await boosting());
    const coarseAuc = aucOf((await coarse()).model);
    const mine = {
      forest: median(ours.forest),
      coarse: median(ours.coarse),
      boosting: median(ours.boosting),
    };
    const own = [
      aside("forest.fit.seconds", mine.forest, "s"),
      aside("forest.fit.auc", forestAuc, "AUC"),
      aside("forest.fit.coarse.seconds", mine.coarse, "s"),
      aside("forest.fit.coarse.auc", coarseAuc, "AUC"),
      aside("boosting.fit.seconds", mine.boosting, "s"),
      aside("boosting.fit.auc", boostingAuc, "AUC"),
    ];
    if (!hasPython) return own;
    const of = (name: (typeof others)[number]) => ({
      seconds: median(theirs.flatMap((one) => one[name].seconds)),
      auc: theirs[0]?.[name].auc ?? Number.NaN,
    });
    return [
      atLeast(
        "forest.fit",
        of("scikit-learn.forest").seconds / mine.forest,
        "times as fast as scikit-learn",
        4,
      ),
      onlyIf(
        coarseAuc >= of("xgboost.forest").auc - SEED_NOISE,
        atMost("forest.fit.xgboost", mine.coarse / of("xgboost.forest").seconds, "of xgboost's forest", 1),
      ),
      atMost("boosting.fit", mine.boosting / of("xgboost.boosting").seconds, "of xgboost's boosting", 1.5),
      ...own,
      ...others.flatMap((name) => [
        aside(`${name}.seconds`, of(name).seconds, "s"),
        aside(`${name}.auc`, of(name).auc, "AUC"),
      ]),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What another seed moves an AUC by on these tables. */
const SEED_NOISE = 0.003;

/** A figure that counts for nothing where what makes it comparable is not so. */
const onlyIf = (comparable: boolean, figure: Figure): Figure =>
  comparable ? figure : { ...figure, holds: false };

/** One row at a time, each for the first time, and many at once: in one thread, of processor time. */
export async function benchScore(): Promise<readonly Figure[]> {
  const table = someTable(ROWS, FEATURES, 1);
  const later = someTable(20_000, FEATURES, 2);
  const rows = Array.from({ length: later.rows }, (_, i) =>
    Float32Array.from(later.columns, (column) => column[i] ?? Number.NaN),
  );
  const boosting = trainBoosting(table, { rounds: TREES, maxDepth: 6, seed: 1 });
  const forest = (await trainForest(table, { trees: TREES, seed: 1 })).model;
  const oneOf = (model: TreeModel) => microseconds(rows, (row) => score(model, row));
  const manyOf = (model: TreeModel) => {
    const all: number[] = [];
    for (let turn = 0; turn < 2 * TURNS; turn++)
      all.push(processorSecondsOf(() => scoreAll(model, later.columns)));
    return later.rows / median(all.slice(1));
  };
  return [
    atMost("row.score", oneOf(boosting), "µs, boosting", 5),
    atMost("row.score.served", await servedRow(), "µs, as it is served: bags of boosting, calibrated", 5),
    aside("row.score.forest", oneOf(forest), "µs, forest"),
    atLeast("row.score.batch", manyOf(boosting), "rows/s, boosting", 500_000),
    aside("row.score.batch.forest", manyOf(forest), "rows/s, forest"),
  ];
}

/** A row asked of what is served where nothing else was better on the past: the first learner, and its temperature. */
async function servedRow(): Promise<number> {
  // The words, which come last, are looked at by another learner alone.
  const wide = FEATURES + WORD_PLACES;
  const model = await trainLearner("boosting", someTable(ROWS, wide, 1), { seed: 1, trees: TREES });
  const later = someTable(20_000, wide, 2);
  const rows = Array.from({ length: later.rows }, (_, i) =>
    Float32Array.from(later.columns, (column) => column[i] ?? Number.NaN),
  );
  const calibration = fitTemperature(scoreAll(model, later.columns), later.labels);
  return microseconds(rows, (row) => calibrate(calibration, score(model, row)));
}

/** Of one row, all of them asked once a turn; the first turn is not counted. */
function microseconds(rows: readonly Float32Array[], ask: (row: Float32Array) => number): number {
  const all: number[] = [];
  for (let turn = 0; turn < 2 * TURNS; turn++)
    all.push(
      processorSecondsOf(() => {
        for (const row of rows) ask(row);
      }),
    );
  return (1e6 * median(all.slice(1))) / rows.length;
}

function writeTables(folder: string, tables: Readonly<Record<string, Table>>): void {
  for (const [name, table] of Object.entries(tables)) {
    writeFileSync(join(folder, `${name}.f32`), bytesOf(table));
    writeFileSync(join(folder, `${name}.u8`), table.labels);
  }
}

function python(folder: string): Others {
  const script = join(import.meta.dirname, "learner.py");
  const ran = spawnSync(PYTHON, ["-W", "ignore", script, "2", String(FEATURES)], {
    cwd: folder,
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(`Python ended with ${ran.status}:\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}
