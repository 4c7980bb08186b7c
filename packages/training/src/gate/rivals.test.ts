import { calibrate, score } from "@mrdata/forest";
import { type Backtest, FEATURE_SCHEMA, type ModelCard, partsOfPast } from "@mrdata/learning";
import { memoryResults } from "@mrdata/platform";
import { beforeAll, describe, expect, test } from "vitest";
import { openTasks, type TaskOutcome } from "../graph.ts";
import { someHistory } from "../history.fixture.ts";
import { historyAtHand } from "../history-source.ts";
import { fitOne, type Matrix, readMatrix } from "../matrix.ts";
import { memoryModels } from "../memory-models.fixture.ts";
import { roughSpec } from "../rough-spec.fixture.ts";
import { fitsIn, outcomeOf, taskRunner } from "../run-task.ts";
import { resultOf } from "../task-io.ts";
import { backtestOf, type Chosen, chosenIn } from "../tasks/choose.ts";
import { drawResult } from "../tasks/draw.ts";
import { jsonIn } from "../tasks/read.ts";
import { filesOf, type Trained, trainedOf } from "../trained.ts";
import { rivalsOf } from "./rivals.ts";

const DAY_MS = 86_400_000;
const history = someHistory(230);
const now = (history.at(-1)?.createdAt ?? 0) + 300 * 60_000;
const spec = roughSpec(now, 0.3, { unattended: true });
/** The gate's budget: so small that not all that resolved itself could be held within it. */
const BUDGET = 0.05;
const strict = { ...spec, certificate: { ...spec.certificate, budget: BUDGET } };
const at = (moment: number) => new Date(moment).toISOString();

let trained: Trained;
let tried: Backtest;
let chosen: Chosen;
let matrix: Matrix;
beforeAll(async () => {
  const io = {
    results: memoryResults(),
    history: historyAtHand(history),
    fit: (all: Matrix, block: number) => fitOne(all, block, "rates"),
  };
  const run = taskRunner(io);
  const done = new Map<string, TaskOutcome>();
  for (;;) {
    const open = openTasks(done).filter((name) => name !== "publish");
    if (open.length === 0) break;
    for (const name of open) done.set(name, await run({ job: "any", spec }, name, new Map(done)));
  }
  trained = await trainedOf(done, io);
  const draw = drawResult.parse(jsonIn(await resultOf(io, outcomeOf(done, "draw").result)));
  const features = draw.places.map(([partition]) => outcomeOf(done, `features-${partition}`));
  matrix = await readMatrix(spec, draw, features, io);
  tried = await backtestOf(spec, draw, matrix, fitsIn(done), io);
  chosen = chosenIn(await resultOf(io, outcomeOf(done, "choose").result));
});

/** The rows that certify, in their order. */
const certifying = () =>
  partsOfPast(
    tried.past.filter(({ knownAt, grown }) => grown && knownAt <= now),
    spec.certificate,
  ).certifying;

type Change = Partial<Pick<ModelCard, "threshold" | "trainedAt" | "to" | "window">>;

/** The rivals where these versions are stored: the trained one, but for what their cards say. */
async function among(versions: Readonly<Record<string, Change>>, champion: string | null) {
  const models = memoryModels();
  for (const [version, change] of Object.entries(versions))
    await models.publish(version, filesOf({ ...trained, card: { ...trained.card, ...change } }));
  const ledger = { alias: async () => champion };
  return { models, rivals: () => rivalsOf({ tried, chosen, spec: strict }, { ledger, models }) };
}
const namesOf = async (versions: Readonly<Record<string, Change>>, champion: string | null) =>
  (await (await among(versions, champion)).rivals()).map(({ name }) => name);

const bestOther = (version: string) => `${version}, the best other of the last year,`;

/** Thresholds by how many of the rows that needed a human they would have delayed: none, within the budget, beyond it. */
function thresholds() {
  const predictions = certifying().map(({ label, raw }) => ({
    label,
    probability: calibrate(trained.calibration, raw[chosen.card.learner]),
  }));
  const real = predictions.filter(({ label }) => label === 0).map(({ probability }) => probability);
  const cuts = [...new Set(predictions.map(({ probability }) => probability))].toSorted((a, b) => b - a);
  const delayed = (cut: number) => real.filter((probability) => probability >= cut).length;
  const spared = (cut: number) =>
    predictions.filter(({ label, probability }) => label === 1 && probability >= cut).length;
  const within = cuts.filter((cut) => delayed(cut) <= BUDGET * real.length);
  const [timid = 1, bold = 1] = [within[0], within.at(-1)];
  const reckless = cuts.at(-1) ?? 0;
  expect(delayed(reckless)).toBeGreaterThan(BUDGET * real.length);
  expect(spared(bold)).toBeGreaterThan(spared(timid));
  expect(spared(reckless)).toBeGreaterThan(spared(bold));
  return { timid, bold, reckless };
}

