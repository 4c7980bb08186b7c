import type { RestIncident } from "@mrdata/pagerduty";

/** PagerDuty tells times to the second. */
const SECOND_MS = 1_000;

/**
 * True if an incident's timer was stopped, by an acknowledgement or by hand, before PagerDuty told people by itself: `until`, by
 * PagerDuty's clock, milliseconds since the epoch. What it does not date may have been before.
 */
export function wasStoppedBefore(
  until: number,
  { status, acknowledgedAt, assignedAt }: Pick<RestIncident, "status" | "acknowledgedAt" | "assignedAt">,
): boolean {
  const stoppedAt = (status === "acknowledged" ? acknowledgedAt : null) ?? assignedAt;
  return stoppedAt === null || stoppedAt <= until + SECOND_MS;
}
