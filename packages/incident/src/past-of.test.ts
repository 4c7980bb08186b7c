import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { historyArbitrary } from "./incident.arbitrary.ts";
import { outcomeOf } from "./outcome.ts";
import { eventsOf } from "./past-events.ts";
import { knownAt, type PastIncident, selfResolved } from "./past-incident.ts";
import { pastOf } from "./past-of.ts";
import { timelineOf } from "./timeline.ts";

const WINDOW = 5 * 60_000;
const DAY = 86_400_000;
const START = 1_770_000_000_000;

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
    feedback: fc.option(
      fc.record({
        said: fc.constantFrom("noise" as const, "real" as const),
        at: fc.integer({ min: START, max: START + 86_400_000 }),
      }),
    ),
    maintenance: fc.option(
      fc.integer({ min: -900_000, max: 900_000 }).map((from) => ({
        start: START + from,
        end: START + from + 300_000,
      })),
    ),
  })
  .map(({ closed, acknowledged, taken, feedback, maintenance }) => ({
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
    ...(feedback === null ? {} : { feedback }),
    ...(maintenance === null ? {} : { maintenance: [maintenance] }),
  }));
const details = { numbers: { load: 3 }, texts: { region: "north" }, others: { note: "long" } };

test("a past turned into events is the same past again: an import trains as the file does", () => {
  fc.assert(
    fc.property(pastArbitrary, (past) => {
      expect(pastOf(eventsOf(past, details))).toEqual(past);
    }),
  );
});

test("the label of a recorded incident matches its outcome", () => {
  fc.assert(
    fc.property(historyArbitrary("P1"), (events) => {
      const timeline = timelineOf(events);
      const past = pastOf(timeline);
      if (past === null) return;
      const outcome = outcomeOf(timeline, { windowMs: WINDOW }, Number.POSITIVE_INFINITY)?.outcome;
      // What closed, opened again and closed later is judged by its last closing; never more kindly than it was lived,
      // unless a person said so, or a take-over came when it was over.
      const takenLater = past.takenOverAt !== null && past.takenOverAt >= (past.resolvedAt ?? 0);
      if (past.feedback?.said === "noise" || takenLater) return;
      if (selfResolved(past, WINDOW)) expect(outcome).toBe("self-resolved");
    }),
    { numRuns: 500 },
  );
});

describe("a person's feedback", () => {
  const closed: PastIncident = { ...somePast, resolvedAt: START + 60_000, resolvedBy: "integration" };
  const says = (past: PastIncident, ...notes: readonly string[]) => {
    const [, ...rest] = eventsOf(past);
    const [opening] = eventsOf(past);
    if (opening === undefined) throw new Error("an incident has an opening");
    const said = notes.map((note, i) => ({
      ...opening,
      id: `note-${i}`,
      type: "annotated" as const,
      actor: "human" as const,
      occurredAt: START + DAY + i,
      snapshot: null,
      note,
    }));
    return pastOf(timelineOf([opening, ...rest, ...said])) ?? past;
  };

  test("beats the clock: 'real' for what resolved itself, 'noise' for what waited for a person", () => {
    expect(selfResolved(closed, WINDOW)).toBe(true);
    expect(selfResolved(says(closed, "mrdata: real, the disk was full"), WINDOW)).toBe(false);
    const byHand: PastIncident = { ...closed, acknowledgedAt: START + 30_000, resolvedBy: "human" };
    const late: PastIncident = { ...byHand, resolvedAt: START + 10 * WINDOW };
    for (const past of [byHand, late]) {
      expect(selfResolved(past, WINDOW)).toBe(false);
      expect(selfResolved(says(past, "mrdata: noise"), WINDOW)).toBe(true);
    }
  });

  test("is known when it was said, and not before", () => {
    expect(knownAt(closed, WINDOW)).toBe(START + 60_000);
    expect(knownAt(says(closed, "mrdata: real"), WINDOW)).toBe(START + DAY);
  });

  test("counts by the last one, and other notes mean nothing", () => {
    expect(says(closed, "mrdata: real", "mrdata: noise").feedback).toEqual({
      said: "noise",
      at: START + DAY + 1,
    });
    expect(says(closed, "mrdata: ok to hold", "noise", "mrdata: noisey").feedback).toBeUndefined();
  });

  test("does not beat actions: an incident that a person took over, or merged, is not noise", () => {
    const taken: PastIncident = { ...closed, takenOverAt: START + 70_000 };
    expect(selfResolved(says(taken, "mrdata: noise"), WINDOW)).toBe(false);
    expect(selfResolved(says({ ...closed, mergedInto: "Q9" }, "mrdata: noise"), WINDOW)).toBe(false);
  });
});

test("without its opening there is no past", () => {
  expect(pastOf([])).toBeNull();
  expect(pastOf(eventsOf({ ...somePast, resolvedAt: START + 1 }).slice(1))).toBeNull();
});

test("an incident that overlaps maintenance in its events is unknown, and no label to learn from, wherever it is read", () => {
  const closed: PastIncident = { ...somePast, resolvedAt: START + 60_000, resolvedBy: "integration" };
  const withMaintenance = (start: number, end: number): PastIncident => ({
    ...closed,
    maintenance: [{ start, end }],
  });
  const outcome = (past: PastIncident) => outcomeOf(eventsOf(past), { windowMs: WINDOW })?.outcome;
  for (const past of [
    withMaintenance(START - 1, START + 1),
    withMaintenance(START + 30_000, START + WINDOW),
  ]) {
    expect(outcome(past)).toBe("unknown");
    expect(selfResolved(past, WINDOW)).toBe(false);
  }
  for (const past of [
    closed,
    withMaintenance(START - DAY, START),
    withMaintenance(START + 60_000, START + DAY),
  ]) {
    expect(outcome(past)).toBe("self-resolved");
    expect(selfResolved(past, WINDOW)).toBe(true);
  }
});
