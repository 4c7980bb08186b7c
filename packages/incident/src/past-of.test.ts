import fc from "fast-check";
import { expect, test } from "vitest";
import { historyArbitrary } from "./incident.arbitrary.ts";
import { outcomeOf } from "./outcome.ts";
import { eventsOf } from "./past-events.ts";
import { type PastIncident, selfResolved } from "./past-incident.ts";
import { pastOf } from "./past-of.ts";
import { timelineOf } from "./timeline.ts";

const WINDOW = 5 * 60_000;
const START = 1_770_000_000_000;

const pastArbitrary: fc.Arbitrary<PastIncident> = fc
  .record({
    closed: fc.option(
      fc.record({
        after: fc.integer({ min: 1, max: 3_600_000 }),
        by: fc.constantFrom("human" as const, "integration" as const, "automation" as const),
        merged: fc.boolean(),
      }),
    ),
    acknowledged: fc.option(fc.integer({ min: 0, max: 900_000 })),
    taken: fc.option(fc.integer({ min: 0, max: 900_000 })),
  })
  .map(({ closed, acknowledged, taken }) => ({
    id: "Q1",
    service: "PSVC001",
    serviceName: "Databases",
    title: "Disk 91% full on db-3",
    createdAt: START,
    resolvedAt: closed === null ? null : START + closed.after,
    resolvedBy: closed?.by ?? null,
    acknowledgedAt: acknowledged === null ? null : START + acknowledged,
    takenOverAt: taken === null ? null : START + taken,
    mergedInto: closed?.merged ? "Q9" : null,
    urgency: "low",
    details: { load: 3, region: "north", note: "long" },
  }));
const details = { numbers: { load: 3 }, texts: { region: "north" }, others: { note: "long" } };

test("a past that became events is the same past again: what was imported trains as the file does", () => {
  fc.assert(
    fc.property(pastArbitrary, (past) => {
      expect(pastOf(eventsOf(past, details))).toEqual(past);
    }),
  );
});

test("of an incident that was lived through, the label is what its outcome said", () => {
  fc.assert(
    fc.property(historyArbitrary("P1"), (events) => {
      const timeline = timelineOf(events);
      const past = pastOf(timeline);
      if (past === null) return;
      const outcome = outcomeOf(timeline, { window: WINDOW }, Number.POSITIVE_INFINITY)?.outcome;
      // What closed, opened again and closed later is judged by its last closing; never more kindly than it was lived.
      if (selfResolved(past, WINDOW)) expect(outcome).toBe("self-resolved");
    }),
    { numRuns: 500 },
  );
});

test("without its opening there is no past", () => {
  expect(pastOf([])).toBeNull();
  expect(pastOf(eventsOf({ ...somePast, resolvedAt: START + 1 }).slice(1))).toBeNull();
});

const somePast: PastIncident = {
  id: "Q1",
  service: "PSVC001",
  title: "Queue is long",
  createdAt: START,
  resolvedAt: null,
  resolvedBy: null,
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  urgency: "high",
  details: {},
};
