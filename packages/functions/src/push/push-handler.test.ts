import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IncidentEvent } from "@mrdata/incident";
import { createLedger, type LogEntry, writePushEnvelope } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { requestOf } from "@mrdata/runtime";
import { expect, onTestFinished, test } from "vitest";
import { failureOf, functionOf } from "./failure-of.ts";
import { pushHandler } from "./push-handler.ts";

const NOW = Date.parse("2026-03-02T03:00:00Z");

/** A handler that does `work`, and what it was given and logged. */
function handler(work: (event: IncidentEvent) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-pushed-"));
  const ledger = createLedger(openEmbeddedStore({ file: join(folder, "ledger.sqlite") }));
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const logged: LogEntry[] = [];
  const clock = { now: () => NOW, sleep: async () => {} };
  const push = pushHandler(
    "record",
    { botUser: null, automationUsers: [] },
    { bus: { publish: async () => ({ messageId: "1" }) }, ledger, clock, log: (entry) => logged.push(entry) },
    work,
  );
  const send = (data: object, attributes: Readonly<Record<string, string>> = {}) =>
    push(
      requestOf(
        "POST",
        "http://function/",
        {},
        Buffer.from(
          writePushEnvelope({
            data: Buffer.from(JSON.stringify(data)),
            attributes,
            orderingKey: "",
            messageId: "17",
            publishTime: NOW,
            subscription: "projects/p/subscriptions/pd-notify-firestore",
            deliveryAttempt: 1,
          }),
        ),
      ),
    );
  return { send, logged, ledger };
}

const webhook = (more: object = {}) => ({
  event: {
    id: "E1",
    event_type: "incident.triggered",
    resource_type: "incident",
    occurred_at: new Date(NOW).toISOString(),
    agent: null,
    client: null,
    data: {
      id: "P1",
      type: "incident",
      status: "triggered",
      title: "Disk is full",
      service: { id: "PDATABASE", type: "service_reference", summary: "Database" },
      assignees: [],
      urgency: "high",
      ...more,
    },
  },
});

test("an incident that says it opened in the future is named, and worked on as one that does not say when", async () => {
  const seen: IncidentEvent[] = [];
  const { send, logged } = handler(async (event) => void seen.push(event));
  expect((await send(webhook({ created_at: "2031-03-02T03:00:00Z" }))).status).toBe(204);
  expect((await send(webhook({ created_at: "2026-03-02T03:00:30Z" }))).status).toBe(204);
  expect(seen.map(({ snapshot }) => snapshot?.createdAt)).toEqual([null, NOW + 30_000]);
  expect(logged).toEqual([
    {
      severity: "WARNING",
      event: "incident.dated-in-the-future",
      incident: "P1",
      createdAt: "2031-03-02T03:00:00.000Z",
    },
  ]);
});

test("texts come in as every store can keep them", async () => {
  const seen: IncidentEvent[] = [];
  const { send } = handler(async (event) => void seen.push(event));
  await send(webhook({ title: "cut \ud83d" }));
  expect(seen[0]?.snapshot?.title).toBe("cut \ufffd");
});

test("a failure is kept under the function and the event, whatever id the message has; an error's URL without its password", async () => {
  const { send, ledger } = handler(async () => {
    throw new Error(`fetch of https://robin:planted@gateway.example/ failed ${"x".repeat(458)}\u{1f600}`);
  });
  const answered = await send(webhook(), { event: "E1" });
  expect(answered.status).toBe(503);
  const kept = await ledger.failure("record E1");
  expect(kept?.reason).toMatch(/^fetch of https:\/\/gateway\.example\/ failed x/);
  expect(kept?.reason).toHaveLength(500);
  await send(webhook());
  expect(await ledger.failure("record 17")).toMatchObject({ source: "record" });
});

test("a dead letter's subscription names its function, in whatever stack", () => {
  expect(functionOf("pd-notify-model-two", "-two")).toBe("respond");
  expect(functionOf("pd-notify-firestore")).toBe("record");
  expect(functionOf("pd-notify-model-two")).toBeNull();
  expect(functionOf(undefined)).toBeNull();
  expect(failureOf("respond", { attributes: { event: "" }, messageId: "17" })).toBe("respond 17");
});
