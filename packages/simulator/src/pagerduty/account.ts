/**
 * What is set up in a PagerDuty account before anything happens in it. Durations are in the units of PagerDuty's API,
 * as their names say; times are milliseconds since the epoch.
 */
export type AccountDescription = {
  readonly users: readonly UserDescription[];
  readonly schedules: readonly ScheduleDescription[];
  readonly policies: readonly PolicyDescription[];
  readonly services: readonly ServiceDescription[];
  /** Teams with a name of their own; one that only a service names is called by its id. */
  readonly teams?: readonly { readonly id: string; readonly name: string }[];
  readonly priorities?: readonly { readonly id: string; readonly name: string }[];
  readonly restTokens: readonly RestToken[];
};

export type UserDescription = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role?: string;
  /** A program's user: notifications to it are marked, for nobody wakes up from them. */
  readonly bot?: boolean;
  /** The licence that it takes. Default: a full one. */
  readonly license?: "full" | "stakeholder";
  /** Default: e-mail alone for a bot, else e-mail, phone and push. */
  readonly contactMethods?: readonly ContactMethod[];
};

export type ContactMethod = "email" | "phone" | "sms" | "push";

export type ScheduleDescription = {
  readonly id: string;
  readonly name: string;
  readonly timeZone?: string;
  /** Default: `layer-based`, unless it is made of rotations. An upgrade changes the kind and keeps the id. */
  readonly kind?: ScheduleKind;
  /** What GET /schedules/{id} answers for one that is shift-based, which PagerDuty documents nowhere. Default: 404. */
  readonly v2Answer?: "not-found" | "other-shape";
} & (
  | { readonly onCall: (at: number) => readonly string[] }
  | { readonly layers: readonly ScheduleLayer[] }
  | { readonly rotations: readonly ShiftRotation[] }
);

export type ScheduleKind = "layer-based" | "shift-based";

/** Shifts that come again (an event with an RRULE of a shift-based schedule). Rotations add up: several people may be on. */
export type ShiftRotation = {
  readonly start: number;
  readonly end?: number;
  /** From one shift's beginning to the next one's, whole hours, and how long a shift lasts: milliseconds. */
  readonly every: number;
  readonly length: number;
  /** Who takes turns, or (`every-member`) is on together; null: nobody, an empty member. */
  readonly members: readonly (string | null)[];
  readonly strategy?: "rotating" | "every-member";
};

export const kindOf = (schedule: ScheduleDescription): ScheduleKind =>
  schedule.kind ?? ("rotations" in schedule ? "shift-based" : "layer-based");

/** Users take turns from `start` on. The last layer that has somebody on call wins, as in PagerDuty. */
export type ScheduleLayer = {
  readonly start: number;
  readonly end?: number;
  /** Milliseconds. */
  readonly turn: number;
  readonly users: readonly string[];
  /** Only these hours of the day (UTC): minutes from midnight, and for how many minutes. */
  readonly daily?: { readonly from: number; readonly minutes: number };
};

export type TargetReference = { readonly type: "user" | "schedule"; readonly id: string };

export type PolicyRule = {
  readonly delayMinutes: number;
  readonly targets: readonly TargetReference[];
};

export type PolicyDescription = {
  readonly id: string;
  readonly name: string;
  /** PagerDuty's `num_loops`: how often level 1 follows the last one. */
  readonly repeat: number;
  readonly rules: readonly PolicyRule[];
};

export type ServiceUrgency = "high" | "low" | "severity_based";

export type ServiceDescription = {
  readonly id: string;
  readonly name: string;
  readonly policyId: string;
  readonly urgency: ServiceUrgency;
  /** Seconds; null switches it off. */
  readonly autoResolveTimeout: number | null;
  readonly acknowledgementTimeout: number | null;
  readonly maintenance?: readonly { readonly start: number; readonly end: number }[];
  /** High urgency from 9 to 17 on weekdays, low outside of it, in place of `urgency`. */
  readonly supportHours?: boolean;
  /** Callers are put through to who is on call. */
  readonly liveCallRouting?: boolean;
  /** Seconds that auto-pause and an orchestration's rule hold an alert back before it opens an incident. Told, not played. */
  readonly autoPause?: number;
  readonly suspend?: number;
  /** Ids of the teams that it belongs to. */
  readonly teams?: readonly string[];
  /** The Events API's `routing_key`. Default: `R` and the service's id. */
  readonly routingKey?: string;
};

/** Ids of everybody who takes a turn, whenever; of a schedule by rule, who does in the two weeks from `at` on. */
export function usersOf(schedule: ScheduleDescription, at: number): readonly string[] {
  if ("layers" in schedule) return [...new Set(schedule.layers.flatMap(({ users }) => users))];
  if ("rotations" in schedule)
    return [...new Set(schedule.rotations.flatMap(({ members }) => members.filter((one) => one !== null)))];
  const hours = Array.from({ length: 14 * 24 }, (_, hour) => schedule.onCall(at + hour * 60 * MINUTE));
  return [...new Set(hours.flat())];
}

