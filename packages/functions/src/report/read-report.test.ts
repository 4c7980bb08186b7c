import { createLedger, defaultSettings, type Ledger, withMode } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { afterEach, expect, test } from "vitest";
import { evidenceLine } from "./read-budget-line.ts";
import { readReport } from "./read-report.ts";
import { rememberClosed } from "./remember-closed.ts";

const NOW = Date.parse("2026-03-02T04:30:00Z");
const open: Ledger[] = [];
const someLedger = (): Ledger => {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  open.push(ledger);
  return ledger;
};
afterEach(async () => {
  for (const ledger of open.splice(0)) await ledger.close();
});
const options = { now: NOW, spanMs: 7 * 86_400_000, timeZone: null, windowMs: 300_000, retrain: null };

test("an empty ledger is a report of nothing", async () => {
  const data = await readReport(someLedger(), options);
  expect(data).toMatchObject({ incidents: [], held: [], services: [], forbidden: [], timeZone: "UTC" });
  expect(data.budget?.sentence).toContain("No service is armed");
  expect(data.models).toMatchObject({ champion: null, lastTraining: null, nextTrainingAt: null });
});

test("a period without a decision names the last decision before it, and one with a decision does not", async () => {
  const ledger = someLedger();
  expect((await readReport(ledger, options)).lastDecidedAt).toBeNull();
  const openedAt = NOW - 30 * 86_400_000;
  await ledger.createPrediction({
    incident: "PA",
    prediction: false,
    confidence: 0,
    probability: null,
    abstained: "no model",
    model: "rate",
    features: {},
    reasons: [],
    asOf: { records: {}, organisation: { hour: 0, day: 0, week: 0 }, at: openedAt },
    decision: "page",
    decidedBy: "model",
    verdicts: [],
    mode: "shadow",
    service: "PSVC001",
    alertType: "PSVC001:1",
    openedAt,
    decidedAt: openedAt,
    holdUntil: null,
    taken: { action: "none", sentence: "shadow", at: openedAt },
  });
  expect((await readReport(ledger, options)).lastDecidedAt).toBe(openedAt);
  expect((await readReport(ledger, { ...options, spanMs: 31 * 86_400_000 })).lastDecidedAt).toBeNull();
});

test("times are those of the bot's hours where the reader names no zone", async () => {
  const ledger = someLedger();
  const hours = { zone: "Europe/Berlin", from: "22:00", to: "08:00", days: null };
  await ledger.saveSettings({ ...defaultSettings, hours });
  expect((await readReport(ledger, options)).timeZone).toBe("Europe/Berlin");
  expect((await readReport(ledger, { ...options, timeZone: "Asia/Tokyo" })).timeZone).toBe("Asia/Tokyo");
});

test("the doctor's verdict is what was noted of the last checks, service by service", async () => {
  const ledger = someLedger();
  const by = { who: "robin", at: 1, why: "" };
  const armed = { mode: "armed", policy: "P1" } as const;
  const both = withMode(withMode(defaultSettings, "PA", armed, by), "PB", armed, by);
  await ledger.saveSettings(withMode(both, "PC", { mode: "annotate", policy: null }, by));
  const unknown = {
    service: "PB",
    check: "level-2",
    sentence: "PagerDuty did not answer.",
    since: NOW - 600_000,
  };
  await ledger.noteLastChecks({ answeredAt: NOW - 60_000, unknown: [unknown] });
  const { services } = await readReport(ledger, options);
  expect(services.map(({ service, verdict }) => [service, verdict.kind, verdict.sentence])).toEqual([
    ["PA", "good", "All that must hold held at Mon 2 Mar, 04:29."],
    ["PB", "bad", "level-2 is not known since 04:20: PagerDuty did not answer."],
    ["PC", "none", "Only armed services are checked."],
  ]);
});

test("unreadable settings are reported, and the rest is shown all the same", async () => {
  const ledger = someLedger();
  const { UnreadableDocumentError } = await import("@mrdata/platform");
  const broken: Ledger = {
    ...ledger,
    settings: async () => {
      throw new UnreadableDocumentError("settings/bot", "missBudget", "is not a number");
    },
  };
  const data = await readReport(broken, options);
  expect(data.settingsProblem).toContain("settings/bot");
  expect(data.budget).toBeNull();
});

test("the line of evidence ends with what status says, however many incidents there are", () => {
  const trail = Array.from({ length: 500 }, (_, i) => ({
    incident: `P${i}`,
    openedAt: NOW + i * 60_000,
    missed: i % 9 === 0,
  }));
  const line = evidenceLine(trail.toReversed(), 0.1);
  expect(line.length).toBeLessThanOrEqual(61);
  expect(line.at(-1)?.at).toBe(NOW + 499 * 60_000);
  expect(evidenceLine([], 0.1)).toEqual([]);
});

test("an incident that closed long ago is read once an hour, one open or recently closed every time", async () => {
  let now = NOW;
  const reads: string[] = [];
  const of = { oldIncident: NOW - 2 * 3_600_000, lately: NOW - 60_000, open: null };
  const ledger = rememberClosed(
    {
      incident: async (id: string) => {
        reads.push(id);
        const closedAt = Object.entries(of).find(([name]) => name === id)?.[1] ?? null;
        const known = await someKnown();
        return { ...known, state: { ...known.state, closedAt } };
      },
    },
    () => now,
  );
  for (let i = 0; i < 2; i++) for (const id of Object.keys(of)) await ledger.incident(id);
  expect(reads).toEqual(["oldIncident", "lately", "open", "lately", "open"]);
  now += 3_600_000;
  await ledger.incident("oldIncident");
  expect(reads.at(-1)).toBe("oldIncident");
});

async function someKnown() {
  const ledger = someLedger();
  await ledger.recordEvent(
    {
      id: "E1",
      incident: "P1",
      type: "annotated",
      occurredAt: NOW,
      actor: "human",
      actorId: "PX",
      snapshot: null,
      note: "x",
      mergedInto: null,
    },
    { windowMs: 300_000 },
  );
  const known = await ledger.incident("P1");
  if (known === null) throw new Error("it was recorded");
  return known;
}
