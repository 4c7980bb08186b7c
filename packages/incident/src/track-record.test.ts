import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contributionOf, countNames, countOf } from "./contribution.ts";
import type { IncidentEvent } from "./event.ts";
import { historyArbitrary } from "./incident.arbitrary.ts";
import { outcomeOf } from "./outcome.ts";
import { cellsOf, tallyOf } from "./tally.ts";
import { compareEvents, openingOf, timelineOf } from "./timeline.ts";
import { applyChange, emptyRecord, type TrackRecord, TrackRecordBuilder } from "./track-record.ts";

const MINUTE = 60_000;
const rules = { windowMs: 5 * MINUTE };

/** Feeds events to one record as the ledger does: an incident enters with its opening, each event counts once. */
function replay(events: readonly IncidentEvent[]): TrackRecord {
  let record = emptyRecord(rules.windowMs);
  const seen = new Map<string, IncidentEvent[]>();
  const applied = new Set<string>();
  for (const event of events) {
    const known = seen.get(event.incident) ?? [];
    if (known.some((one) => one.id === event.id)) continue;
    const before = timelineOf(known);
    const after = timelineOf([...known, event]);
    seen.set(event.incident, [...known, event]);
    if (openingOf(after) === undefined) continue;
    const fresh = after.filter((one) => !applied.has(one.id));
    for (const one of fresh) applied.add(one.id);
    record = applyChange(record, {
      before: contributionOf(before, rules),
      after: contributionOf(after, rules),
      events: fresh.length,
      latest: Math.max(...fresh.map((one) => one.occurredAt)),
    });
  }
  return record;
}

const night = fc
  .tuple(historyArbitrary("PA"), historyArbitrary("PB"), historyArbitrary("PC"))
  .map((histories) => histories.flat());

it("a count is where its name says", () => {
  const counts = countNames.map((_, i) => 10 + i);
  for (const [i, name] of countNames.entries()) expect(countOf(counts, name)).toBe(10 + i);
});

