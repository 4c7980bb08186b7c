import type { Named, Period, RestSchedule } from "@mrdata/pagerduty";
import { byId, collect } from "./attempt.ts";
import type { CheckedPagerDuty, CheckOptions } from "./check-ports.ts";

/**
 * Schedules of both kinds with the user on them: as a member at whatever time, or on call by them in the period (an
 * override, a custom shift). Throws PagerDutyError where any of them cannot be read: half an answer is none.
 */
export async function findSchedulesOf(
  pagerduty: Pick<CheckedPagerDuty, "listSchedules" | "getSchedule" | "listOnCalls">,
  user: string,
  period: Period,
  { everySchedule }: Pick<CheckOptions, "everySchedule">,
): Promise<readonly Named[]> {
  const [all, turns] = await Promise.all([
    collect(pagerduty.listSchedules()),
    collect(pagerduty.listOnCalls({ userIds: [user], ...period })),
  ]);
  const found = new Map<string, Named>();
  // The list of who is on call serves both kinds, and may name one that no list has yet.
  for (const { schedule } of turns) if (schedule !== null) found.set(schedule.id, schedule);
  const unsaid: RestSchedule[] = [];
  for (const schedule of all) {
    if (schedule.users?.includes(user)) found.set(schedule.id, schedule);
    if (schedule.users === null && !found.has(schedule.id)) unsaid.push(schedule);
  }
  if (everySchedule) {
    const read = await byId(
      unsaid.map(({ id }) => id),
      (id) => pagerduty.getSchedule(id, period),
    );
    for (const { id, name, users } of read.values()) {
      if (users === null)
        throw new Error(`who is on the schedule ${id} cannot be told from what PagerDuty shows of it`);
      if (users.includes(user)) found.set(id, { id, name });
    }
  }
  return [...found.values()].map(({ id, name }) => ({ id, name }));
}
