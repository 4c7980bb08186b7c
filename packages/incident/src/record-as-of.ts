import { contributionOf } from "./contribution.ts";
import type { IncidentEvent } from "./event.ts";
import type { OutcomeRules } from "./outcome.ts";
import { familyOfKey } from "./record-key.ts";
import { timelineOf } from "./timeline.ts";
import { type TrackRecord, TrackRecordBuilder } from "./track-record.ts";

/** An event and the number that it got in each track record it was applied to. */
export type AppliedEvent = IncidentEvent & { readonly applied: Readonly<Record<string, number>> };

/**
 * A track record as it was at a version, by the reducer that made it: its events one after the other, as they are
 * numbered. `events` may hold more than the record's own. Throws RangeError if one of the numbers is missing.
 */
export function recordAsOf(
  key: string,
  version: number,
  events: Iterable<AppliedEvent>,
  rules: OutcomeRules,
): TrackRecord {
  const numbered = [...events]
    .map((event) => ({ event, number: event.applied[key] ?? Number.POSITIVE_INFINITY }))
    .filter(({ number }) => number <= version)
    .sort((a, b) => a.number - b.number);
  const byIncident = new Map<string, readonly IncidentEvent[]>();
  const record = new TrackRecordBuilder(rules.window, familyOfKey(key));
  let reached = 0;
  for (const { event, number } of numbered) {
    if (number !== reached + 1)
      throw new RangeError(`record ${key}: event number ${reached + 1} is missing, ${number} comes next`);
    const before = timelineOf(byIncident.get(event.incident) ?? []);
    const after = timelineOf([...before, event]);
    byIncident.set(event.incident, after);
    record.apply({
      before: contributionOf(before, rules),
      after: contributionOf(after, rules),
      events: 1,
      latest: event.occurredAt,
    });
    reached = number;
  }
  if (reached !== version)
    throw new RangeError(`record ${key}: only ${reached} of ${version} events are there`);
  return record.toRecord();
}
