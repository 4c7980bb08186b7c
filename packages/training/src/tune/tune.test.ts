import { createRandom } from "@mrdata/forest";
import { partsOfPast, usualLearnerSettings } from "@mrdata/learning";
import { createLedger, memoryResults } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { doneOf } from "../done-of.ts";
import { tasksInAll } from "../graph.ts";
import { someHistory } from "../history.fixture.ts";
import { historyAtHand } from "../history-source.ts";
import { type LearnMessage, type LearnPorts, learn, startJob } from "../learn.ts";
import type { Matrix } from "../matrix.ts";
import { roughSpec } from "../rough-spec.fixture.ts";
import { taskRunner } from "../run-task.ts";
import { resultOf } from "../task-io.ts";
import type { TunePlan } from "./plan.ts";
import { settingsOfTrial } from "./space.ts";
import { planTuning, versionOfTuning } from "./start-tuning.ts";
import { tunedIn } from "./tuned.ts";
import { tuningBlocks } from "./tuning-rows.ts";

const history = someHistory(300);
const now = (history.at(-1)?.createdAt ?? 0) + 18_000_000;
const spec = { ...roughSpec(now, 0.3, { unattended: false }), refits: 4 };
const usual = usualLearnerSettings(5);
const plan: TunePlan = { trials: 24, until: null, seed: 7, width: 4, usual };

/** A learner that is the better the nearer its learning rate is to a tenth; a forest never gets better. */
async function fit(
  { settings, blocks, labels }: Matrix,
  block: number,
  learner: string,
): Promise<Float64Array> {
  const rate =
    learner === "forest" || learner === "rates"
      ? 0.01
      : (settings ?? usual)[learner === "worded" ? "worded" : learner === "shallow" ? "shallow" : "boosting"]
          .learningRate;
  const wrong = Math.min(0.45, 0.1 + Math.abs(Math.log(rate / 0.1)) / 5);
  const { start = 0, end = 0 } = blocks[block] ?? {};
  return Float64Array.from(labels.slice(start, end), (label) => Math.abs(label - wrong));
}

/** A ledger and a queue; `killed` is how often a worker dies when it has done a task. */
function laboratory({ seed = 1, killed = 0 } = {}) {
  const random = createRandom(seed);
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  const queue: LearnMessage[] = [];
  const results = memoryResults();
  let time = now;
  let fits = 0;
  const io = {
    results,
    history: historyAtHand(history),
    now: () => time,
    fit: (matrix: Matrix, block: number, learner: string) => {
      fits++;
      return fit(matrix, block, learner);
    },
  };
  const starting = {
    ledger,
    send: async (message: LearnMessage) => {
      queue.push(message);
    },
    now: () => now,
    report: () => {},
  };
  const ports: LearnPorts = {
    ...starting,
    async run(job, task, done) {
      const outcome = await taskRunner(io)(job, task, done);
      if (random.next() < killed) throw new Error("kill -9");
      return outcome;
    },
    afterTuning: versionOfTuning(starting, io),
  };
  return {
    ledger,
    io,
    queue,
    fits: () => fits,
    later: (ms: number) => {
      time += ms;
    },
    async start(own = plan) {
      await planTuning({ id: "tune-1", plan: own, at: now }, ledger);
      return startJob({ id: "tune-1", spec }, starting);
    },
    async work(most = Number.POSITIVE_INFINITY) {
      for (let k = 0; k < most; k++) {
        // The version that follows is another test's.
        const mine = queue.findIndex(({ job }) => job === "tune-1");
        const [message] = queue.splice(mine, mine === -1 ? 0 : 1);
        if (message === undefined) return;
        await learn(message, ports).catch(() => queue.push(message));
      }
    },
    async found() {
      const done = await doneOf("tune-1", ledger);
      const { result = "" } = done.get("tuned") ?? {};
      return tunedIn(await resultOf(io, result));
    },
  };
}

test("finds better settings on rows that certify nothing, and starts a training with them by the gate's rule", async () => {
  const { start, work, ledger, found, fits } = laboratory();
  expect((await start()).kind).toBe("tune");
  await work();
  const tuned = await found();
  const boosting = tuned.best.find(({ learner }) => learner === "boosting");
  expect(boosting?.isBetter).toBe(true);
  expect(Math.abs(Math.log((boosting?.settings.learningRate ?? 0) / 0.1))).toBeLessThan(0.7);
  expect(tuned.best.find(({ learner }) => learner === "forest")?.isBetter ?? false).toBe(false);
  expect(tuned.learners?.forest).toEqual(usual.forest);
  expect(tuned.mattered.map(({ learner }) => learner)).toContain("boosting");
  expect(tuned.trials).toHaveLength(24);
  // All of them on all blocks would be many more.
  expect(fits()).toBeLessThan(24 * 10 * 0.7);
  const done = await doneOf("tune-1", ledger);
  expect(tasksInAll(done)).toBe(done.size);
  const version = await ledger.training.job("tune-1-version");
  expect(version).toMatchObject({
    kind: "train",
    state: "running",
    spec: { unattended: true, learners: tuned.learners },
  });
  expect((await ledger.training.job("tune-1"))?.reason).toMatch(
    /boosting has a Brier score of \.?0?\.\d+ instead of/,
  );
});

