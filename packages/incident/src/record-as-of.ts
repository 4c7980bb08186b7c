import { outOfRange } from "@mrdata/base";
import { type Contribution, contributionOf } from "./contribution.ts";
import type { IncidentEvent } from "./event.ts";
import type { OutcomeRules } from "./outcome.ts";
import { familyOfKey } from "./record-key.ts";
import { compareEvents, type Timeline, timelineOf } from "./timeline.ts";
import { type TrackRecord, TrackRecordBuilder } from "./track-record.ts";

/** An event and its sequence number in each track record that it was applied to. */
export type AppliedEvent = IncidentEvent & { readonly applied: Readonly<Record<string, number>> };

/** The events of an incident so far, and its resulting contribution. */
type Counted = { readonly timeline: Timeline; readonly contribution: Contribution | null };
const nothing: Counted = { timeline: [], contribution: null };

/** The result of `timelineOf([...timeline, event])`. Nearly every event is the latest so far, and nothing is then sorted. */
function extend(timeline: Timeline, event: AppliedEvent): Timeline {
  const last = timeline.at(-1);
  const isLatest = last === undefined || compareEvents(last, event) < 0;
  return isLatest && timeline.every(({ id }) => id !== event.id)
    ? [...timeline, event]
    : timelineOf([...timeline, event]);
}

/**
 * A track record as of a version, by the reducer that made it: its events are applied in the order of their numbers.
 * `events` may contain more than the record's own. Throws RangeError if a number is missing.
 */
export const recordAsOf = (
  key: string,
  version: number,
  events: Iterable<AppliedEvent>,
  rules: OutcomeRules,
): TrackRecord => replayOfRecord(key, events, rules)(version);

/**
 * Computes a track record at any version, as `recordAsOf` does; for a later version than the last one it continues from
 * there.
 */
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
    record: new TrackRecordBuilder(rules.windowMs, familyOfKey(key)),
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
      const extended = extend(timeline, event);
      const after = contributionOf(extended, rules);
      byIncident.set(event.incident, { timeline: extended, contribution: after });
      record.apply({ before, after, events: 1, latest: event.occurredAt });
      state.reached = number;
    }
    if (state.reached !== version)
      throw new RangeError(`record ${key}: only ${state.reached} of ${version} events are there`);
    return record.toRecord();
  };
}