describe("whom a challenger is set beside", () => {
  test("nobody, where there is no version that holds", async () => {
    expect(await namesOf({}, null)).toEqual([]);
    expect(await namesOf({ v1: { threshold: null } }, "v1")).toEqual([]);
  });

  test("the champion, and of the others of the last year the one that spares most within the budget", async () => {
    const { timid, bold, reckless } = thresholds();
    const others = { v2: { threshold: timid }, v3: { threshold: bold }, v4: { threshold: reckless } };
    expect(await namesOf({ v1: { threshold: timid }, ...others }, "v1")).toEqual([
      "the champion v1",
      bestOther("v3"),
    ]);
    // The order in which a store lists them says nothing.
    expect(await namesOf({ v4: others.v4, v3: others.v3, v2: others.v2 }, null)).toEqual([bestOther("v3")]);
    // A reckless one is compared where there is no other: more comparisons are never less careful.
    expect(await namesOf({ v4: others.v4 }, null)).toEqual([bestOther("v4")]);
  });

  test("of equals always the same one", async () => {
    const same = { threshold: thresholds().bold };
    expect(await namesOf({ v2: same, v3: same }, null)).toEqual([bestOther("v2")]);
    expect(await namesOf({ v3: same, v2: same }, null)).toEqual([bestOther("v2")]);
  });

  test.each([
    [364, [bestOther("v2")]],
    [366, []],
  ])("another version that was trained %i days ago", async (days, wanted) => {
    const old = { threshold: 0.5, trainedAt: at(now - days * DAY_MS) };
    expect(await namesOf({ v2: old }, null)).toEqual(wanted);
    // The champion is compared however old it is.
    expect(await namesOf({ v2: old }, "v2")).toEqual(["the champion v2"]);
  });

  test("no version that the functions would refuse: of another window, or changed after it was written", async () => {
    const { threshold } = { threshold: 0.5 };
    const { window } = trained.card;
    expect(await namesOf({ v1: { threshold, window: window + 60 }, v2: { threshold } }, "v1")).toEqual([
      bestOther("v2"),
    ]);
    const { models, rivals } = await among({ v1: { threshold } }, "v1");
    const files = models.folders.get("v1") ?? new Map<string, Uint8Array>();
    models.folders.set(
      "v1",
      new Map([...files, ["features.json", Buffer.from(`{"schema":${FEATURE_SCHEMA}}`)]]),
    );
    expect(await rivals()).toEqual([]);
  });

  test("a bucket that does not answer is no verdict: the task fails and comes again", async () => {
    const { models } = await among({ v1: { threshold: 0.5 } }, "v1");
    const broken = { ...models, read: async () => Promise.reject(new Error("the bucket refuses")) };
    const ledger = { alias: async () => "v1" };
    await expect(rivalsOf({ tried, chosen, spec: strict }, { ledger, models: broken })).rejects.toThrow(
      "the bucket refuses",
    );
  });
});

describe("what a rival says of the past", () => {
  test("are its own trees of what it has not seen, and its learner trained on the past alone of what it has", async () => {
    const rows = certifying();
    const middle = rows[Math.floor(rows.length / 2)]?.openedAt ?? 0;
    const [rival] = await (await among({ v1: { threshold: 0.5, to: at(middle) } }, "v1")).rivals();
    const rowOf = new Map(tried.replay.incidents.map(({ id }, row) => [id, row] as const));
    const { learner } = chosen.card;
    const seen = rows.filter(({ openedAt }) => openedAt <= middle);
    expect(seen.length).toBeGreaterThan(10);
    expect(rows.length - seen.length).toBeGreaterThan(10);
    const wanted = rows.map(({ id, openedAt, raw }) => {
      if (openedAt <= middle) return calibrate(trained.calibration, raw[learner]);
      const row = rowOf.get(id) ?? -1;
      const values = Float32Array.from(matrix.columns, (column) => column[row] ?? Number.NaN);
      return calibrate(trained.calibration, score(trained.model, values));
    });
    expect(rival?.rows.map((one) => one.rival)).toEqual(wanted);
    expect(rival?.rows.map(({ label }) => label)).toEqual(rows.map(({ label }) => label));
    // The two differ, or the test would say nothing.
    const memory = rows.map(({ raw }) => calibrate(trained.calibration, raw[learner]));
    expect(wanted).not.toEqual(memory);
    expect(rival?.rows.map(({ challenger }) => challenger)).toEqual(
      rows.map(({ raw }) => calibrate(chosen.calibration, raw[chosen.card.learner])),
    );
  });
});
