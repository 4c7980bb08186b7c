import type { IncidentSnapshot } from "@mrdata/incident";
import { REST_TIME_RESOLUTION_MS, type RestIncident } from "@mrdata/pagerduty";

/** The REST API's timestamps are whole seconds. */
const dateOf = (at: number): number => Math.floor(at / REST_TIME_RESOLUTION_MS);

/** An event, reduced to what shows whether its incident waits on somebody. */
export type DatedSnapshot = {
  readonly snapshot: IncidentSnapshot | null;
  /** By PagerDuty's clock, milliseconds since the epoch. */
  readonly occurredAt: number;
};

/**
 * When an event showed the incident waiting on the bot, milliseconds since the epoch; null where it does not show that.
 */
export function waitingAtOf({ snapshot, occurredAt }: DatedSnapshot, bot: string): number | null {
  const waits =
    snapshot?.status === "triggered" &&
    snapshot.assignees.length > 0 &&
    snapshot.assignees.every((id) => id === bot);
  return waits ? occurredAt : null;
}

/**
 * True if an incident was read in a state that may be older than an event. A read replica can be seconds behind a
 * webhook, and then shows neither a status change nor an assignment as recent as the event. Both dates come from
 * PagerDuty's clock, so no other clock matters.
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
