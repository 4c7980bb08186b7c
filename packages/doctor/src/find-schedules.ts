import type { Named, Period, RestSchedule } from "@mrdata/pagerduty";
import { byId, collect } from "./attempt.ts";
import type { CheckedPagerDuty, CheckOptions } from "./check-ports.ts";

/**
 * Schedules of both kinds that involve the user: as a member at any time, or on call in the period (by an override or a custom shift).
 * Throws PagerDutyError if any of them cannot be read: a partial answer would be misleading.
 */
export async function findSchedulesOf(
  pagerduty: Pick<CheckedPagerDuty, "listSchedules" | "getSchedule" | "listOnCalls">,
  user: string,
  period: Period,
  { everySchedule }: Pick<CheckOptions, "everySchedule">,
): Promise<readonly Named[]> {
  const [all, onCalls] = await Promise.all([
    collect(pagerduty.listSchedules()),
    collect(pagerduty.listOnCalls({ userIds: [user], ...period })),
  ]);
  const found = new Map<string, Named>();
  // On-calls cover both kinds, and may name a schedule that the list does not contain yet.
  for (const { schedule } of onCalls) if (schedule !== null) found.set(schedule.id, schedule);
  const withoutMembers: RestSchedule[] = [];
  for (const schedule of all) {
    if (schedule.users?.includes(user)) found.set(schedule.id, schedule);
    if (schedule.users === null && !found.has(schedule.id)) withoutMembers.push(schedule);
  }
  if (everySchedule) {
    const read = await byId(
      withoutMembers.map(({ id }) => id),
      (id) => pagerduty.getSchedule(id, period),
    );
    for (const { id, name, users } of read.values()) {
      if (users === null)
        throw new Error(`who is on the schedule ${id} cannot be read from what PagerDuty shows of it`);
      if (users.includes(user)) found.set(id, { id, name });
    }
  }
  return [...found.values()].map(({ id, name }) => ({ id, name }));
}
