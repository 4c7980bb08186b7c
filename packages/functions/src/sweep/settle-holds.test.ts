import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DRILL_TITLE, type IncidentEvent, type Prediction } from "@mrdata/incident";
import {
  allIndexes,
  type CountedService,
  createLedger,
  type DocumentStore,
  type Ledger,
  type LogEntry,
} from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { settleHolds } from "./settle-holds.ts";

const OPENED = Date.parse("2026-03-02T03:00:00Z");
const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;
const SERVICE = "PDATABASE";

const opening = (incident: string, title: string): IncidentEvent => ({
  id: `${incident}-triggered`,
  incident,
  type: "triggered",
  occurredAt: OPENED,
  actor: "integration",
  actorId: "PMONITOR",
  snapshot: {
    title,
    service: SERVICE,
    serviceName: null,
    status: "triggered",
    urgency: "high",
    priority: null,
    assignees: ["PBOT"],
    escalationPolicy: "PARMED",
    teams: [],
    number: 1,
    htmlUrl: null,
    createdAt: OPENED,
  },
  note: null,
  mergedInto: null,
});

const held = (incident: string): Prediction => ({
  incident,
  prediction: true,
  confidence: 0.9,
  probability: 0.9,
  abstained: null,
  model: "v1",
  features: {},
  reasons: [],
  asOf: { records: {}, organisation: { hour: 0, day: 0, week: 0 }, at: OPENED },
  decision: "hold",
  decidedBy: "threshold",
  verdicts: [],
  mode: "armed",
  service: SERVICE,
  alertType: SERVICE,
  openedAt: OPENED,
  decidedAt: OPENED,
  window: WINDOW,
  holdUntil: OPENED + WINDOW,
  unsettled: true,
  taken: { action: "none", sentence: "held", at: OPENED },
});

async function inLedger(): Promise<{ readonly ledger: Ledger; readonly store: DocumentStore }> {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-settle-"));
  const store = openEmbeddedStore({ file: join(folder, "ledger.sqlite"), indexes: allIndexes });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ledger: createLedger(store), store };
}

test("a drill that was held until it escalated spends nothing of the miss budget; its like of another title does", async () => {
  const { ledger } = await inLedger();
  for (const [incident, title] of [
    ["P1", DRILL_TITLE],
    ["P2", "Disk is full"],
  ] as const) {
    const told = opening(incident, title);
    await ledger.recordEvent(told, { windowMs: WINDOW });
    await ledger.createPrediction(held(incident));
    const later = { id: `${incident}-escalated`, type: "escalated", actor: "automation" } as const;
    await ledger.recordEvent(
      { ...told, ...later, actorId: null, occurredAt: OPENED + WINDOW },
      { windowMs: WINDOW },
    );
  }
  const now = OPENED + WINDOW + 3 * MINUTE;
  const settled = await settleHolds(
    await ledger.unsettledHolds(),
    { ledger, log: () => {} },
    { now, settings: null },
  );
  expect(settled).toBe(1);
  expect(await ledger.unsettledHolds()).toEqual([]);
  expect((await ledger.prediction("P1"))?.missedAt).toBeUndefined();
  const counted: CountedService = { service: SERVICE, since: OPENED, missesSince: OPENED };
  expect(await ledger.missCounts([counted])).toEqual({ misses: 1, neededHuman: 1 });
});

test("a hold that a person closed inside the window counts against the bot, one that the monitor closed does not", async () => {
  const { ledger } = await inLedger();
  for (const [incident, title, actor] of [
    ["P1", "Disk is full", "human"],
    ["P2", "Disk is full", "automation"],
    ["P3", "Disk is full", "integration"],
    ["P4", DRILL_TITLE, "human"],
  ] as const) {
    const told = opening(incident, title);
    await ledger.recordEvent(told, { windowMs: WINDOW });
    await ledger.createPrediction(held(incident));
    const closing = { id: `${incident}-resolved`, type: "resolved", actor } as const;
    await ledger.recordEvent({ ...told, ...closing, occurredAt: OPENED + MINUTE }, { windowMs: WINDOW });
  }
  const now = OPENED + WINDOW + 3 * MINUTE;
  const logged: LogEntry[] = [];
  const log = (entry: LogEntry) => logged.push(entry);
  expect(await settleHolds(await ledger.unsettledHolds(), { ledger, log }, { now, settings: null })).toBe(2);
  expect(logged).toMatchObject([
    { event: "hold.missed", incident: "P1", known: false },
    { event: "hold.missed", incident: "P2", known: false },
  ]);
  const counted: CountedService = { service: SERVICE, since: OPENED, missesSince: OPENED };
  const trail = await ledger.missTrail([counted]);
  expect(trail.map(({ incident, missed }) => [incident, missed]).sort()).toEqual([
    ["P1", true],
    ["P2", true],
  ]);
});

test("what of a hold cannot be read is a miss, what fails is named, and every other hold is settled", async () => {
  const { ledger, store } = await inLedger();
  for (const incident of ["P1", "P2", "P3", "P4", "P5"]) {
    const told = opening(incident, "Disk is full");
    await ledger.recordEvent(told, { windowMs: WINDOW });
    await ledger.createPrediction(held(incident));
    const closed = { id: `${incident}-resolved`, type: "resolved", occurredAt: OPENED + MINUTE } as const;
    await ledger.recordEvent({ ...told, ...closed }, { windowMs: WINDOW });
  }
  // The prediction, an event, and the incident itself; and one that fails today.
  await store.set("predictions/P1", { unsettled: true, service: SERVICE, holdUntil: OPENED + WINDOW });
  await store.set("incidents/P2/events/P2-noted", { id: "P2-noted" });
  await store.set("incidents/P3", { incident: "P3" });
  const failing: Pick<Ledger, "incident" | "settleHold"> = {
    settleHold: ledger.settleHold,
    incident: async (id) => (id === "P4" ? Promise.reject(new Error("14 UNAVAILABLE")) : ledger.incident(id)),
  };
  const logged: LogEntry[] = [];
  const settle = async (by = failing) =>
    settleHolds(
      await ledger.unsettledHolds(),
      { ledger: by, log: (entry) => logged.push(entry) },
      { now: OPENED + WINDOW + 3 * MINUTE, settings: null },
    );
  await expect(settle()).rejects.toThrow("1 of 5 holds could not be settled: 14 UNAVAILABLE");
  expect((await ledger.unsettledHolds()).map(({ incident }) => incident)).toEqual(["P4"]);
  expect(logged.filter(({ event }) => event === "hold.unsettled")).toMatchObject([{ incident: "P4" }]);
  expect(await settle(ledger)).toBe(0);
  expect(await ledger.unsettledHolds()).toEqual([]);
  const counted: CountedService = { service: SERVICE, since: OPENED, missesSince: OPENED };
  expect((await ledger.missCounts([counted])).misses).toBe(3);
  expect((await ledger.prediction("P5"))?.missedAt).toBeUndefined();
});

test("a hold whose window's end cannot be read either is settled as missed now", async () => {
  const { ledger, store } = await inLedger();
  await store.set("predictions/P1", { unsettled: true });
  const now = OPENED + WINDOW;
  expect(
    await settleHolds(await ledger.unsettledHolds(), { ledger, log: () => {} }, { now, settings: null }),
  ).toBe(1);
  expect(await ledger.missCounts([{ service: SERVICE, since: now, missesSince: now }])).toEqual({
    misses: 1,
    neededHuman: 1,
  });
});
