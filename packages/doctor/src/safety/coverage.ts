import type { Period, Shift } from "@mrdata/pagerduty";

export type Gap = { readonly start: number; readonly end: number };

/** The parts of the period not covered by any shift, in order. Shifts may overlap and be unordered. */
export function gapsBetween(
  shifts: readonly Omit<Shift, "user">[],
  { since, until }: Period,
): readonly Gap[] {
  const gaps: Gap[] = [];
  let covered = since;
  for (const { start, end } of shifts.toSorted((a, b) => a.start - b.start)) {
    if (covered >= until) break;
    if (end <= start) continue;
    if (start > covered) gaps.push({ start: covered, end: Math.min(start, until) });
    covered = Math.max(covered, end);
  }
  if (covered < until) gaps.push({ start: covered, end: until });
  return gaps;
}

/** A level of a policy: the PagerDuty ids of its targets. */
export type Level = { readonly users: readonly string[]; readonly schedules: readonly string[] };

/** Shifts in the period by schedule id; schedules that could not be read are absent. */
export type Rosters = ReadonlyMap<string, { readonly name: string; readonly shifts: readonly Shift[] }>;

/** The gaps in which the level reaches no person; null if a missing roster leaves that open. */
export function unreachedTimes(
  level: Level,
  rosters: Rosters,
  isPerson: (user: string) => boolean,
  period: Period,
): readonly Gap[] | null {
  if (level.users.some(isPerson)) return [];
  const shifts: Shift[] = [];
  let missing = false;
  for (const schedule of level.schedules) {
    const roster = rosters.get(schedule);
    if (roster === undefined) missing = true;
    else shifts.push(...roster.shifts.filter(({ user }) => isPerson(user)));
  }
  const gaps = gapsBetween(shifts, period);
  return missing && gaps.length > 0 ? null : gaps;
}