describe("the track-record reducer", () => {
  it("gives the same state however its events are shuffled, repeated and delayed", () => {
    fc.assert(
      fc.property(
        night.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
          ),
        ),
        ([events, shuffled]) => {
          expect(replay(shuffled)).toEqual(replay(events.toSorted(compareEvents)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("reads the same whether or not it was read before, and as if rebuilt from its stored form", () => {
    fc.assert(
      fc.property(night, (events) => {
        const running = new TrackRecordBuilder(rules.windowMs);
        const seen = new Map<string, IncidentEvent[]>();
        const cells = (record: TrackRecordBuilder) =>
          record
            .segments()
            .map(({ width, indexes, counts, from, to }) => [
              width,
              indexes.slice(from, to),
              counts.slice(from * countNames.length, to * countNames.length),
            ]);
        for (const event of events) {
          const before = seen.get(event.incident) ?? [];
          const after = [...before, event];
          seen.set(event.incident, after);
          running.apply({
            before: contributionOf(timelineOf(before), rules),
            after: contributionOf(timelineOf(after), rules),
            events: 1,
            latest: event.occurredAt,
          });
          expect(cells(running)).toEqual(cells(TrackRecordBuilder.of(running.toRecord())));
          expect(cells(running)).toEqual(cells(running));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is written as the record that it makes, and takes one change for several records as for each alone", () => {
    const levels = [null, 1, 2] as const;
    fc.assert(
      fc.property(night, (events) => {
        const together = levels.map((level) => new TrackRecordBuilder(rules.windowMs, level));
        const alone = levels.map((level) => new TrackRecordBuilder(rules.windowMs, level));
        const seen = new Map<string, IncidentEvent[]>();
        for (const event of events) {
          const before = seen.get(event.incident) ?? [];
          const after = [...before, event];
          seen.set(event.incident, after);
          const change = () => ({
            before: contributionOf(timelineOf(before), rules),
            after: contributionOf(timelineOf(after), rules),
            events: 1,
            latest: event.occurredAt,
          });
          const shared = change();
          for (const record of together) record.apply(shared);
          for (const record of alone) record.apply(change());
        }
        const written = together.map((record) => record.toJson());
        expect(written).toEqual(alone.map((record) => JSON.stringify(record.toRecord())));
      }),
      { numRuns: 30 },
    );
  });

  it("takes back a label that was counted when a late event shows that a person stepped in", () => {
    const [opening, cleared] = pair("resolved");
    const late = {
      ...opening,
      id: "late",
      type: "escalated" as const,
      actor: "human" as const,
      occurredAt: opening.occurredAt + MINUTE,
    };
    expect(tallyOf([replay([opening, cleared])], Date.UTC(2026, 3, 2)).selfResolved).toBe(1);
    const after = tallyOf([replay([opening, cleared, late])], Date.UTC(2026, 3, 2));
    expect(after).toMatchObject({ selfResolved: 0, neededHuman: 1, opened: 1 });
  });

  it("takes back 'untouched' when a late acknowledgement arrives", () => {
    const [opening, cleared] = pair("resolved");
    const late = {
      ...opening,
      id: "late",
      type: "acknowledged" as const,
      actor: "human" as const,
      occurredAt: opening.occurredAt + MINUTE,
    };
    expect(tallyOf([replay([opening, cleared])], Date.UTC(2026, 3, 2))).toMatchObject({
      untouched: 1,
      acknowledged: 0,
    });
    expect(tallyOf([replay([opening, cleared, late])], Date.UTC(2026, 3, 2))).toMatchObject({
      untouched: 0,
      acknowledged: 1,
      selfResolved: 1,
    });
  });

  it("never shows a label before the event that decided it", () => {
    fc.assert(
      fc.property(historyArbitrary("PA"), fc.integer({ min: 0, max: 3_600_000 }), (events, after) => {
        const at = (events[0]?.occurredAt ?? 0) + after;
        const known = events.filter((event) => event.occurredAt <= at);
        const tally = tallyOf([replay(known)], at);
        const decided = outcomeOf(timelineOf(known), rules, at);
        const shown = tally.selfResolved + tally.neededHuman + tally.unknown + tally.merged + tally.timedOut;
        expect(shown).toBeLessThanOrEqual(decided === null ? 0 : 1);
      }),
    );
  });

  it("counts an incident still open after its window as having needed a human, even without an event", () => {
    const [opening] = pair("resolved");
    const record = replay([opening]);
    expect(tallyOf([record], opening.occurredAt + 5 * MINUTE - 1)).toMatchObject({ neededHuman: 0, open: 1 });
    // A bucket is a minute wide, so the window of its youngest incident may end up to a minute later.
    expect(tallyOf([record], opening.occurredAt + 6 * MINUTE)).toMatchObject({ neededHuman: 1, open: 1 });
  });

  it("keeps counts whole and stays bounded over a year of incidents", () => {
    const running = new TrackRecordBuilder(rules.windowMs);
    const start = Date.UTC(2025, 0, 1);
    for (let i = 0; i < 6_000; i++) {
      const openedAt = start + i * 87 * MINUTE;
      const after = contributionOf(timelineOf([{ ...pair("resolved")[0], occurredAt: openedAt }]), rules);
      running.apply({ before: null, after, events: 1, latest: openedAt });
    }
    const record = running.toRecord();
    expect(Object.keys(record.minutes).length).toBeLessThanOrEqual(181);
    expect(Object.keys(record.hours).length).toBeLessThanOrEqual(45 * 24 + 1);
    expect(Object.keys(record.days).length).toBeLessThanOrEqual(401);
    expect(cellsOf(record).reduce((sum, cell) => sum + countOf(cell.counts, "opened"), 0)).toBe(6_000);
  });

  it("weighs older cells less only when read so", () => {
    const [opening, cleared] = pair("resolved");
    const record = replay([opening, cleared]);
    expect(tallyOf([record], opening.occurredAt + 86_400_000, 86_400_000).selfResolved).toBeCloseTo(0.5, 2);
    expect(tallyOf([record], opening.occurredAt + 86_400_000).selfResolved).toBe(1);
  });
});

function pair(second: "resolved"): [IncidentEvent, IncidentEvent] {
  const opening: IncidentEvent = {
    id: "open",
    incident: "PINC001",
    type: "triggered",
    occurredAt: Date.UTC(2026, 3, 1, 2, 0, 17),
    actor: "integration",
    actorId: null,
    snapshot: {
      title: "Disk full",
      service: "PSVC001",
      serviceName: null,
      status: "triggered",
      urgency: "high",
      priority: null,
      assignees: [],
      escalationPolicy: null,
      teams: [],
      number: null,
      htmlUrl: null,
      createdAt: null,
    },
    note: null,
    mergedInto: null,
  };
  return [opening, { ...opening, id: "closed", type: second, occurredAt: opening.occurredAt + 2 * MINUTE }];
}
