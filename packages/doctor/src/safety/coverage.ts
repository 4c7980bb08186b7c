import type { Period, Shift } from "@mrdata/pagerduty";

export type Gap = { readonly start: number; readonly end: number };

/** The parts of the period in which no shift is, in order. The shifts may overlap and come in any order. */
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

/** One level of a policy: PagerDuty ids of its targets. */
export type Level = { readonly users: readonly string[]; readonly schedules: readonly string[] };

/** Who is on call by which schedule in the period; a schedule that is not here could not be read. */
export type Rosters = ReadonlyMap<string, { readonly name: string; readonly shifts: readonly Shift[] }>;

/** When the level reaches no person in the period; null if that cannot be told for want of a roster. */
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
