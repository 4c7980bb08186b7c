import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DRILL_TITLE, type IncidentEvent, type Prediction } from "@mrdata/incident";
import { allIndexes, type CountedService, createLedger } from "@mrdata/platform";
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

test("a drill that was held until it escalated spends nothing of the miss budget; its like of another title does", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-settle-"));
  const ledger = createLedger(
    openEmbeddedStore({ file: join(folder, "ledger.sqlite"), indexes: allIndexes }),
  );
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [incident, title] of [
    ["P1", DRILL_TITLE],
    ["P2", "Disk is full"],
  ] as const) {
    const told = opening(incident, title);
    await ledger.recordEvent(told, { window: WINDOW });
    await ledger.createPrediction(held(incident));
    const later = { id: `${incident}-escalated`, type: "escalated", actor: "automation" } as const;
    await ledger.recordEvent(
      { ...told, ...later, actorId: null, occurredAt: OPENED + WINDOW },
      { window: WINDOW },
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
