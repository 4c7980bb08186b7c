import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";
import { createLedger, type DocumentData, defaultSettings, memoryResults } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { beforeAll, describe, expect, test } from "vitest";
import { doneOf } from "./done-of.ts";
import { someHistory } from "./history.fixture.ts";
import { historyAtHand } from "./history-source.ts";
import { type LearnEvent, type LearnMessage, type LearnPorts, learn, startJob } from "./learn.ts";
import { fitOne, type Matrix } from "./matrix.ts";
import { memoryModels } from "./memory-models.fixture.ts";
import { publishTask } from "./publish.ts";
import { roughSpec } from "./rough-spec.fixture.ts";
import { taskRunner } from "./run-task.ts";
import type { PublishIo } from "./task-io.ts";
import { trainHere } from "./train-here.ts";
import { filesOf } from "./trained.ts";

const MINUTE = 60_000;
const history = someHistory(260);
const now = (history.at(-1)?.createdAt ?? 0) + 300 * MINUTE;
const spec = roughSpec(now, 0.3, { unattended: true });
const { windowMs } = spec;
const { seed: _, ...withoutSeed } = spec;
/** Of a coordinator that is newer than the worker, or of a deployment long ago. */
const otherSpecs: readonly DocumentData[] = [
  { ...spec, schema: spec.schema + 1 },
  { ...spec, schema: 0 },
  { ...spec, features: spec.features + 1 },
  { ...spec, halfLifeDays: 30 },
  withoutSeed,
  { ...spec, learners: { forest: "another" } },
  {},
];
/** The cheapest learner replaces all others: these tests are about how the tasks fit together. */
const fit = (matrix: Matrix, block: number) => fitOne(matrix, block, "rates");

class Killed extends Error {}

/** A bus and workers in one: messages in any order, some twice, some to a worker that dies over them. */
async function laboratory({ seed = 1, killed = 0, repeated = 0 } = {}) {
  const random = createRandom(seed);
  // Whoever sets nothing has a smaller budget than so short a history can be certified for.
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  await ledger.saveSettings({ ...defaultSettings, missBudget: spec.certificate.budget });
  const models = memoryModels();
  const queue: LearnMessage[] = [];
  const news: LearnEvent[] = [];
  const io: PublishIo = {
    results: memoryResults(),
    history: historyAtHand(history),
    fit,
    models,
    ledger,
    windowMs,
  };
  const mayDie = (): void => {
    if (random.next() < killed) throw new Killed("kill -9");
  };
  /** A new worker, without the memory of the others. */
  const portsOf = (change: Partial<LearnPorts> = {}): LearnPorts => {
    const run = taskRunner(io);
    return {
      ledger,
      async send(message) {
        mayDie();
        queue.push(message);
        if (random.next() < repeated) queue.push(message);
      },
      async run(job, task, done) {
        const outcome = task === "publish" ? await publishTask(job, done, io) : await run(job, task, done);
        mayDie();
        return outcome;
      },
      now: () => now,
      report: (one) => news.push(one),
      ...change,
    };
  };
  async function work(ports: LearnPorts): Promise<void> {
    for (;;) {
      const [message] = queue.splice(random.below(Math.max(1, queue.length)), 1);
      if (message === undefined) return;
      try {
        await learn(message, ports);
      } catch {
        queue.push(message);
      }
    }
  }
  return {
    ledger,
    models,
    news,
    queue,
    portsOf,
    async play(workers: number, change: Partial<LearnPorts> = {}) {
      while (queue.length > 0)
        await Promise.all(Array.from({ length: workers }, () => work(portsOf(change))));
    },
  };
}

const hex = (files: ReadonlyMap<string, Uint8Array> | undefined) =>
  [...(files ?? [])].map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")]);

