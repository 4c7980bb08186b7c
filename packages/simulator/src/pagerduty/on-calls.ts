import { refusals } from "./errors.ts";
import { oneOf, timeOf } from "./rest-query.ts";
import { isoTime, policyReference, scheduleReference, userReference } from "./shapes.ts";
import type { World } from "./world.ts";

const HOUR = 3_600_000;
const MAX_RANGE = 93 * 24 * HOUR;

/** One stretch of somebody being on call; `null` bounds for a user who always is. */
type OnCall = {
  readonly user: string;
  readonly level: number;
  readonly policy: string;
  readonly schedule: string | null;
  start: number | null;
  end: number | null;
};

/**
 * Who is on call on the levels of the policies (GET /oncalls): now, or from `since` to `until`. Shifts are looked up
 * hour by hour, so their bounds are whole hours from `since`, and the last shift is cut at `until`.
 */
export function listOnCalls(world: World, query: URLSearchParams): readonly object[] {
  const { directory, clock } = world;
  const since = timeOf(query, "since") ?? clock.now();
  const until = timeOf(query, "until") ?? since;
  if (until < since || until - since > MAX_RANGE)
    throw refusals.invalid("until must be after since, by 3 months at most");
  const policies = oneOf(query, "escalation_policy_ids");
  const schedules = oneOf(query, "schedule_ids");
  const users = oneOf(query, "user_ids");
  const onlySchedules = query.has("schedule_ids[]");

  const list: OnCall[] = [];
  for (const policy of directory.policies.values()) {
    if (!policies(policy.id)) continue;
    for (const [i, rule] of policy.rules.entries()) {
      for (const target of rule.targets) {
        const common = { level: i + 1, policy: policy.id };
        if (target.type === "user") {
          if (!onlySchedules && users(target.id))
            list.push({ ...common, user: target.id, schedule: null, start: null, end: null });
        } else if (schedules(target.id)) {
          const shifts = shiftsOf((at) => directory.reachedBy([target], at), since, until);
          for (const { user, start, end } of shifts)
            if (users(user)) list.push({ ...common, user, schedule: target.id, start, end });
        }
      }
    }
  }
  const shown = query.get("earliest") === "true" ? earliestOf(list) : list;
  return shown.map(({ user, level, policy, schedule, start, end }) => ({
    escalation_policy: policyReference(directory.policy(policy)),
    escalation_level: level,
    schedule: schedule === null ? null : scheduleReference(directory, schedule),
    user: userReference(directory, user),
    start: start === null ? null : isoTime(start),
    end: end === null ? null : isoTime(end),
  }));
}

/** Of each user, on each level of each policy, the first shift alone. */
function earliestOf(list: readonly OnCall[]): readonly OnCall[] {
  const first = new Map<string, OnCall>();
  for (const one of list) {
    const key = `${one.policy} ${one.level} ${one.user}`;
    const known = first.get(key);
    if (known === undefined || (one.start ?? 0) < (known.start ?? 0)) first.set(key, one);
  }
  return [...first.values()];
}

/** Who is on call when, hour by hour from `since` on; of the hour itself where both bounds are the same. */
export function shiftsOf(onCall: (at: number) => readonly string[], since: number, until: number) {
  const shifts: { readonly user: string; readonly start: number; end: number }[] = [];
  for (let at = since; at < until || at === since; at += HOUR) {
    const end = since === until ? at + HOUR : Math.min(until, at + HOUR);
    for (const user of onCall(at)) {
      const running = shifts.findLast((shift) => shift.user === user && shift.end === at);
      if (running === undefined) shifts.push({ user, start: at, end });
      else running.end = end;
    }
  }
  return shifts;
}
