import type { BusMessage } from "@mrdata/platform";
import {
  createLedger,
  defaultSettings,
  type LogEntry,
  memoryResults,
  writePushEnvelope,
} from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { jumpingClock } from "../paging/scripted-pagerduty.fixture.ts";
import { usualSpec } from "../retrain/retrain.ts";
import { createLearn, type LearnFunctionPorts } from "./learn.ts";

const NOW = Date.parse("2026-03-02T03:00:00Z");

async function setUp(run: LearnFunctionPorts["run"], concurrency = 1) {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  const published: (readonly [topic: string, message: BusMessage])[] = [];
  const logged: LogEntry[] = [];
  const learn = createLearn({
    bus: {
      async publish(topic, message) {
        published.push([topic, message]);
        return { messageId: "1" };
      },
    },
    ledger,
    results: memoryResults(),
    clock: jumpingClock(),
    log: (entry) => logged.push(entry),
    run,
    concurrency,
  });
  const { certificate } = defaultSettings;
  const spec = usualSpec({ now: NOW, windowMs: 300_000, budget: 0.1, certificate });
  await ledger.training.startJob({ id: "job-1", kind: "train", spec }, NOW);
  const push = async (text: string) => {
    const body = writePushEnvelope({
      data: Buffer.from(text),
      attributes: {},
      messageId: "1",
      orderingKey: "",
      publishTime: NOW,
      subscription: "s",
      deliveryAttempt: 1,
    });
    const headers = { "content-type": "application/json" };
    return (await learn(new Request("http://function/", { method: "POST", headers, body }))).status;
  };
  return { ledger, push, published, logged };
}

const task = (name: string) => JSON.stringify({ job: "job-1", task: name });

test("a task that is done is acknowledged, and what may be done after it is sent", async () => {
  const { push, published } = await setUp(async () => ({ result: "read-1", more: false }));
  expect(await push(task("read-0"))).toBe(204);
  expect(published.map(([topic, { data }]) => [topic, Buffer.from(data).toString()])).toEqual([
    ["pd-learn", task("draw")],
  ]);
});

test("one that fails is refused, so that it comes again, and the tenth failure ends its job and is acknowledged", async () => {
  const { ledger, push, logged } = await setUp(async () => Promise.reject(new Error("the bucket refuses")));
  for (let attempt = 1; attempt <= 9; attempt++) expect(await push(task("read-0"))).toBe(503);
  expect(await push(task("read-0"))).toBe(204);
  expect(await ledger.training.job("job-1")).toMatchObject({
    state: "failed",
    reason: "task 'read-0' failed 10 times, the last time with: the bucket refuses",
  });
  expect(logged.at(-1)).toMatchObject({ severity: "ERROR", event: "job.failed" });
  expect(await push(task("read-0"))).toBe(204);
});

test.each(["{", "[]", '{"job":"job-1"}', '{"job":"","task":"draw"}'])(
  "what names no task goes to the dead letters: %s",
  async (text) => {
    const { push, published } = await setUp(async () => Promise.reject(new Error("nothing is done")));
    expect(await push(text)).toBe(204);
    expect(published).toMatchObject([["pd-notify-dead", { attributes: { source: "learn" } }]]);
  },
);

test("of more tasks than may go on at a time the others wait, and do not count as begun", async () => {
  const gate = Promise.withResolvers<void>();
  const { ledger, push } = await setUp(async (_job, name) => {
    await gate.promise;
    return { result: name };
  }, 1);
  const pushed = ["features-0", "features-1", "features-2"].map((name) => push(task(name)));
  await expect.poll(async () => (await ledger.training.tasksOf("job-1")).length).toBe(1);
  gate.resolve();
  expect(await Promise.all(pushed)).toEqual([204, 204, 204]);
  expect((await ledger.training.tasksOf("job-1")).filter(({ attempts }) => attempts === 1)).toHaveLength(3);
});
