import fc from "fast-check";
import { expect, test } from "vitest";
import type { IncidentEvent } from "./event.ts";
import { historyArbitrary } from "./incident.arbitrary.ts";
import { type AppliedEvent, recordAsOf, replayOfRecord } from "./record-as-of.ts";
import { timelineOf } from "./timeline.ts";

const KEY = "some-record";
const rules = { windowMs: 300_000 };
const numbered = (events: readonly IncidentEvent[]): readonly AppliedEvent[] =>
  [...new Map(events.map((event) => [event.id, event])).values()].map((event, i) => ({
    ...event,
    applied: { [KEY]: i + 1 },
  }));

test("a replay that continues gives the same version as one from the beginning, in any order of requests", () => {
  fc.assert(
    fc.property(
      historyArbitrary("PA"),
      historyArbitrary("PB"),
      fc.array(fc.nat(), { maxLength: 6 }),
      (one, other, asked) => {
        const events = numbered([...one, ...other]);
        const recordAt = replayOfRecord(KEY, events.toReversed(), rules);
        for (const version of asked.map((cut) => cut % (events.length + 1)))
          expect(recordAt(version)).toEqual(recordAsOf(KEY, version, events, rules));
      },
    ),
    { numRuns: 50 },
  );
});

test("a number that is missing is refused, by those versions that need it alone", () => {
  const event = {
    incident: "PA",
    type: "triggered",
    occurredAt: 1,
    actor: "integration",
    actorId: null,
    snapshot: null,
    note: null,
    mergedInto: null,
  } as const;
  const events = [1, 3].map((number) => ({ ...event, id: `E${number}`, applied: { [KEY]: number } }));
  const recordAt = replayOfRecord(KEY, events, rules);
  expect(recordAt(1).version).toBe(1);
  expect(() => recordAt(3)).toThrow("event number 2 is missing, 3 comes next");
  expect(() => recordAt(2)).toThrow("only 1 of 2 events are there");
  expect(recordAt(1).version).toBe(1);
});

test("events that were applied late give the same record as in order of time", () => {
  fc.assert(
    fc.property(
      historyArbitrary("PA").chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length }),
        ),
      ),
      ([inOrder, asApplied]) => {
        const late = numbered(asApplied);
        expect(recordAsOf(KEY, late.length, late, rules)).toEqual(
          recordAsOf(KEY, late.length, numbered(timelineOf(inOrder)), rules),
        );
      },
    ),
    { numRuns: 100 },
  );
});