describe("a job of tasks", () => {
  let wanted: ReturnType<typeof hex>;
  beforeAll(async () => {
    wanted = hex(filesOf(await trainHere(history, spec, { fit })));
  });

  test.each([1, 2, 7])(
    "makes with %i workers what one process makes, bit for bit, and it is champion",
    async (workers) => {
      const { ledger, models, portsOf, play, news } = await laboratory({ seed: workers });
      await startJob({ id: "job-1", spec }, portsOf());
      await play(workers);
      expect(await ledger.training.job("job-1")).toMatchObject({
        state: "done",
        version: "v1",
        reason: null,
      });
      expect(hex(models.folders.get("v1"))).toEqual(wanted);
      expect(await ledger.alias("champion")).toBe("v1");
      expect(news.filter(({ event }) => event === "task.done").at(-1)).toMatchObject({ task: "publish" });
    },
  );

  test.each([1, 2, 3])("makes the same where workers die and messages come twice (%i)", async (seed) => {
    const { ledger, models, portsOf, play } = await laboratory({ seed, killed: 0.15, repeated: 0.3 });
    // Whoever starts a job and dies over it starts it again under the same id.
    for (let started = false; !started; )
      await startJob({ id: "job-1", spec }, portsOf()).then(
        () => {
          started = true;
        },
        (error: unknown) => expect(error).toBeInstanceOf(Killed),
      );
    await play(2);
    expect(await ledger.training.job("job-1")).toMatchObject({ state: "done", version: "v1" });
    expect([...models.folders.keys()]).toEqual(["v1"]);
    expect(hex(models.folders.get("v1"))).toEqual(wanted);
  });

  test("started by a person stores the fall-back rate with a version that has no certificate, once", async () => {
    const { ledger, models, portsOf, play } = await laboratory({ seed: 4, killed: 0.15, repeated: 0.3 });
    const attended = {
      ...spec,
      rule: { ...spec.rule, missBudget: 0.15 },
      certificate: { ...spec.certificate, budget: 0.15 },
      unattended: false,
    };
    const { card, fallbackVersion } = await trainHere(history, attended, { fit });
    if (fallbackVersion === null) throw new Error("the rate has no certificate on this history");
    expect(card.certificate).toBeNull();
    for (let started = false; !started; )
      await startJob({ id: "job-1", spec: attended }, portsOf()).then(
        () => {
          started = true;
        },
        (error: unknown) => expect(error).toBeInstanceOf(Killed),
      );
    await play(2);
    expect((await doneOf("job-1", ledger)).get("publish")).toMatchObject({ version: "v1", fallback: "v2" });
    expect([...models.folders.keys()]).toEqual(["v1", "v2"]);
    expect(hex(models.folders.get("v2"))).toEqual(hex(filesOf(fallbackVersion)));
  });

  /** A job whose version gets no certificate at a small budget, though the rate does. */
  const uncertified = {
    ...spec,
    rule: { ...spec.rule, missBudget: 0.15 },
    certificate: { ...spec.certificate, budget: 0.15 },
  };

  test("that is unattended stores the rate if nothing else could hold, and says how to promote it", async () => {
    const { ledger, models, portsOf, play } = await laboratory();
    await startJob({ id: "job-1", spec: uncertified }, portsOf());
    await play(1);
    expect([...models.folders.keys()]).toEqual(["v1", "v2"]);
    expect(await ledger.alias("champion")).toBeNull();
    expect((await ledger.training.job("job-1"))?.reason).toMatch(/is v2: 'mrdata models promote v2'\.$/);
    // A rate that is champion is renewed in the same way, before it is too old.
    await ledger.promote("v2");
    await startJob({ id: "job-2", spec: { ...uncertified, now: now + 86_400_000 } }, portsOf());
    await play(1);
    expect([...models.folders.keys()]).toEqual(["v1", "v2", "v3", "v4"]);
    expect(await ledger.alias("champion")).toBe("v2");
  });

  test("stores no rate if the champion is a learned model", async () => {
    const { ledger, models, portsOf, play } = await laboratory();
    await startJob({ id: "job-1", spec }, portsOf());
    await play(1);
    await startJob({ id: "job-2", spec: { ...uncertified, now: now + 86_400_000 } }, portsOf());
    await play(1);
    expect([...models.folders.keys()]).toEqual(["v1", "v2"]);
    expect(await ledger.alias("champion")).toBe("v1");
  });

  test("that is too good to be true fails, is published nowhere, and the champion stays", async () => {
    const { ledger, models, portsOf, play } = await laboratory();
    await ledger.promote("v0");
    const perfectFit = async ({ labels, blocks }: Matrix, block: number) => {
      const { start = 0, end = 0 } = blocks[block] ?? {};
      return Float64Array.from(labels.slice(start, end), (label) => (label === 1 ? 0.99 : 0.01));
    };
    const io = {
      results: memoryResults(),
      history: historyAtHand(history),
      fit: perfectFit,
      models,
      ledger,
      windowMs,
    };
    const run = taskRunner(io);
    await startJob({ id: "job-1", spec }, portsOf());
    await play(1, {
      run: (job, task, done) => (task === "publish" ? publishTask(job, done, io) : run(job, task, done)),
    });
    const job = await ledger.training.job("job-1");
    expect(job?.state).toBe("failed");
    expect(job?.reason).toMatch(/^it is not published: Its AUC of 1\.000 is too good to be true/);
    expect(models.folders.size).toBe(0);
    expect(await ledger.alias("champion")).toBe("v0");
  });

  test("fails immediately, with the reason, for a version that is too large for a bucket's folder", async () => {
    const { ledger, models, portsOf, play } = await laboratory();
    models.publish = async () =>
      Promise.reject(new RangeError("model version v1 has 251 MB, and 250 MB are the most"));
    await startJob({ id: "job-1", spec }, portsOf());
    await play(1);
    expect(await ledger.training.job("job-1")).toMatchObject({
      state: "failed",
      reason: "it cannot be published: model version v1 has 251 MB, and 250 MB are the most",
    });
    expect((await ledger.training.tasksOf("job-1")).find(({ name }) => name === "publish")?.attempts).toBe(1);
  });

  test("fails with the reason where a task fails ten times; the champion stays, and the next in line begins", async () => {
    const { ledger, models, portsOf, play, news } = await laboratory();
    await ledger.promote("v0");
    await startJob({ id: "job-1", spec }, portsOf());
    const second = await startJob({ id: "job-2", spec }, portsOf());
    expect(second.state).toBe("waiting");
    expect(news.at(-1)).toEqual({ event: "job.waiting", job: "job-2" });
    let failures = 0;
    await play(1, {
      run: async (job, task, done) => {
        if (job.job === "job-1" && task === "features-0")
          return Promise.reject(new Error("the disk is full"));
        if (job.job === "job-1" && task.startsWith("features")) {
          failures++;
          throw new Error("the disk is full");
        }
        return portsOf().run(job, task, done);
      },
    });
    const failed = await ledger.training.job("job-1");
    expect(failed?.reason).toMatch(
      /^task 'features-\d+' failed 10 times, the last time with: the disk is full$/,
    );
    expect(failures).toBeGreaterThanOrEqual(10);
    expect(news.filter(({ event }) => event === "job.failed")).toHaveLength(1);
    expect(await ledger.training.job("job-2")).toMatchObject({ state: "done", version: "v1" });
    expect(models.folders.size).toBe(1);
  });

  test("whose worker is older than who sent the task fails with a sentence after ten attempts, and the champion stays", async () => {
    const { ledger, models, queue, portsOf, play } = await laboratory();
    await ledger.promote("v0");
    await startJob({ id: "job-1", spec }, portsOf());
    // In place of what this version would begin with.
    queue.splice(0, queue.length, { job: "job-1", task: "distil-0" });
    await play(1, { run: taskRunner({ results: memoryResults(), history: historyAtHand(history) }) });
    expect(await ledger.training.job("job-1")).toMatchObject({
      state: "failed",
      version: null,
      reason:
        "task 'distil-0' failed 10 times, the last time with: this version of Mr Data knows no task 'distil-0': another one sent it",
    });
    expect(await ledger.alias("champion")).toBe("v0");
    expect(models.folders.size).toBe(0);
  });

  test("whose workers die over a task each time fails with a sentence at the eleventh beginning, and the next in line begins", async () => {
    const { ledger, portsOf, queue } = await laboratory();
    await startJob({ id: "job-1", spec }, portsOf());
    await startJob({ id: "job-2", spec }, portsOf());
    for (let begun = 1; begun <= 10; begun++) await ledger.training.beginTask("job-1", "read-0", now);
    await learn({ job: "job-1", task: "read-0" }, portsOf());
    expect(await ledger.training.job("job-1")).toMatchObject({
      state: "failed",
      reason:
        "task 'read-0' was begun 10 times and never ended: it may need more time or memory than a function has",
    });
    expect(await ledger.training.job("job-2")).toMatchObject({ state: "running" });
    expect(queue.at(-1)).toEqual({ job: "job-2", task: "read-0" });
  });

  test("whose starter died before its first task was sent is started by the next caller", async () => {
    const { ledger, models, portsOf, play } = await laboratory();
    const send = async () => Promise.reject(new Killed("kill -9"));
    await expect(startJob({ id: "job-1", spec }, portsOf({ send }))).rejects.toThrow(Killed);
    expect((await startJob({ id: "job-2", spec: { ...spec, seed: 2 } }, portsOf())).state).toBe("waiting");
    await play(1);
    expect(await ledger.training.job("job-1")).toMatchObject({ state: "done", version: "v1" });
    expect(await ledger.training.job("job-2")).toMatchObject({ state: "done", version: "v2" });
    expect(models.folders.size).toBe(2);
  });

  test("fails immediately, with the reason, for a history that is too short, and for a job of another program version", async () => {
    const { ledger, portsOf, play } = await laboratory();
    const io = { results: memoryResults(), history: historyAtHand(history.slice(0, 30)) };
    await startJob({ id: "job-1", spec }, portsOf());
    await startJob({ id: "job-2", spec: { ...spec, features: 1 } }, portsOf());
    await play(1, { run: taskRunner(io) });
    for (const [i, other] of otherSpecs.entries()) {
      // A coordinator of another version stores what this one's would refuse to.
      await ledger.training.startJob({ id: `other-${i}`, kind: "train", spec: other }, now);
      await learn({ job: `other-${i}`, task: "read-0" }, portsOf());
      expect(await ledger.training.job(`other-${i}`), JSON.stringify(other)).toMatchObject({
        state: "failed",
        reason: expect.stringMatching(
          /^the job was made by another version of Mr Data.*: start another one$/,
        ),
      });
    }
    expect(await ledger.training.job("job-1")).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(
        /^the history has \d+ incidents to learn from, and a backtest needs 200 at least$/,
      ),
    });
    expect(await ledger.training.job("job-2")).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/^the job was made by another version of Mr Data/),
    });
  });

  test.each<[what: string, past: readonly PastIncident[], state: string, sentence: RegExp]>([
    ["thirty incidents", history.slice(0, 30), "failed", /incidents to learn from, and a backtest needs 200/],
    ["no incident at all", [], "failed", /has 0 incidents to learn from/],
    ["one service", history.map((one) => ({ ...one, service: "PSVC0" })), "done", /^made v1$/],
    [
      "no real incident",
      history.map((one) => ({
        ...one,
        resolvedAt: one.createdAt + MINUTE,
        resolvedBy: "integration" as const,
        mergedInto: null,
      })),
      "done",
      /\S.*\./,
    ],
    [
      "nothing that resolved itself",
      history.map((one) => ({ ...one, resolvedBy: "human" as const })),
      "done",
      /\S.*\./,
    ],
    [
      "clocks that are years apart",
      history.map((one, i) => (i % 50 === 0 ? { ...one, createdAt: 0, resolvedAt: 60_000 } : one)),
      "done",
      /\S/,
    ],
  ])(
    "with %s ends with a sentence, and the champion stays or is renewed",
    async (what, past, state, sentence) => {
      const { ledger, models, portsOf, play } = await laboratory();
      await ledger.promote("v0");
      const io = { results: memoryResults(), history: historyAtHand(past), fit, models, ledger, windowMs };
      const run = taskRunner(io);
      await startJob({ id: "job-1", spec }, portsOf());
      await play(1, {
        run: (job, task, done) => (task === "publish" ? publishTask(job, done, io) : run(job, task, done)),
      });
      const job = await ledger.training.job("job-1");
      expect(job?.state).toBe(state);
      expect(job?.reason ?? `made ${job?.version}`).toMatch(sentence);
      if (what !== "one service") expect(job?.reason ?? "").not.toMatch(/NaN|undefined|Infinity/);
      expect(["v0", "v1"]).toContain(await ledger.alias("champion"));
      if (what.startsWith("no")) expect(await ledger.alias("champion")).toBe("v0");
    },
  );

  test("after a rollback nothing becomes champion by itself: it is challenger, and the job says how to go on", async () => {
    const { ledger, portsOf, play } = await laboratory();
    await ledger.training.changeState((state) => ({
      ...state,
      paused: { at: now, why: "rolled back to v0" },
    }));
    await startJob({ id: "job-1", spec }, portsOf());
    await play(1);
    expect(await ledger.alias("champion")).toBeNull();
    expect(await ledger.alias("challenger")).toBe("v1");
    expect((await ledger.training.job("job-1"))?.reason).toMatch(
      /rolled back to v0\. 'mrdata models resume'/,
    );
  });

  test("a champion that is not beaten is renewed by the same gate, and the one before stays as previous", async () => {
    const { ledger, portsOf, play } = await laboratory();
    await startJob({ id: "job-1", spec }, portsOf());
    await play(1);
    await startJob({ id: "job-2", spec: { ...spec, now: now + 86_400_000 } }, portsOf());
    await play(1);
    expect(await ledger.training.job("job-2")).toMatchObject({ state: "done", version: "v2", reason: null });
    expect(await ledger.alias("champion")).toBe("v2");
    expect(await ledger.alias("previous")).toBe("v1");
  });

  test("beside a champion it must be sure, in figures: a fifth of a small budget takes more real incidents than there are", async () => {
    const { ledger, portsOf, play } = await laboratory();
    await startJob({ id: "job-1", spec }, portsOf());
    await play(1);
    const certificate = { ...spec.certificate, budget: 0.05 };
    await startJob({ id: "job-2", spec: { ...spec, certificate } }, portsOf());
    await play(1);
    expect(await ledger.alias("champion")).toBe("v1");
    expect(await ledger.alias("challenger")).toBe("v2");
    expect((await ledger.training.job("job-2"))?.reason).toMatch(/\d/);
  });
});
