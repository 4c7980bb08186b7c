import { outOfRange } from "@mrdata/base";
import { type Contribution, contributionOf } from "./contribution.ts";
import type { IncidentEvent } from "./event.ts";
import type { OutcomeRules } from "./outcome.ts";
import { familyOfKey } from "./record-key.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { type TrackRecord, TrackRecordBuilder } from "./track-record.ts";

/** An event and the number that it got in each track record it was applied to. */
export type AppliedEvent = IncidentEvent & { readonly applied: Readonly<Record<string, number>> };

/** What was told of an incident so far, and what it comes to. */
type Counted = { readonly timeline: Timeline; readonly contribution: Contribution | null };
const nothing: Counted = { timeline: [], contribution: null };

/**
 * A track record as it was at a version, by the reducer that made it: its events one after the other, as they are
 * numbered. `events` may hold more than the record's own. Throws RangeError if one of the numbers is missing.
 */
export const recordAsOf = (
  key: string,
  version: number,
  events: Iterable<AppliedEvent>,
  rules: OutcomeRules,
): TrackRecord => replayOfRecord(key, events, rules)(version);

/** Tells a track record at any version, as `recordAsOf` does: asked for a later one than before it goes on from there. */
export function replayOfRecord(
  key: string,
  events: Iterable<AppliedEvent>,
  rules: OutcomeRules,
): (version: number) => TrackRecord {
  const numbered: { readonly event: AppliedEvent; readonly number: number }[] = [];
  for (const event of events) {
    const number = event.applied[key];
    if (number !== undefined) numbered.push({ event, number });
  }
  numbered.sort((a, b) => a.number - b.number);
  const begin = () => ({
    record: new TrackRecordBuilder(rules.window, familyOfKey(key)),
    byIncident: new Map<string, Counted>(),
    place: 0,
    reached: 0,
  });
  let state = begin();
  return (version) => {
    if (version < state.reached) state = begin();
    const { record, byIncident } = state;
    for (; state.place < numbered.length; state.place++) {
      const { event, number } = numbered[state.place] ?? outOfRange();
      if (number > version) break;
      if (number !== state.reached + 1)
        throw new RangeError(
          `record ${key}: event number ${state.reached + 1} is missing, ${number} comes next`,
        );
      const { timeline, contribution: before } = byIncident.get(event.incident) ?? nothing;
      const told = timelineOf([...timeline, event]);
      const after = contributionOf(told, rules);
      byIncident.set(event.incident, { timeline: told, contribution: after });
      record.apply({ before, after, events: 1, latest: event.occurredAt });
      state.reached = number;
    }
    if (state.reached !== version)
      throw new RangeError(`record ${key}: only ${state.reached} of ${version} events are there`);
    return record.toRecord();
  };
}
