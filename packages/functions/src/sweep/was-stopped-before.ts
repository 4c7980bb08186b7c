import { REST_TIME_RESOLUTION_MS, type RestIncident } from "@mrdata/pagerduty";

/**
 * True if an incident's timer was stopped, by an acknowledgement or by hand, before PagerDuty notified people by
 * itself: `until`, by PagerDuty's clock, milliseconds since the epoch. What PagerDuty does not date may have happened
 * before.
 */
export function wasStoppedBefore(
  until: number,
  { status, acknowledgedAt, assignedAt }: Pick<RestIncident, "status" | "acknowledgedAt" | "assignedAt">,
): boolean {
  const stoppedAt = (status === "acknowledged" ? acknowledgedAt : null) ?? assignedAt;
  return stoppedAt === null || stoppedAt <= until + REST_TIME_RESOLUTION_MS;
}
