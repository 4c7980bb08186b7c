import { createLedger, type HistoryFiles, type LogEntry, nothingLearnt, withMode } from "@mrdata/platform";
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
}: {
  trainedAt?: number;
  history?: HistoryFiles | null;
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
    { windowMs: 300_000 },
  );
  const call = async () => (await retrain(new Request("http://function/", { method: "POST" }))).status;
  const later = (ms: number) => {
    now += ms;
  };
  return { ledger, logged, sent, call, later, retrain, clock };
}

test("starts one job a week, by the miss budget and the certificates of the settings; and leaves one behind that nobody went on with", async () => {
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

test("what drifted is told once, begins a training before it is due, and disarms where the model is too sure", async () => {
  const { ledger, call, logged, later } = setUp();
  await ledger.saveSettings(
    withMode(
      await ledger.settings(),
      "PSVC001",
      { mode: "armed", policy: "PPOLICY" },
      { who: "PME", at: 0, why: "a test" },
    ),
  );
  await call();
  await ledger.training.endJob("train-2026-03-02", { state: "done", reason: null, version: "v1" }, START);
  const at = (i: number) => START - (200 - i) * 2 * 3_600_000;
  ledger.predictions = async () =>
    Array.from({ length: 200 }, (_, i) => ({ ...held(`P${199 - i}`), probability: 0.95, model: "v1" }));
  ledger.pastIncidents = async function* () {
    for (let i = 0; i < 200; i++) {
      const recorded = await ledger.incident("PBASE");
      if (recorded !== null)
        yield {
          state: {
            ...recorded.state,
            incident: `P${i}`,
            alertType: `a${i}`,
            openedAt: at(i),
            outcome: i % 2 === 0 ? "self-resolved" : "needed-human",
          },
          events: [],
        };
    }
  };
  await ledger.recordEvent(eventOf("triggered", { incident: "PBASE" }), { window: 300_000 });
  later(DAY_MS);
  expect(await call()).toBe(200);
  const found = logged.filter(({ event }) => event === "drift.found");
  expect(found).toMatchObject([{ subject: "calibration" }]);
  expect((await ledger.settings()).disarmed).toMatchObject({
    who: "Mr Data",
    why: expect.stringMatching(/no longer holds/),
  });
  expect(logged.some(({ event }) => event === "calibration.broken")).toBe(true);
  expect((await ledger.training.jobs({ limit: 1 }))[0]).toMatchObject({
    id: "train-2026-03-03",
    state: "running",
  });
  expect(Object.keys((await ledger.training.state()).drifted)).toEqual(["calibration"]);
  later(DAY_MS);
  await call();
  expect(logged.filter(({ event }) => event === "drift.found")).toHaveLength(1);
  expect(await ledger.training.jobs({ limit: 5 })).toHaveLength(2);
});

test("begins a training that is due also where drift cannot be looked for", async () => {
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

test("on one machine it comes when the last job began long enough ago, and never where that is off", async () => {
  const { ledger, retrain, clock, later } = setUp();
  const count = async () => (await ledger.training.jobs({ limit: 9 })).length;
  await dueRetrain(retrain, { ledger, clock, every: null })();
  await dueRetrain(retrain, { ledger, clock, every: "schedule" })();
  expect(await count()).toBe(0);
  const due = dueRetrain(retrain, { ledger, clock, every: 7 * DAY_MS });
  await due();
  later(6 * DAY_MS);
  await due();
  expect(await count()).toBe(1);
  later(2 * DAY_MS);
  await due();
  expect(await count()).toBe(2);
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

test("a bucket that refuses is told of, and the training begins without its files", async () => {
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
