import {
  createLedger,
  type HistoryFiles,
  type Ledger,
  type LogEntry,
  nothingLearnt,
  withMode,
} from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { held } from "../paging/plain-ledger.fixture.ts";
import { eventOf } from "../respond/respond-context.fixture.ts";
import { dueRetrain } from "./due-retrain.ts";
import { createRetrain } from "./retrain.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-03-02T03:00:00Z");

const cardOf = (trainedAt: number) =>
  Buffer.from(
    JSON.stringify({
      schema: 1,
      trainedAt: new Date(trainedAt).toISOString(),
      window: 300,
      learner: "rates",
      threshold: null,
      rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
      seed: 1,
      incidents: 300,
      from: new Date(trainedAt).toISOString(),
      to: new Date(trainedAt).toISOString(),
      services: 1,
      remark: null,
      figures: { scored: 1, auc: 1 },
      files: {},
    }),
  );

function setUp({
  trainedAt = START,
  history = null,
  every = "schedule",
}: {
  trainedAt?: number;
  history?: HistoryFiles | null;
  every?: number | "schedule" | null;
} = {}) {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  const logged: LogEntry[] = [];
  const sent: string[] = [];
  let now = START;
  const clock = { now: () => now, sleep: async () => {} };
  const retrain = createRetrain(
    {
      bus: {
        async publish(topic, { data }) {
          sent.push(`${topic} ${Buffer.from(data).toString()}`);
          return { messageId: "1" };
        },
      },
      ledger,
      models: { read: async () => cardOf(trainedAt) },
      history,
      clock,
      log: (entry) => logged.push(entry),
    },
    { windowMs: 300_000, every },
  );
  const call = async () => (await retrain(new Request("http://function/", { method: "POST" }))).status;
  const later = (ms: number) => {
    now += ms;
  };
  return { ledger, logged, sent, call, later, retrain, clock };
}

test("starts one job a week, by the settings' miss budget and certificates; and passes over an abandoned one", async () => {
  const { ledger, sent, call, later } = setUp();
  const settings = await ledger.settings();
  await ledger.saveSettings({ ...settings, missBudget: 0.05, certificate: { delta: 0.05, days: 90 } });
  expect([await call(), await call()]).toEqual([200, 200]);
  expect(new Set(sent)).toEqual(
    new Set([`pd-learn ${JSON.stringify({ job: "train-2026-03-02", task: "read-0" })}`]),
  );
  later(DAY_MS);
  expect(await call()).toBe(200);
  expect(await ledger.training.jobs({ limit: 5 })).toHaveLength(1);
  later(6 * DAY_MS);
  expect(await call()).toBe(200);
  const jobs = await ledger.training.jobs({ limit: 5 });
  expect(jobs.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "train-2026-03-09 running",
    "train-2026-03-02 failed",
  ]);
  expect(jobs[1]?.spec).toMatchObject({
    windowMs: 300_000,
    certificate: { budget: 0.05, delta: 0.05, days: 90 },
    unattended: true,
  });
});

test.each([
  [29, false],
  [31, true],
])("says that no version has become champion for a month: %i days, %s", async (days, isSaid) => {
  const { ledger, logged, call } = setUp({ trainedAt: START - days * DAY_MS });
  await ledger.promote("v1");
  await call();
  expect(logged.some(({ event }) => event === "champion.overdue")).toBe(isSaid);
  expect(logged.at(-1)?.event).toBe("retrain.done");
});

