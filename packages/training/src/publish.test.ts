import { type ModelCard, usualLearnerSettings } from "@mrdata/learning";
import { createLedger, defaultSettings, type Ledger, memoryResults } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Done, openTasks, type TaskOutcome } from "./graph.ts";
import { someHistory } from "./history.fixture.ts";
import { historyAtHand } from "./history-source.ts";
import { fitOne, type Matrix } from "./matrix.ts";
import { memoryModels } from "./memory-models.fixture.ts";
import { publishTask } from "./publish.ts";
import { roughSpec } from "./rough-spec.fixture.ts";
import { taskRunner } from "./run-task.ts";
import type { TrainingSpec } from "./spec.ts";
import type { PublishIo } from "./task-io.ts";
import { filesOf, trainedOf } from "./trained.ts";

const DAY_MS = 86_400_000;
const history = someHistory(230);
const now = (history.at(-1)?.createdAt ?? 0) + 300 * 60_000;
const rough = roughSpec(now, 0.3, { unattended: true });
const spec: TrainingSpec = { ...rough, learners: usualLearnerSettings(rough.trees) };
/** One that no version of so short a history is certified by. */
const strict: TrainingSpec = {
  ...spec,
  rule: { ...spec.rule, missBudget: 0.02 },
  certificate: { ...spec.certificate, budget: 0.02 },
};
const { windowMs } = spec;
const results = memoryResults();
const tasks = {
  results,
  history: historyAtHand(history),
  fit: (m: Matrix, b: number) => fitOne(m, b, "rates"),
};

/** Runs all tasks of a job except the last; fits are shared between jobs. */
async function upToPublish(of: TrainingSpec): Promise<Done> {
  const run = taskRunner(tasks);
  const done = new Map<string, TaskOutcome>();
  for (;;) {
    const open = openTasks(done).filter((name) => name !== "publish");
    if (open.length === 0) return done;
    for (const name of open) done.set(name, await run({ job: "any", spec: of }, name, new Map(done)));
  }
}

let done: Done;
let doneStrict: Done;
beforeAll(async () => {
  done = await upToPublish(spec);
  doneStrict = await upToPublish(strict);
});

/** A bot whose budget is that of the job; `champion` is no version of the store, and so no rival. */
async function bot({ champion = null }: { readonly champion?: string | null } = {}) {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  await ledger.saveSettings({ ...defaultSettings, missBudget: spec.certificate.budget });
  if (champion !== null) await ledger.promote(champion);
  const models = memoryModels();
  const own = memoryResults();
  const apart: PublishIo["results"] = {
    ...own,
    read: async (name) => (await own.read(name)) ?? results.read(name),
  };
  const publish = (job: string, change: Partial<PublishIo> = {}, of = spec) =>
    publishTask({ job, spec: of }, of === strict ? doneStrict : done, {
      ...tasks,
      results: apart,
      models,
      ledger,
      windowMs,
      now: () => now + DAY_MS,
      ...change,
    });
  const stands = async () => {
    const { learners, uncertified, uncertifiedBy } = await ledger.training.state();
    const [is, was, beside] = await Promise.all([
      ledger.alias("champion"),
      ledger.alias("previous"),
      ledger.alias("challenger"),
    ]);
    return { champion: is, previous: was, challenger: beside, learners, uncertified, uncertifiedBy };
  };
  return { ledger, models, publish, stands };
}

describe("a publishing that dies", () => {
  const killed = new Error("kill -9");
  test.each<[when: string, change: (ledger: Ledger) => Partial<Ledger>]>([
    ["before it promotes", () => ({ promoteByItself: async () => Promise.reject(killed) })],
    [
      "right after it has promoted",
      (ledger) => ({
        promoteByItself: async (version, promotion) => {
          await ledger.promoteByItself(version, promotion);
          throw killed;
        },
      }),
    ],
  ])("%s, ends as one that does not once it comes again", async (_when, change) => {
    const { ledger, models, publish, stands } = await bot({ champion: "v9" });
    await ledger.setAlias("challenger", "v8");
    await ledger.training.changeState((state) => ({ ...state, uncertified: { at: 0, real: 1 } }));
    const first = publish("job-1", { ledger: { ...ledger, ...change(ledger) } });
    await expect(first).rejects.toBe(killed);
    expect(await publish("job-1")).toMatchObject({ version: "v1", reason: null });
    expect(await stands()).toEqual({
      champion: "v1",
      previous: "v9",
      challenger: null,
      learners: spec.learners,
      uncertified: null,
      uncertifiedBy: [],
    });
    expect(await models.versions()).toEqual(["v1"]);
  });
});