export type RestToken = {
  readonly token: string;
  readonly scopes: "full" | "read";
  /** An OAuth app's access token, which goes behind `Bearer`; all others are keys, behind `Token token=`. */
  readonly isOAuth?: boolean;
  /** The user whose key it is; an account's key, which needs a `From` header, has none. */
  readonly user?: string;
};

/** Throws RangeError naming the first thing that PagerDuty would not let one set up. */
export function assertAccount(account: AccountDescription): void {
  const ids = new Map<string, string>();
  const add = (kind: string, id: string) => {
    const other = ids.get(id);
    if (other !== undefined) throw new RangeError(`${kind} ${id}: a ${other} has that id already`);
    ids.set(id, kind);
  };
  for (const { id } of account.users) add("user", id);
  for (const { id } of account.schedules) add("schedule", id);
  for (const { id } of account.policies) add("escalation policy", id);
  for (const { id } of account.services) add("service", id);
  for (const { id } of account.priorities ?? []) add("priority", id);
  for (const { id } of account.teams ?? []) add("team", id);
  for (const schedule of account.schedules) assertSchedule(schedule);
  for (const policy of account.policies) assertPolicy(policy, (target) => ids.get(target.id) === target.type);
  for (const { id, policyId } of account.services) {
    if (ids.get(policyId) !== "escalation policy")
      throw new RangeError(`service ${id}: there is no escalation policy ${policyId}`);
  }
}

/** A layer-based schedule has no rotations; a shift ends before the next of its rotation begins. */
export function assertSchedule(schedule: ScheduleDescription): void {
  const fail = (why: string): never => {
    throw new RangeError(`schedule ${schedule.id}: ${why}`);
  };
  if (!("rotations" in schedule)) return;
  if (kindOf(schedule) !== "shift-based") fail("one with rotations is shift-based");
  for (const { every, length, members } of schedule.rotations) {
    if (members.length === 0) fail("a rotation has no member");
    if (!(length > 0) || length > every || every % (60 * MINUTE) !== 0)
      fail("expected shifts of a rotation to begin at intervals of whole hours, and not to overlap");
  }
}

/** At most 20 rules, 9 repeats, 10 targets; 1 minute for one target, 3 for several (PagerDuty: Escalation policies). */
export function assertPolicy(policy: PolicyDescription, exists: (target: TargetReference) => boolean): void {
  const fail = (why: string): never => {
    throw new RangeError(`escalation policy ${policy.id}: ${why}`);
  };
  if (policy.rules.length < 1 || policy.rules.length > 20) fail("expected 1 to 20 rules");
  if (!Number.isInteger(policy.repeat) || policy.repeat < 0 || policy.repeat > 9)
    fail("expected repeat to be 0 to 9");
  for (const [i, { delayMinutes, targets }] of policy.rules.entries()) {
    if (targets.length < 1) fail(`rule ${i + 1} has no target`);
    const least = targets.length === 1 ? 1 : 3;
    if (!(delayMinutes >= least)) fail(`rule ${i + 1} must wait ${least} minutes or more`);
    for (const target of targets)
      if (!exists(target)) fail(`rule ${i + 1}: there is no ${target.type} ${target.id}`);
  }
}

/** Ids of who is on call by the schedule at the moment `at`; empty in a gap. */
export function onCallBy(schedule: ScheduleDescription, at: number): readonly string[] {
  if ("onCall" in schedule) return schedule.onCall(at);
  if ("rotations" in schedule) return schedule.rotations.flatMap((rotation) => onShift(rotation, at));
  const user = schedule.layers.map((layer) => onCallInLayer(layer, at)).findLast((one) => one !== undefined);
  return user === undefined ? [] : [user];
}

function onShift({ start, end, every, length, members, strategy }: ShiftRotation, at: number): string[] {
  if (at < start || (end !== undefined && at >= end) || (at - start) % every >= length) return [];
  const turn = members[Math.floor((at - start) / every) % members.length];
  return (strategy === "every-member" ? members : [turn]).filter((one) => typeof one === "string");
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function onCallInLayer({ start, end, turn, users, daily }: ScheduleLayer, at: number): string | undefined {
  if (at < start || (end !== undefined && at >= end) || users.length === 0) return undefined;
  if (daily !== undefined && (((at - daily.from * MINUTE) % DAY) + DAY) % DAY >= daily.minutes * MINUTE)
    return undefined;
  return users[Math.floor((at - start) / turn) % users.length];
}