/** A bot whose champion `model` says .95 for `rows` incidents, half of which resolve themselves; a service is armed. */
async function tooSure({ model = "v1", rows = 200, isSure = true } = {}) {
  const one = setUp();
  const { ledger } = one;
  await ledger.promote("v1");
  const arm = async (at: number) =>
    ledger.changeSettings((settings) =>
      withMode(settings, "PSVC001", { mode: "armed", policy: "PPOLICY" }, { who: "PME", at, why: "a test" }),
    );
  await arm(0);
  await one.call();
  await ledger.training.endJob("train-2026-03-02", { state: "done", reason: null, version: "v1" }, START);
  const past = { model, from: START - 400 * 3_600_000, rows, isSure };
  const openedAt = (i: number) => past.from + i * 2 * 3_600_000;
  ledger.predictions = async () =>
    Array.from({ length: past.rows }, (_, i) => ({
      ...held(`P${past.rows - 1 - i}`),
      probability: past.isSure ? 0.95 : 0.05,
      model: past.model,
      openedAt: openedAt(past.rows - 1 - i),
    }));
  ledger.pastIncidents = async function* () {
    const recorded = await ledger.incident("PBASE");
    for (let i = 0; i < past.rows && recorded !== null; i++)
      yield {
        state: {
          ...recorded.state,
          incident: `P${i}`,
          alertType: `a${i}`,
          openedAt: openedAt(i),
          outcome: i % 2 === 0 ? "self-resolved" : "needed-human",
        },
        events: [],
      };
  };
  await ledger.recordEvent(eventOf("triggered", { incident: "PBASE" }), { windowMs: 300_000 });
  const disarmed = async () => (await ledger.settings()).disarmed !== null;
  const reported = () => one.logged.filter(({ event }) => event === "drift.found").length;
  one.later(DAY_MS);
  return { ...one, arm, past, disarmed, reported };
}

test("a drift is reported once, begins a training before it is due, and disarms where the model is overconfident", async () => {
  const { ledger, call, logged, later, reported } = await tooSure();
  expect(await call()).toBe(200);
  expect(logged.filter(({ event }) => event === "drift.found")).toMatchObject([{ subject: "calibration" }]);
  expect((await ledger.settings()).disarmed).toMatchObject({
    who: "Mr Data",
    why: expect.stringMatching(/no longer holds/),
  });
  expect(logged.some(({ event }) => event === "calibration.broken")).toBe(true);
  expect((await ledger.training.jobs({ limit: 1 }))[0]).toMatchObject({
    id: "train-2026-03-03",
    state: "running",
  });
  expect(Object.keys((await ledger.training.state()).drifted)).toEqual(["calibration sure v1"]);
  later(DAY_MS);
  await call();
  expect(reported()).toBe(1);
  expect(logged.filter(({ event }) => event === "calibration.broken")).toHaveLength(1);
  expect(await ledger.training.jobs({ limit: 5 })).toHaveLength(2);
});

test.each(["changeSettings", "startJob", "changeState", "jobs"])(
  "a disarming, and the training that drift begins, survive that '%s' fails once",
  async (failing) => {
    const { ledger, call, disarmed, reported, logged } = await tooSure();
    const down = async () => Promise.reject(new Error("the ledger is down"));
    const { changeSettings } = ledger;
    const { training } = ledger;
    if (failing === "changeSettings") ledger.changeSettings = down;
    else Object.assign(ledger, { training: { ...training, [failing]: down } });
    expect(await call()).toBe(503);
    // Whatever else fails, it holds nothing any more.
    expect(await disarmed()).toBe(failing !== "changeSettings");
    Object.assign(ledger, { changeSettings, training });
    expect(await call()).toBe(200);
    expect(await disarmed()).toBe(true);
    expect((await training.jobs({ limit: 1 }))[0]).toMatchObject({
      id: "train-2026-03-03",
      state: "running",
    });
    expect(reported()).toBeGreaterThanOrEqual(1);
    expect(logged.filter(({ event }) => event === "calibration.broken")).toHaveLength(1);
    await call();
    expect(Object.keys((await training.state()).drifted)).toEqual(["calibration sure v1"]);
  },
);

test("once a person has armed again, only what came since is held against the same champion, and it disarms again", async () => {
  const { call, arm, past, disarmed, later, clock } = await tooSure();
  await call();
  expect(await disarmed()).toBe(true);
  later(3_600_000);
  await arm(clock.now());
  for (let day = 0; day < 40; day++) {
    later(DAY_MS);
    await call();
    expect(await disarmed(), `day ${day}`).toBe(false);
  }
  past.from = clock.now() - 200 * 2 * 3_600_000;
  await call();
  expect(await disarmed()).toBe(true);
});

test("predictions of a version other than the champion disarm nobody", async () => {
  const { call, disarmed, reported } = await tooSure({ model: "v0" });
  await call();
  expect([await disarmed(), reported()]).toEqual([false, 0]);
});

