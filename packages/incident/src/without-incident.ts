import { contributionOf } from "./contribution.ts";
import type { OutcomeRules } from "./outcome.ts";
import type { AppliedEvent } from "./record-as-of.ts";
import { timelineOf } from "./timeline.ts";
import { type TrackRecord, TrackRecordBuilder } from "./track-record.ts";

/**
 * A track record as if one incident had never happened. What is known when an incident opens is the past of others: its
 * own opening, which may already be recorded, would make the last incident a moment old and still open. `events` are
 * the incident's own, all that the record may contain; those numbered after its version are ignored.
 */
export function withoutIncident(
  key: string,
  record: TrackRecord,
  events: readonly AppliedEvent[],
  rules: OutcomeRules,
): TrackRecord {
  const inIt = events.filter(({ applied }) => (applied[key] ?? Number.POSITIVE_INFINITY) <= record.version);
  const before = contributionOf(timelineOf(inIt), rules);
  if (before === null) return record;
  const running = TrackRecordBuilder.of(record);
  running.apply({ before, after: null, events: 0, latest: 0 });
  return running.toRecord();
}
