import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IncidentEvent, Prediction } from "@mrdata/incident";
import { allIndexes, createLedger, defaultSettings, outcomeAt } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { describe, expect, onTestFinished, test } from "vitest";
import { lastMonth } from "../arm/last-month.ts";
import { similarTo } from "../explain/similar.ts";
import { readDecisions } from "./ledger-of-decisions.ts";

const models = { versions: async () => [], read: async () => null };
const START = Date.parse("2026-03-02T03:00:00Z");
const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;
const SERVICE = "PDATABASE";

const eventOf = (type: IncidentEvent["type"], change: Partial<IncidentEvent>): IncidentEvent => ({
  id: `E-${type}-${change.incident}-${change.occurredAt}`,
  incident: "P0",
  type,
  occurredAt: START,
  actor: "integration",
  actorId: null,
  snapshot: null,
  note: null,
  mergedInto: null,
  ...change,
});

const openingOf = (incident: string, at = START): IncidentEvent =>
  eventOf("triggered", {
    incident,
    occurredAt: at,
    snapshot: {
      title: "Disk full",
      service: SERVICE,
      serviceName: "Database",
      status: "triggered",
      urgency: "high",
      priority: null,
      assignees: ["PBOT"],
      escalationPolicy: "PARMED",
      teams: [],
      number: 1,
      htmlUrl: null,
      createdAt: at,
    },
  });

const heldOf = (incident: string, at = START): Prediction => ({
  incident,
  prediction: true,
  confidence: 0.9,
  probability: 0.9,
  abstained: null,
  model: "v1",
  features: {},
  reasons: [],
  asOf: { records: {}, organisation: { hour: 0, day: 0, week: 0 }, at },
  decision: "hold",
  decidedBy: "threshold",
  verdicts: [],
  mode: "annotate",
  service: SERVICE,
  alertType: `${SERVICE}|Disk full`,
  openedAt: at,
  decidedAt: at,
  window: WINDOW,
  holdUntil: at + WINDOW,
  taken: { action: "none", sentence: "held", at },
});

async function ledgerWith(events: readonly IncidentEvent[]) {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-joined-"));
  const ledger = createLedger(
    openEmbeddedStore({ file: join(folder, "ledger.sqlite"), indexes: allIndexes }),
  );
  onTestFinished(async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const event of events) await ledger.recordEvent(event, { windowMs: WINDOW });
  const opened = events.filter(({ type }) => type === "triggered");
  for (const { incident, occurredAt } of opened) await ledger.createPrediction(heldOf(incident, occurredAt));
  return ledger;
}

describe("an incident that is still open after its window needed a human, for every reader", () => {
  const now = START + WINDOW + 1;
  const outcome = "needed-human";

  test("the ledger", async () => {
    const ledger = await ledgerWith([openingOf("P0")]);
    const by = { windowMs: WINDOW, settings: defaultSettings };
    expect(await outcomeAt(ledger, "P0", { ...by, now: START + 1 })).toMatchObject({ decided: null });
    expect(await outcomeAt(ledger, "P0", { ...by, now })).toMatchObject({
      known: { state: { incident: "P0", outcome: null } },
      decided: { outcome, decidedAt: START + WINDOW },
    });
    expect(await outcomeAt(ledger, "PNONE", { ...by, now })).toEqual({ known: null, decided: null });
  });

  test("the replay of the last month when arming", async () => {
    const ledger = await ledgerWith([openingOf("P0")]);
    const month = await lastMonth({ ledger, models }, SERVICE, {
      now,
      windowMs: WINDOW,
      settings: defaultSettings,
      timeZone: "UTC",
    });
    expect(month).toMatchObject({ held: 1, misses: 1, heldOtherwise: 0, neededHuman: 1 });
  });

  test("the list of decisions, and the incidents similar to a later one", async () => {
    const ledger = await ledgerWith([openingOf("P0"), openingOf("P1", now)]);
    const { rows } = await readDecisions(ledger, { since: START, now, windowOf: async () => WINDOW });
    expect(rows.map((row) => [row.incident, row.outcome])).toEqual([
      ["P1", null],
      ["P0", outcome],
    ]);
    const known = await ledger.incident("P1");
    if (known === null) throw new Error("P1 was recorded");
    const by = { windowMs: WINDOW, settings: defaultSettings, now };
    expect(await similarTo(ledger, known.state, by)).toMatchObject([{ incident: "P0", outcome }]);
  });
});

test("maintenance in the settings makes an outcome unknown, for every reader", async () => {
  const ledger = await ledgerWith([openingOf("P0")]);
  const now = START + WINDOW + 1;
  const maintenance = [{ service: SERVICE, from: START - MINUTE, to: START + MINUTE, why: "a move" }];
  await ledger.saveSettings({ ...defaultSettings, maintenance });
  const settings = await ledger.settings();
  const { rows } = await readDecisions(ledger, { since: START, now, windowOf: async () => WINDOW });
  expect(rows[0]?.outcome).toBe("unknown");
  expect(
    await lastMonth({ ledger, models }, SERVICE, { now, windowMs: WINDOW, settings, timeZone: "UTC" }),
  ).toMatchObject({
    misses: 0,
    heldOtherwise: 1,
  });
});

test.each([
  ["mrdata: noise", "noise"],
  ["Resolution Note: mrdata: real", "real"],
  ["resolution note:   MRDATA:  Never hold this ", "never hold this"],
  ["we looked; mrdata: noise", null],
])("a note is read in the list of decisions as the bot reads it: %s", async (note, said) => {
  const by = { actor: "human", actorId: "PROBIN" } as const;
  const ledger = await ledgerWith([
    openingOf("P0"),
    eventOf("annotated", { ...by, occurredAt: START + MINUTE, note }),
    eventOf("annotated", { actor: "bot", occurredAt: START + 2 * MINUTE, note: "mrdata: noise" }),
  ]);
  const now = START + WINDOW;
  const { rows } = await readDecisions(ledger, { since: START, now, windowOf: async () => WINDOW });
  expect(rows[0]?.feedback).toEqual(said === null ? [] : [{ said, who: "PROBIN", at: START + MINUTE }]);
});