test("overconfidence is reported, and disarms, right after underconfidence was reported", async () => {
  const { ledger, call, disarmed, reported, past, later } = await tooSure({ isSure: false });
  await call();
  expect([await disarmed(), reported()]).toEqual([false, 1]);
  past.isSure = true;
  later(DAY_MS);
  await call();
  expect([await disarmed(), reported()]).toEqual([true, 2]);
  // Drifts of a former champion are not reported.
  await ledger.promote("v2");
  later(DAY_MS);
  await call();
  expect((await ledger.training.state()).drifted).toEqual({});
});

test("where no training begins by itself, drift is still looked for and disarms, and abandoned jobs are reported", async () => {
  const { ledger, logged, call, clock, later, disarmed } = await tooSure();
  await ledger.training.startJob({ id: "by-hand", kind: "train", spec: {} }, clock.now());
  later(2 * DAY_MS);
  const stopped = createRetrain(
    {
      bus: { publish: async () => ({ messageId: "1" }) },
      ledger,
      models: { read: async () => cardOf(START - 40 * DAY_MS) },
      history: null,
      clock,
      log: (entry) => logged.push(entry),
    },
    { windowMs: 300_000, every: null },
  );
  const answer = await stopped(new Request("http://function/", { method: "POST" }));
  expect(await answer.json()).toMatchObject({
    state: "off",
    drift: [expect.stringMatching(/no longer holds/)],
  });
  expect(await disarmed()).toBe(true);
  expect((await ledger.training.jobs({ limit: 5 })).map(({ id }) => id)).toEqual([
    "by-hand",
    "train-2026-03-02",
  ]);
  expect(logged).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ event: "champion.overdue" }),
      expect.objectContaining({ event: "job.failed", job: "by-hand", severity: "ERROR" }),
    ]),
  );
  expect(await call()).toBe(200);
});

test("an abandoned job is failed and reported on the next day, and the next in line begins", async () => {
  const { ledger, logged, sent, call, later } = setUp();
  await call();
  const { spec = {} } = (await ledger.training.job("train-2026-03-02")) ?? {};
  await ledger.training.startJob({ id: "second", kind: "train", spec }, START + DAY_MS);
  later(DAY_MS + 60_000);
  await call();
  expect(logged.filter(({ event }) => event === "job.failed")).toMatchObject([
    { job: "train-2026-03-02", reason: expect.stringMatching(/left behind/) },
  ]);
  expect(await ledger.training.job("second")).toMatchObject({ state: "running" });
  expect(sent.filter((one) => one.includes("second"))).toHaveLength(1);
});

test.each([400, 30, 2])(
  "a job made by a clock %i days ahead keeps no training from beginning",
  async (ahead) => {
    const { ledger, call, later } = setUp();
    await ledger.training.startJob({ id: "ahead", kind: "train", spec: {} }, START + ahead * DAY_MS);
    await ledger.training.endJob("ahead", { state: "done", reason: null, version: "v1" }, START);
    const begun = async () =>
      (await ledger.training.jobs({ limit: 50 })).filter(({ id }) => id !== "ahead").length;
    await call();
    expect(await begun()).toBe(1);
    later(7 * DAY_MS);
    await call();
    // Two days ahead is a week old by now, or will be.
    expect(await begun()).toBe(ahead === 2 ? 1 : 2);
  },
);

test("begins a training that is due even if looking for drift fails", async () => {
  const { ledger, call, logged } = setUp();
  ledger.predictions = async () => Promise.reject(new Error("the index is being built"));
  expect(await call()).toBe(200);
  expect(logged.map(({ event }) => event)).toContain("drift.failed");
  expect(await ledger.training.jobs({ limit: 5 })).toHaveLength(1);
});

test("begins nothing by settings that cannot be read, and says so", async () => {
  const { ledger, call, logged } = setUp();
  ledger.settings = async () => Promise.reject(new Error("the ledger is down"));
  expect(await call()).toBe(503);
  expect(logged.map(({ event }) => event)).toEqual(["settings.unreadable"]);
  expect(await ledger.training.state()).toEqual(nothingLearnt);
});

