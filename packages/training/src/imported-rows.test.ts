import { wasMerged } from "@mrdata/incident";
import { rowOfPast } from "@mrdata/learning";
import { type HistoryFile, memoryResults } from "@mrdata/platform";
import { beforeAll, expect, test } from "vitest";
import { type Done, openTasks, type TaskOutcome, tasksInAll } from "./graph.ts";
import { someHistory } from "./history.fixture.ts";
import { historyAtHand } from "./history-source.ts";
import { fitOne, type Matrix, readMatrix } from "./matrix.ts";
import { roughSpec } from "./rough-spec.fixture.ts";
import { outcomeOf, taskRunner } from "./run-task.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { chosenIn } from "./tasks/choose.ts";
import { drawResult } from "./tasks/draw.ts";
import { jsonIn } from "./tasks/read.ts";

const MINUTE = 60_000;
const history = someHistory(360).map((one) => ({ ...one, service: `${one.service}AB` }));
const now = (history.at(-1)?.createdAt ?? 0) + 300 * MINUTE;
const spec = roughSpec(now, 0.3, { unattended: true });
const fit = (matrix: Matrix, block: number) => fitOne(matrix, block, "rates");
/** Every third is in the file too; the bot lived through all others, and through a few of these. */
const live = history.filter((_, i) => i % 3 !== 0 || i % 30 === 0);
const byFile = history.filter((_, i) => i % 3 === 0);

/** Runs all tasks of a job except publishing. */
async function trained(livePast: typeof history, files: readonly string[]) {
  const results = memoryResults();
  const listed: HistoryFile[] = files.map((text, i) => ({
    name: `${i}.ndjson`,
    generation: "1",
    bytes: text.length,
    writtenBy: null,
  }));
  const io: TaskIo = {
    results,
    history: historyAtHand(livePast),
    fit,
    imports: {
      files: {
        list: async () => listed,
        read: async ({ name }) => Buffer.from(files[Number.parseInt(name, 10)] ?? ""),
      },
      identity: { botUser: null },
      ledger: { pastIncidents: async function* () {} },
    },
  };
  const run = taskRunner(io);
  const done = new Map<string, TaskOutcome>();
  if (files.length > 0) done.set("files", { result: "list-1", files: listed });
  for (;;) {
    const open = openTasks(done).filter((name) => name !== "publish");
    if (open.length === 0) break;
    for (const name of open) done.set(name, await run({ job: "job-1", spec }, name, new Map(done)));
  }
  return { done, io };
}

async function partsOf({ done, io }: { readonly done: Done; readonly io: TaskIo }) {
  const draw = drawResult.parse(jsonIn(await resultOf(io, outcomeOf(done, "draw").result)));
  const features = draw.places.map(([partition]) => outcomeOf(done, `features-${partition}`));
  const matrix = await readMatrix(spec, draw, features, io);
  const rows = Buffer.from(await resultOf(io, draw.drawn))
    .toString()
    .trim()
    .split("\n")
    .map((line): { id: string } => JSON.parse(line));
  return { chosen: chosenIn(await resultOf(io, outcomeOf(done, "choose").result)), matrix, rows };
}

const textOf = (rows: typeof history) => rows.map((past) => JSON.stringify(rowOfPast(past))).join("\n");
let alone: Awaited<ReturnType<typeof partsOf>>;
let withFile: Awaited<ReturnType<typeof partsOf>>;
let job: Awaited<ReturnType<typeof trained>>;
beforeAll(async () => {
  alone = await partsOf(await trained(live, []));
  job = await trained(live, [textOf(byFile), textOf(byFile.slice(0, 50))]);
  withFile = await partsOf(job);
});

test("imported incidents are trained on, once, and never replace incidents recorded live", () => {
  const ids = withFile.rows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  // Merged ones are rows where other hold windows are tried.
  const wanted = history.filter((past) => !wasMerged(past, spec.windowMs)).map(({ id }) => id);
  expect(ids.toSorted()).toEqual(wanted.toSorted());
  expect(withFile.chosen.card.incidents).toBeGreaterThan(alone.chosen.card.incidents + 90);
  expect(withFile.matrix.labels.length).toBeGreaterThan(alone.matrix.labels.length + 90);
  expect(job.done.get("import-0")?.file).toEqual({ refused: null, incidents: 120 });
  expect(tasksInAll(job.done)).toBe(job.done.size + 1);
});

test("neither the certificate nor what the version keeps of its past counts it", () => {
  const liveIds = new Set(live.map(({ id }) => id));
  const { certifying = { version: [], fallback: [] }, card } = withFile.chosen;
  const certified = [...certifying.version, ...certifying.fallback].map(([id]) => id);
  expect(certified.length).toBeGreaterThan(10);
  expect(certified.filter((id) => !liveIds.has(id))).toEqual([]);
  expect(card.figures.scored).toBeLessThan(0.45 * live.length);
});

test("what the bot lived through has the features that it had: no alert is less new for what a file says", () => {
  const rowOf = new Map(withFile.rows.map(({ id }, row) => [id, row] as const));
  for (const [k, column] of alone.matrix.whole.entries()) {
    const own = withFile.matrix.whole[k];
    const there = alone.rows.map(({ id }) => own?.[rowOf.get(id) ?? -1] ?? Number.NaN);
    expect(there).toEqual([...column].map((value) => value));
  }
  expect(withFile.chosen.card.levels).toEqual(alone.chosen.card.levels);
  expect(withFile.chosen.ranges).toEqual(alone.chosen.ranges);
});

test("where too little is the bot's own the job fails, and says what a person may do", async () => {
  await expect(trained(live.slice(0, 150), [textOf(history)])).rejects.toThrow(
    /came by files that nobody has accepted.*'mrdata jobs accept'/,
  );
});

test("a file that is refused changes nothing", async () => {
  const { done } = await trained(live.slice(0, 230), ["{"]);
  expect(done.get("import-0")?.file?.refused).toMatch(/0\.ndjson/);
  expect(done.has("train")).toBe(true);
});
