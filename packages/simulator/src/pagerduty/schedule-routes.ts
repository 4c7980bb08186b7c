import { kindOf, type ScheduleDescription, type ShiftRotation, usersOf } from "./account.ts";
import { refusals } from "./errors.ts";
import { shiftsOf } from "./on-calls.ts";
import { namedLike, pageOf, timeOf, v3PageOf } from "./rest-query.ts";
import { get, type Route } from "./routes.ts";
import { isoTime, policyReference, scheduleReference, userReference, userShape } from "./shapes.ts";
import type { World } from "./world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Schedules of layers, as GET /schedules and /schedules/{id} write them. */
const scheduleShape = (world: World, schedule: ScheduleDescription) => {
  const { directory, clock } = world;
  const { id, name, timeZone = "Etc/UTC" } = schedule;
  return {
    ...scheduleReference(directory, id),
    type: "schedule",
    name,
    time_zone: timeZone,
    description: null,
    escalation_policies: policiesWith(world, id),
    users: usersOf(schedule, clock.now()).map((user) => userReference(directory, user)),
    teams: [],
  };
};

const policiesWith = ({ directory }: World, schedule: string) =>
  [...directory.policies.values()]
    .filter(({ rules }) => rules.some(({ targets }) => targets.some(({ id }) => id === schedule)))
    .map(policyReference);

/** The period that a query asks about. Default: the next two weeks. Throws 2001. */
function windowOf({ clock }: World, query: URLSearchParams) {
  const since = timeOf(query, "since") ?? clock.now();
  const until = timeOf(query, "until") ?? since + 14 * DAY;
  if (until <= since) throw refusals.invalid("until must be after since");
  return { since, until };
}

const shiftsIn = ({ directory }: World, id: string, { since, until }: ReturnType<typeof windowOf>) =>
  shiftsOf((at) => directory.reachedBy([{ type: "schedule", id }], at), since, until);

function renderedSchedule(world: World, id: string, query: URLSearchParams) {
  const { directory } = world;
  const schedule = directory.schedule(id);
  if (kindOf(schedule) === "shift-based") {
    if (schedule.v2Answer === "other-shape") return scheduleReference(directory, id);
    throw refusals.notFound();
  }
  const window = windowOf(world, query);
  const shifts = shiftsIn(world, id, window);
  return {
    ...scheduleShape(world, schedule),
    final_schedule: {
      name: "Final Schedule",
      rendered_coverage_percentage: coverage(shifts, window),
      rendered_schedule_entries: shifts.map(({ user, start, end }) => ({
        start: isoTime(start),
        end: isoTime(end),
        user: userReference(directory, user),
      })),
    },
  };
}

/** Per cent of the time in which somebody is on call. */
function coverage(
  shifts: readonly { readonly start: number; readonly end: number }[],
  { since, until }: { readonly since: number; readonly until: number },
): number {
  const gaps = emptyTimes(shifts, { since, until }).reduce((sum, { start, end }) => sum + end - start, 0);
  return Math.round((1000 * (until - since - gaps)) / (until - since)) / 10;
}

/** The parts of the time in which no shift is, in order. */
function emptyTimes(
  shifts: readonly { readonly start: number; readonly end: number }[],
  { since, until }: { readonly since: number; readonly until: number },
): readonly { readonly start: number; readonly end: number }[] {
  const empty: { readonly start: number; readonly end: number }[] = [];
  let covered = since;
  for (const { start, end } of shifts.toSorted((a, b) => a.start - b.start)) {
    if (start > covered) empty.push({ start: covered, end: start });
    covered = Math.max(covered, end);
  }
  if (covered < until) empty.push({ start: covered, end: until });
  return empty;
}

const memberShape = (user: string | null) =>
  user === null ? { type: "empty_member" } : { type: "user_member", user_id: user };

/** A rotation of a schedule that is given by rule: all its users, on call together, for ever. */
const ruledRotation = (members: readonly string[]): ShiftRotation => ({
  start: 0,
  every: DAY,
  length: DAY,
  members: members.length === 0 ? [null] : members,
  strategy: "every-member",
});

