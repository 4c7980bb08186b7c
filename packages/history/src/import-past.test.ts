import { type IncidentEvent, type PastIncident, pastOf, timelineOf } from "@mrdata/incident";
import { expect, test } from "vitest";
import { importPast } from "./import-past.ts";

const OPENED = Date.parse("2026-03-02T03:00:00Z");
const past: PastIncident = {
  id: "P1",
  service: "PDATABASE",
  title: "Disk is full",
  createdAt: OPENED,
  resolvedAt: OPENED + 60_000,
  resolvedBy: "integration",
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  urgency: "high",
  details: { ms: "12.50", zone: "007", rack: "042", load: 3 },
};

test("digits stay text in a text column and become a number in a numeric one", async () => {
  const taken: IncidentEvent[] = [];
  const ledger = {
    async recordPast(pasts: readonly (readonly IncidentEvent[])[]) {
      taken.push(...pasts.flat());
      return { added: pasts.length, completed: 0, known: 0, events: pasts.flat().length };
    },
  };
  const details = { numbers: ["ms"], texts: ["rack"] };
  await importPast(ledger, [past], { windowMs: 300_000, details, maxBatchSize: 10, concurrency: 1 });
  expect(pastOf(timelineOf(taken))?.details).toEqual({ ms: 12.5, zone: "007", rack: "042", load: 3 });
});