test("is the same where its workers die and go on, with trials that were done done once", async () => {
  const whole = laboratory();
  await whole.start();
  await whole.work();
  const broken = laboratory({ seed: 5, killed: 0.3 });
  await broken.start();
  await broken.work(9);
  await broken.start();
  await broken.work();
  expect((await broken.found()).trials.map(({ settings }) => settings).length).toBe(24);
  expect((await broken.found()).best.map(({ learner, isBetter }) => [learner, isBetter])).toEqual(
    (await whole.found()).best.map(({ learner, isBetter }) => [learner, isBetter]),
  );
  expect((await broken.ledger.training.job("tune-1"))?.state).toBe("done");
});

test("ends when its minutes are over, with today's learners measured to the end", async () => {
  const { start, work, later, found, ledger } = laboratory();
  await start({ ...plan, trials: 500, until: now + 60_000 });
  await work(30);
  later(61_000);
  await work();
  expect((await ledger.training.job("tune-1"))?.state).toBe("done");
  const { trials } = await found();
  expect(trials.length).toBeLessThan(100);
  expect(trials.filter(({ isUsual, rung }) => isUsual && rung === 2)).toHaveLength(4);
});

test("where nothing is better today's settings stand, and no training begins", async () => {
  const best = { ...usual.boosting, learningRate: 0.1 };
  const { start, work, found, ledger } = laboratory();
  const worded = { ...best, components: usual.worded.components };
  await start({ ...plan, usual: { ...usual, boosting: best, worded, shallow: best } });
  await work();
  expect((await found()).learners).toBeNull();
  expect(await ledger.training.job("tune-1-version")).toBeNull();
  expect((await ledger.training.job("tune-1"))?.reason).toMatch(/they stand\.$/);
});

test("never uses a row that certifies, that was imported, or whose outcome is not known yet", () => {
  const incidents = someHistory(400).map((one, i) => ({ ...one, createdAt: i * 86_400_000 }));
  const blocks = [
    { start: 200, end: 300, moment: 0, place: 0, scored: false },
    { start: 300, end: 400, moment: 0, place: 1, scored: true },
  ];
  const knownAt = Float64Array.from(incidents, ({ createdAt }) => createdAt + 1_000);
  const certificate = { budget: 0.1, delta: 0.1, days: 30 };
  const apart = new Set(incidents.filter((_, i) => i % 7 === 0).map(({ id }) => id));
  const at = 380 * 86_400_000;
  const rows = tuningBlocks({ blocks, knownAt }, { incidents, apart }, { now: at, certificate }).flatMap(
    (one) => one.rows,
  );
  expect(rows.length).toBeGreaterThan(50);
  const counted = incidents.slice(200, 380).filter(({ id }) => !apart.has(id));
  const { certifying } = partsOfPast(
    counted.map(({ id, createdAt }) => ({ id, openedAt: createdAt })),
    certificate,
  );
  const forbidden = new Set([...certifying.map(({ id }) => id), ...apart]);
  expect(rows.filter((row) => forbidden.has(incidents[row]?.id ?? "") || row >= 380)).toEqual([]);
});

test("a trial's settings are its seed's, and within what the learners can be made with", () => {
  const components = new Set<number>();
  for (let trial = 4; trial < 200; trial++) {
    const settings = settingsOfTrial(plan, trial);
    expect(settingsOfTrial(plan, trial)).toEqual(settings);
    for (const [name, value] of Object.entries(settings))
      if (name === "components") components.add(value);
      else expect(value).toBeGreaterThan(0);
    if ("subsample" in settings) expect(settings.subsample).toBeLessThanOrEqual(1);
  }
  expect([...components].sort((a, b) => a - b)).toEqual([0, 4, 8, 16]);
  expect(settingsOfTrial({ ...plan, seed: 8 }, 9)).not.toEqual(settingsOfTrial(plan, 9));
  expect(settingsOfTrial(plan, 0)).toEqual(usual.boosting);
});