describe("what happens while the gate compares counts", () => {
  test.each<
    [what: string, champion: string | null, change: (ledger: Ledger) => Promise<unknown>, reason: RegExp]
  >([
    [
      "a rollback",
      "v9",
      (ledger) => ledger.training.changeState((state) => ({ ...state, paused: { at: now, why: "v9 went" } })),
      /^It would be champion.*v9 went\. 'mrdata models resume'/,
    ],
    ["a promotion by hand", "v9", (ledger) => ledger.promote("v7"), /meanwhile v7 became champion/],
    ["a demotion", "v9", (ledger) => ledger.demote(), /meanwhile there is none any more/],
    ["a first champion", null, (ledger) => ledger.promote("v7"), /beside no champion, and meanwhile v7/],
    [
      "a smaller budget",
      null,
      (ledger) => ledger.changeSettings((settings) => ({ ...settings, missBudget: 0.1 })),
      /certified for a miss budget of 30 %, and now it is 10 %\. The next training/,
    ],
    [
      "a smaller delta",
      null,
      (ledger) =>
        ledger.changeSettings((settings) => ({ ...settings, certificate: { delta: 0.05, days: 180 } })),
      /wrong with a chance of 10 %, and now it may be with 5 %/,
    ],
    [
      "other days",
      "v9",
      (ledger) =>
        ledger.changeSettings((settings) => ({ ...settings, certificate: { delta: 0.1, days: 90 } })),
      /reaches back 180 days, and now it is to reach back 90/,
    ],
  ])("%s", async (_what, champion, change, reason) => {
    const { ledger, models, publish, stands } = await bot({ champion });
    let asked = 0;
    // The second look is for the rivals.
    const versions = async () => {
      if (++asked === 2) await change(ledger);
      return models.versions();
    };
    const published = await publish("job-1", { models: { ...models, versions } });
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(published.reason).toMatch(reason);
    const stood = await stands();
    expect(stood.champion).not.toBe("v1");
    expect(stood).toMatchObject({ challenger: "v1", learners: null });
  });

  test("a larger budget and a larger delta do not, for it promises more than that", async () => {
    const { ledger, publish } = await bot();
    await ledger.changeSettings((settings) => ({
      ...settings,
      missBudget: 0.5,
      certificate: { delta: 0.2, days: 180 },
    }));
    expect((await publish("job-1")).reason).toBeNull();
  });

  test("a window that the functions no longer work with", async () => {
    const { publish, stands } = await bot();
    expect((await publish("job-1", { windowMs: 600_000 })).reason).toMatch(
      /^It was trained for a window of 1800 s, and the functions work with 600 s\./,
    );
    expect(await stands()).toMatchObject({ champion: null, challenger: "v1" });
  });

  test("a pause that was lifted lets the next job promote", async () => {
    const { ledger, publish } = await bot({ champion: "v9" });
    await ledger.training.changeState((state) => ({ ...state, paused: { at: now, why: "v9 went" } }));
    expect((await publish("job-1")).reason).toMatch(/^It would be champion/);
    await ledger.training.changeState((state) => ({ ...state, paused: null }));
    expect((await publish("job-2")).reason).toBeNull();
  });
});

