import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHistory } from "@mrdata/history";
import { eventsOf, type PastIncident } from "@mrdata/incident";
import { blocksOf, detailColumns, labelledRows } from "@mrdata/learning";
import { allIndexes, createLedger, memoryResults } from "@mrdata/platform";
import { openEmbeddedModels, openEmbeddedStore } from "@mrdata/platform/embedded";
import {
  filesOf,
  historyAtHand,
  ledgerHistory,
  openTasks,
  START,
  type TaskOutcome,
  taskRunner,
} from "@mrdata/training";
import { trainHere } from "@mrdata/training/threads";
import { replayHistory } from "../../packages/learning/src/replay.ts";
import { drawProcess } from "./draw-process.ts";
import { aside, atLeast, atMost, type Figure, median } from "./figure.ts";
import { criticalPath, type MeasuredTasks } from "./plan-of-tasks.ts";
import { secondsOf } from "./seconds-of.ts";
import { writeHistory } from "./some-history.ts";
import { REFITS, specFor } from "./spec-for.ts";

const PYTHON = process.env.MRDATA_PYTHON ?? join(import.meta.dirname, "../../.venv/bin/python");
const MINUTE = 60_000;
/** As many as the development data has. */
const INCIDENTS = 20_678;
/** Enough for tasks that take seconds, few enough to do it several times. */
const FEWER = 4_000;

async function someIncidents(count: number): Promise<readonly PastIncident[]> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  try {
    const file = join(folder, "history.ndjson");
    await writeHistory(file, count, 1);
    return (await readHistory([file])).incidents;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** When the newest of them opened, milliseconds since the epoch. */
const newestOf = (incidents: readonly PastIncident[]): number =>
  incidents.reduce((latest, { createdAt }) => Math.max(latest, createdAt), 0);

/**
 * From the ledger to the published version, two threads, beside scikit-learn's forest of 200 trees with two jobs on the
 * same blocks of the same columns; without Python ours alone.
 */
export async function benchRetrain(): Promise<readonly Figure[]> {
  const incidents = await someIncidents(INCIDENTS);
  const folder = mkdtempSync(join(tmpdir(), "mrdata-bench-"));
  const ledger = createLedger(
    openEmbeddedStore({ file: join(folder, "ledger.sqlite"), indexes: allIndexes }),
  );
  try {
    const windowMs = 5 * MINUTE;
    for (let from = 0; from < incidents.length; from += 5_000)
      await ledger.recordPast(
        incidents.slice(from, from + 5_000).map((past) => eventsOf(past, { numbers: {}, texts: {} })),
        { windowMs },
      );
    const spec = specFor(newestOf(incidents), false);
    const ours = await secondsOf(async () => {
      const { incidents: read } = await ledgerHistory(ledger).page(START, {
        limit: Number.POSITIVE_INFINITY,
        now: spec.now,
      });
      const trained = await trainHere(read, spec, { workers: 2 });
      await openEmbeddedModels({ dir: join(folder, "models") }).publish("v1", filesOf(trained));
    });
    const theirs = existsSync(PYTHON) ? sklearnSeconds(incidents, windowMs, folder) : null;
    if (theirs === null) return [aside("retrain.20k.seconds", ours, "s")];
    return [
      atMost("retrain.20k", ours / theirs, "of scikit-learn's forest of 200 trees for the same refits", 0.6),
      aside("retrain.20k.seconds", ours, "s"),
      aside("retrain.20k.scikit-learn.seconds", theirs, "s"),
    ];
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sklearnSeconds(incidents: readonly PastIncident[], windowMs: number, folder: string): number {
  const details = detailColumns(incidents, windowMs);
  const rows = labelledRows(replayHistory(incidents, windowMs, details), windowMs);
  const blocks = blocksOf(rows, REFITS).filter(({ scored }) => scored);
  const count = rows.incidents.length;
  const table = new Float32Array(count * rows.columns.length);
  for (const [k, column] of rows.columns.entries())
    for (let i = 0; i < count; i++) table[i * rows.columns.length + k] = column[i] ?? Number.NaN;
  writeFileSync(join(folder, "table.f32"), Buffer.from(table.buffer));
  writeFileSync(join(folder, "labels.u8"), rows.labels);
  writeFileSync(
    join(folder, "blocks.json"),
    JSON.stringify(blocks.map(({ start, end, known }) => ({ start, end, known: [...known] }))),
  );
  const script = join(import.meta.dirname, "retrain.py");
  const ran = spawnSync(PYTHON, ["-W", "ignore", script, String(rows.columns.length)], {
    cwd: folder,
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(`Python ended with ${ran.status}:\n${ran.stderr}`);
  return Number(JSON.parse(readFileSync(join(folder, "seconds.json"), "utf8")));
}

/** Two threads beside one, and what a history of ten million would take, computed from the tasks that were measured. */
export async function benchRetrainWorkers(): Promise<readonly Figure[]> {
  const incidents = await someIncidents(FEWER);
  const spec = specFor(newestOf(incidents), true);
  const times: Record<1 | 2, number[]> = { 1: [], 2: [] };
  for (let turn = 0; turn < 2; turn++)
    for (const workers of [1, 2] as const)
      times[workers].push(await secondsOf(() => trainHere(incidents, spec, { workers })));
  const plans = [50, 500].map((instances) => criticalPath(TEN_MILLION, instances));
  const drawn = drawProcess(TEN_MILLION);
  const measured = { ...(await tasksOf(incidents)), drawSeconds: drawn.seconds };
  return [
    atLeast(
      "retrain.workers",
      median(times[1]) / median(times[2]),
      "times as fast with two threads as with one",
      1.8,
    ),
    aside(
      "retrain.draw",
      drawn.seconds,
      `s of processor time: ${drawn.rows} rows out of ten million incidents`,
    ),
    atMost("retrain.draw.memory", drawn.memory / 2 ** 30, "GiB at most", 2),
    ...plans.flatMap((planOf, i) => {
      const { seconds, longest } = planOf(measured);
      const instances = [50, 500][i];
      return [
        aside(
          `retrain.plan.${instances}`,
          seconds / 60,
          `min for ten million incidents by ${instances} instances`,
        ),
        aside(
          `retrain.plan.${instances}.longest`,
          longest.seconds / 60,
          `min: the longest task, ${longest.name}`,
        ),
      ];
    }),
  ];
}

const TEN_MILLION = 10_000_000;

/** Every task of a training, done once in this thread, with its seconds. */
async function tasksOf(incidents: readonly PastIncident[]): Promise<Omit<MeasuredTasks, "drawSeconds">> {
  const spec = specFor(newestOf(incidents), true);
  const run = taskRunner({ results: memoryResults(), history: historyAtHand(incidents) });
  const done = new Map<string, TaskOutcome>();
  const seconds = new Map<string, number>();
  for (;;) {
    const open = openTasks(done).filter((name) => name !== "publish");
    if (open.length === 0) break;
    for (const name of open) {
      const started = performance.now();
      done.set(name, await run({ job: "bench", spec }, name, new Map(done)));
      seconds.set(name, (performance.now() - started) / 1000);
    }
  }
  return { incidents: incidents.length, seconds };
}
