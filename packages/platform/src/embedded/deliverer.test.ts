import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { type Clock, systemClock } from "../clock.ts";
import type { LogEntry } from "../log.ts";
import { openEmbeddedBus } from "./bus.ts";

const ACK_DEADLINE = 60_000;

test("a refused message is retried with delays that double up to the maximum, and is dead-lettered in the end", async () => {
  let now = 1_770_000_000_000;
  // Time passes only while somebody sleeps; the push deadline is never reached.
  const clock: Clock = {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        if (milliseconds === ACK_DEADLINE) return;
        now += milliseconds;
        resolve();
      }),
  };
  const pushedAt: number[] = [];
  const bus = openEmbeddedBus({
    file: ":memory:",
    clock,
    random: () => 0,
    subscriptions: [
      {
        name: "refusing",
        topic: "things",
        pushEndpoint: "http://127.0.0.1:1/",
        ackDeadline: ACK_DEADLINE,
        retry: { minimum: 1_000, maximum: 10_000 },
        maxDeliveryAttempts: 7,
        deadLetterTopic: "dead",
      },
    ],
    push: async () => {
      pushedAt.push(now);
      return { status: 503, text: "not today" };
    },
  });
  await bus.publish("things", { data: Buffer.from("{}"), attributes: {}, orderingKey: "" });
  bus.start();
  await bus.idle();
  const waits = pushedAt.slice(1).map((at, i) => at - (pushedAt[i] ?? 0));
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(await bus.deadLetters()).toMatchObject([{ source: "refusing", reason: "HTTP 503: not today" }]);
  await bus.close();
});

test("a push that is answered while the file is locked is recorded once it is free, and not pushed again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-locked-bus-"));
  const file = join(folder, "bus.sqlite");
  const other = new DatabaseSync(file);
  const logged: LogEntry[] = [];
  let pushes = 0;
  const bus = openEmbeddedBus({
    file,
    clock: systemClock,
    log: (entry) => logged.push(entry),
    subscriptions: [
      {
        name: "taking",
        topic: "things",
        pushEndpoint: "http://127.0.0.1:1/",
        ackDeadline: ACK_DEADLINE,
        retry: { minimum: 1_000, maximum: 10_000 },
        maxDeliveryAttempts: 7,
        deadLetterTopic: "dead",
      },
    ],
    push: async () => {
      pushes++;
      // A backup begins just as the first one is answered: its acknowledgement cannot be written.
      if (pushes === 1) other.exec("BEGIN IMMEDIATE");
      return { status: 204, text: "" };
    },
  });
  onTestFinished(async () => {
    await bus.close();
    rmSync(folder, { recursive: true });
  });
  await bus.publish("things", { data: Buffer.from("{}"), attributes: {}, orderingKey: "" });
  bus.start();
  await expect
    .poll(() => logged)
    .toContainEqual({
      severity: "ERROR",
      event: "bus.failed",
      subscription: "taking",
      reason: "database is locked",
    });
  other.exec("COMMIT");
  other.close();
  await bus.idle();
  expect(bus.pending()).toBe(0);
  expect(pushes).toBe(1);
});
