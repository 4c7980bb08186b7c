import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { webhookBody } from "@mrdata/pagerduty";
import { createLedger, type LogEntry, writePushEnvelope } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { readEnvironment, requestOf } from "@mrdata/runtime";
import { expect, onTestFinished, test } from "vitest";
import { buildRespond } from "./build-respond.ts";

const NOW = Date.parse("2026-03-02T03:00:00Z");
const SECRET_FILE = "EIO: the mounted secret cannot be read";

/** The built function with a PagerDuty that cannot be reached, and the opening of an incident that waits on the bot. */
function respondWith(token: () => Promise<string | null>) {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-build-"));
  const ledger = createLedger(openEmbeddedStore({ file: join(folder, "ledger.sqlite") }));
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const logged: LogEntry[] = [];
  let now = NOW;
  const clock = {
    now: () => now,
    // Retries wait on this clock, and a deadline loses the race.
    async sleep(ms: number) {
      await new Promise((soon) => setTimeout(soon, 5));
      now += ms;
    },
  };
  const built = buildRespond({
    environment: readEnvironment({ MRDATA_TARGET: "local:.", MRDATA_BOT_USER: "PBOT" }),
    backend: {
      bus: async () => ({ publish: async () => ({ messageId: "1" }), close: async () => {} }),
      ledger: async () => ledger,
      secrets: async () => ({ get: token }),
      endpoint: async () => null,
      models: async () => ({ versions: async () => [], read: async () => null, publish: async () => {} }),
    },
    clock,
    log: (entry) => logged.push(entry),
    fetch: async () => Promise.reject(new Error("no PagerDuty here")),
  });
  const push = async () => (await built)(requestOf("POST", "http://function/", {}, opening()));
  return { push, logged };
}

const opening = () =>
  Buffer.from(
    writePushEnvelope({
      data: Buffer.from(JSON.stringify(openingWebhook())),
      attributes: {},
      orderingKey: "",
      messageId: "17",
      publishTime: NOW,
      subscription: "projects/p/subscriptions/pd-notify-model",
      deliveryAttempt: 1,
    }),
  );

const openingWebhook = () =>
  webhookBody({
    id: "E1",
    eventType: "incident.triggered",
    occurredAt: NOW,
    agent: null,
    incident: {
      id: "P0",
      number: 7,
      title: "Disk full",
      status: "triggered",
      serviceId: "PSVC001",
      serviceName: "Database",
      urgency: "high",
      priority: null,
      assignees: [{ id: "PBOT", summary: "Mr Data" }],
      escalationPolicy: { id: "PPOLICY", summary: "Armed" },
      createdAt: NOW,
      incidentKey: null,
      resolveReason: null,
    },
  });

test("a token that cannot be read is not reported as one that is not configured", async () => {
  const { push, logged } = respondWith(async () => Promise.reject(new Error(SECRET_FILE)));
  const answered = await push();
  expect(answered.status).toBe(503);
  expect(await answered.json()).toEqual({ error: expect.stringContaining(SECRET_FILE) });
  expect(logged).toContainEqual({ severity: "ERROR", event: "token.unreadable", reason: SECRET_FILE });
});

test("without a token it says that none is configured to page with", async () => {
  const { push, logged } = respondWith(async () => null);
  expect(await (await push()).json()).toEqual({ error: expect.stringContaining("no PagerDuty token") });
  expect(logged.map(({ event }) => event)).not.toContain("token.unreadable");
});