/** What a bot on one machine does within this many days, called every hour. */
async function days(
  every: number | "schedule" | null,
  count: number,
  prepare?: (ledger: Ledger) => Promise<unknown>,
) {
  const { ledger, retrain, clock, later } = setUp({ every });
  await prepare?.(ledger);
  let looks = 0;
  const due = dueRetrain(
    async (request) => {
      looks++;
      return retrain(request);
    },
    { ledger, clock, every },
  );
  for (let hour = 0; hour < count * 24; hour++) {
    await due();
    later(DAY_MS / 24);
  }
  const jobs = await ledger.training.jobs({ limit: 50 });
  return { looks, jobs: jobs.filter(({ id }) => id.startsWith("train-")).length };
}
test.each([
  ["never", null, 3, { looks: 3, jobs: 0 }],
  ["a schedule elsewhere", "schedule", 3, { looks: 0, jobs: 0 }],
  ["once a day", DAY_MS, 4, { looks: 4, jobs: 4 }],
  ["every 36 hours", 1.5 * DAY_MS, 6, { looks: 8, jobs: 4 }],
  ["twice a day", DAY_MS / 2, 2, { looks: 4, jobs: 4 }],
  ["once a week", 7 * DAY_MS, 8, { looks: 8, jobs: 2 }],
] as const)(
  "on a single machine drift is looked for daily, and a training begins as often as configured: %s",
  async (_told, every, count, wanted) => {
    expect(await days(every, count)).toEqual(wanted);
  },
);

test("a tuning keeps no training on one machine from beginning, and one that fails is tried again in ten minutes", async () => {
  const tuned = (ledger: Ledger) => ledger.training.startJob({ id: "tune-1", kind: "tune", spec: {} }, START);
  expect((await days(7 * DAY_MS, 1, tuned)).jobs).toBe(1);
  const { ledger, clock, later } = setUp();
  let looks = 0;
  const failing = async () => {
    looks++;
    return Response.json({}, { status: 503 });
  };
  const due = dueRetrain(failing, { ledger, clock, every: DAY_MS });
  for (let minute = 0; minute < 60; minute++) {
    await due();
    later(60_000);
  }
  expect(looks).toBe(6);
});

test("names each history file of the bucket in the job and in the log, once, and none that a person has accepted", async () => {
  const listed = [
    { name: "a.csv", generation: "3", bytes: 10, writtenBy: "user-sre@example.com" },
    { name: "b.csv", generation: "4", bytes: 20, writtenBy: null },
  ];
  let looked = 0;
  const list = async () => {
    looked++;
    return listed;
  };
  const { ledger, logged, sent, call, later } = setUp({ history: { list, read: async () => null } });
  await call();
  await call();
  expect(looked).toBe(1);
  expect(logged.filter(({ event }) => event === "history.imported")).toMatchObject([
    { job: "train-2026-03-02", file: "a.csv", generation: "3", writtenBy: "user-sre@example.com" },
    { file: "b.csv", generation: "4", writtenBy: null },
  ]);
  const begun = (job: string) =>
    sent.filter((one) => one.includes(job)).map((one) => /"task":"([\w-]+)"/.exec(one)?.[1]);
  expect(new Set(begun("train-2026-03-02"))).toEqual(new Set(["import-0", "import-1"]));
  await ledger.training.changeState((state) => ({
    ...state,
    accepted: [{ name: "a.csv", generation: "3", at: START, by: "ada" }],
  }));
  await ledger.training.endJob("train-2026-03-02", { state: "done", reason: null, version: "v1" }, START);
  later(7 * DAY_MS);
  await call();
  expect(begun("train-2026-03-09")).toEqual(["import-0"]);
});

test("a bucket that refuses is reported, and the training begins without its files", async () => {
  const history = {
    list: async () =>
      Promise.reject(new Error("403 mrdata-retrain does not have storage.objects.list access")),
    read: async () => null,
  };
  const { logged, sent, call } = setUp({ history });
  expect(await call()).toBe(200);
  expect(logged.find(({ event }) => event === "history.unreadable")).toMatchObject({
    severity: "ERROR",
    reason: expect.stringContaining("storage.objects.list"),
  });
  expect(sent).toEqual([`pd-learn ${JSON.stringify({ job: "train-2026-03-02", task: "read-0" })}`]);
});