const rotationShape = (
  id: string,
  { start, end, every, length, members, strategy }: ShiftRotation,
  i: number,
) => ({
  id: `ROTATION${id}${i + 1}`,
  type: "schedule_rotation",
  events: [
    {
      id: `EVENT${id}${i + 1}`,
      type: "schedule_event",
      name: `Rotation ${i + 1}`,
      start_time: { date_time: isoTime(start), time_zone: "Etc/UTC" },
      end_time: { date_time: isoTime(start + length), time_zone: "Etc/UTC" },
      effective_since: isoTime(start),
      effective_until: end === undefined ? null : isoTime(end),
      recurrence: [
        every % DAY === 0
          ? `RRULE:FREQ=DAILY;INTERVAL=${every / DAY}`
          : `RRULE:FREQ=HOURLY;INTERVAL=${every / HOUR}`,
      ],
      assignment_strategy: {
        type:
          strategy === "every-member"
            ? "every_member_assignment_strategy"
            : "rotating_member_assignment_strategy",
        ...(strategy === "every-member" ? {} : { shifts_per_member: 1 }),
        members: members.map(memberShape),
      },
    },
  ],
});

/** A schedule of shifts (developer docs, v2 to v3 upgrade guide). Nobody on call is a shift, too: of an empty member. */
function shiftBased(world: World, id: string, query: URLSearchParams) {
  const { directory, clock } = world;
  const schedule = directory.schedule(id);
  if (kindOf(schedule) === "layer-based")
    throw refusals.invalid("Schedule is not a shift-based schedule: use /schedules/{id}");
  const included = query.getAll("include[]");
  for (const one of included)
    if (one !== "final_schedule") throw refusals.invalid(`include[] ${one} is not final_schedule`);
  const isRendered = included.length > 0 && query.has("since") && query.has("until");
  const rotations =
    "rotations" in schedule ? schedule.rotations : [ruledRotation(usersOf(schedule, clock.now()))];
  const { name, timeZone = "Etc/UTC" } = schedule;
  return {
    ...scheduleReference(directory, id),
    type: "schedule_v3",
    name,
    description: null,
    time_zone: timeZone,
    escalation_policies: policiesWith(world, id),
    teams: [],
    rotations: rotations.map((rotation, i) => rotationShape(id, rotation, i)),
    ...(isRendered ? { final_schedule: finalSchedule(world, id, query) } : {}),
  };
}

function finalSchedule(world: World, id: string, query: URLSearchParams) {
  const window = windowOf(world, query);
  const shifts = shiftsIn(world, id, window);
  const empty = emptyTimes(shifts, window).map((time) => ({ ...time, user: null }));
  return {
    type: "final_schedule",
    rendered_coverage_percentage: coverage(shifts, window),
    computed_shift_assignments: [...shifts, ...empty]
      .toSorted((a, b) => a.start - b.start)
      .map(({ user, start, end }) => ({
        type: "computed_shift_assignment",
        start_time: isoTime(start),
        end_time: isoTime(end),
        member: memberShape(user),
        source: { type: "schedule_rotation", rotation_id: `ROTATION${id}1` },
      })),
  };
}

const ofKind = ({ directory }: World, kind: ReturnType<typeof kindOf>) =>
  [...directory.schedules.values()].filter((schedule) => kindOf(schedule) === kind);

/** GET /schedules/{id}/users and /overrides serve schedules of layers alone. Throws 404. */
function layerBased({ directory }: World, id: string): ScheduleDescription {
  const schedule = directory.schedule(id);
  if (kindOf(schedule) === "shift-based") throw refusals.notFound();
  return schedule;
}

/** Schedules of both kinds: each list shows its own. */
export const scheduleRoutes: readonly Route[] = [
  get("/schedules", ({ world, query }) =>
    pageOf(query, "schedules", namedLike(query, ofKind(world, "layer-based")), (one) =>
      scheduleShape(world, one),
    ),
  ),
  get("/schedules/:id", ({ world, id, query }) => ({ schedule: renderedSchedule(world, id, query) })),
  get("/schedules/:id/users", ({ world, id, query }) => {
    const { directory } = world;
    layerBased(world, id);
    const users = new Set(shiftsIn(world, id, windowOf(world, query)).map(({ user }) => user));
    return { users: [...users].map((user) => userShape(directory.user(user))) };
  }),
  // Overrides are not played: there never are any.
  get("/schedules/:id/overrides", ({ world, id, query }) => {
    layerBased(world, id);
    if (!query.has("since") || !query.has("until")) throw refusals.invalid("since and until are required");
    windowOf(world, query);
    return { overrides: [] };
  }),
  get("/v3/schedules", ({ world, query }) =>
    v3PageOf(query, "schedules", ofKind(world, "shift-based"), ({ id }) =>
      scheduleReference(world.directory, id),
    ),
  ),
  get("/v3/schedules/:id", ({ world, id, query }) => ({ schedule: shiftBased(world, id, query) })),
];