describe("settings that a tuning found", () => {
  /** Those that trainings go by now. */
  const today = { ...usualLearnerSettings(7) };

  /** Beside a champion of the day before that is the same version, but for what its card says. */
  async function beside(change: Partial<Pick<ModelCard, "threshold">>) {
    const { ledger, models, publish, stands } = await bot();
    const trained = await trainedOf(done, { results });
    const trainedAt = new Date(now - DAY_MS).toISOString();
    await models.publish("v9", filesOf({ ...trained, card: { ...trained.card, trainedAt, ...change } }));
    await ledger.promote("v9");
    await ledger.training.changeState((state) => ({ ...state, learners: today }));
    expect(spec.learners).not.toEqual(today);
    return { ledger, publish, stands };
  }

  test("take the place of today's with a version that passes the gate, and trainings go on with them", async () => {
    const { publish, stands } = await beside({});
    expect((await publish("tune-1-version")).reason).toBeNull();
    expect(await stands()).toMatchObject({ champion: "v10", learners: spec.learners });
  });

  test("change nothing where their version does not pass, however good they looked: it is challenger", async () => {
    const { publish, stands } = await beside({ threshold: 1 });
    expect((await publish("tune-1-version")).reason).toMatch(
      /^Beside the champion v9 it would have delayed \d+ of \d+ real incidents that the other did not/,
    );
    expect(await stands()).toMatchObject({ champion: "v9", challenger: "v10", learners: today });
  });

  test("change nothing where their version has no certificate", async () => {
    const { ledger, publish, stands } = await beside({});
    await ledger.changeSettings((settings) => ({ ...settings, missBudget: 0.02 }));
    expect((await publish("tune-1-version", {}, strict)).reason).not.toBeNull();
    expect(await stands()).toMatchObject({ champion: "v9", learners: today });
  });
});

describe("a version without a certificate", () => {
  const none = /real|human|certif/;
  test("says why again where its message comes again, and another job of the same question says that it was tried lately", async () => {
    const { ledger, publish, stands } = await bot();
    await ledger.changeSettings((settings) => ({ ...settings, missBudget: 0.02 }));
    const first = await publish("job-1", {}, strict);
    expect(first.reason).toMatch(none);
    expect(first.reason).not.toMatch(/tried/);
    expect((await publish("job-1", {}, strict)).reason).toBe(first.reason);
    const { uncertifiedBy } = await stands();
    expect(uncertifiedBy).toMatchObject([{ job: "job-1", budget: 0.02, delta: 0.1, days: 180, windowMs }]);
    expect((await publish("job-2", {}, strict)).reason).toMatch(/tried on \d+ incidents .* the next look/);
    // What is noted of a look that was none stays as it was.
    expect((await stands()).uncertifiedBy).toEqual(uncertifiedBy);
  });

  test("is no obstacle to a version for another question", async () => {
    const { publish, stands } = await bot();
    await publish("job-1", {}, strict);
    expect(await stands()).toMatchObject({ champion: null, uncertifiedBy: [{ job: "job-1" }] });
    expect((await publish("job-2")).reason).toBeNull();
  });

  test.each([
    ["a fifth more than then", (real: number) => ({ at: now, real: Math.floor(real / 1.2) }), true],
    ["as many as then", (real: number) => ({ at: now, real }), false],
    ["as many as are drawn, of which a fifth came since", (real: number) => ({ at: 0, real }), true],
  ])("is tried again with %s", async (_what, before, isTried) => {
    const { ledger, publish, stands } = await bot();
    await ledger.changeSettings((settings) => ({ ...settings, missBudget: 0.02 }));
    await publish("job-1", {}, strict);
    await ledger.training.changeState((state) => ({
      ...state,
      uncertifiedBy: state.uncertifiedBy.map((one) => ({ ...one, ...before(one.real) })),
    }));
    const { reason } = await publish("job-2", {}, strict);
    expect(reason).toMatch(isTried ? none : /tried on/);
    expect((await stands()).uncertifiedBy.map(({ job }) => job)).toEqual([isTried ? "job-2" : "job-1"]);
  });

  test("recorded by an earlier program counts for any question", async () => {
    const { ledger, publish } = await bot();
    await ledger.training.changeState((state) => ({ ...state, uncertified: { at: now, real: 10_000 } }));
    expect((await publish("job-1")).reason).toMatch(/tried on 10000 incidents/);
  });
});
