import type { IncidentSnapshot } from "@mrdata/incident";
import { REST_TIME_RESOLUTION_MS, type RestIncident } from "@mrdata/pagerduty";

/** As the REST API dates things. */
const dateOf = (at: number): number => Math.floor(at / REST_TIME_RESOLUTION_MS);

/** An event as far as it tells that its incident waits on somebody. */
export type ToldEvent = {
  readonly snapshot: IncidentSnapshot | null;
  /** By PagerDuty's clock, milliseconds since the epoch. */
  readonly occurredAt: number;
};

/** When an event told that its incident waits on the bot, milliseconds since the epoch; null where it tells no such thing. */
export function toldWaitingAt({ snapshot, occurredAt }: ToldEvent, bot: string): number | null {
  const waits =
    snapshot?.status === "triggered" &&
    snapshot.assignees.length > 0 &&
    snapshot.assignees.every((id) => id === bot);
  return waits ? occurredAt : null;
}

/**
 * True if an incident was read as it may have been before an event: a reading can be seconds behind what a webhook has
 * told (a read replica), and shows neither a change nor an assignment that is younger than the event. Both dates
 * are PagerDuty's, so that no other clock counts.
 *
 * @example
 * ```ts
 * const reopenedAt = Date.parse("2026-03-02T03:05:00.400Z");
 * isBehind({ statusChangedAt: Date.parse("2026-03-02T03:04:10Z"), assignedAt: null }, reopenedAt); // => true
 * isBehind({ statusChangedAt: Date.parse("2026-03-02T03:05:07Z"), assignedAt: null }, reopenedAt); // => false
 * ```
 */
export function isBehind(
  { statusChangedAt, assignedAt }: Pick<RestIncident, "statusChangedAt" | "assignedAt">,
  occurredAt: number,
): boolean {
  return [statusChangedAt, assignedAt].every((at) => at === null || dateOf(at) <= dateOf(occurredAt));
}
