import { z } from "zod";

const text = z.string().nullish();
const time = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));
const reference = z.object({ id: z.string() });
/** An id; null where the user was deleted since. */
const userReference = reference.nullish();

/** `layer-based`: `type` `schedule`, read at /schedules. `shift-based`: `type` `schedule_v3`, read at /v3/schedules. */
export type ScheduleKind = "layer-based" | "shift-based";

/** A schedule as shown in a list. */
export type RestSchedule = {
  readonly id: string;
  readonly name: string;
  readonly kind: ScheduleKind;
  /** Everybody on the schedule at any time; null where the list does not say: the schedule itself has to be read. */
  readonly users: readonly string[] | null;
};

/** One shift of a user, milliseconds since the epoch. Shifts of several users may overlap. */
export type Shift = { readonly user: string; readonly start: number; readonly end: number };

/** The final schedule: all its parts combined, as PagerDuty renders it for the requested period. */
export type RenderedSchedule = RestSchedule & { readonly shifts: readonly Shift[] };

const listed = z.object({
  id: z.string(),
  name: text,
  summary: text,
  users: z.array(userReference).nullish(),
});
const listOf = (kind: ScheduleKind) =>
  z.object({ schedules: z.array(listed), more: z.boolean().nullish() }).transform(({ schedules, more }) => ({
    more: more ?? null,
    list: schedules.map(
      ({ id, name, summary, users }): RestSchedule => ({
        id,
        name: name ?? summary ?? id,
        kind,
        users: users?.flatMap((user) => (user ? [user.id] : [])) ?? null,
      }),
    ),
  }));

/** GET /schedules, and GET /v3/schedules, whose items are references. `more`: null where the answer does not say. */
export const layerBasedList = listOf("layer-based");
export const shiftBasedList = listOf("shift-based");

/** A shift whose user was deleted reaches nobody. */
const reaching = (
  shifts: readonly { readonly user: string | null; readonly start: number; readonly end: number }[],
): readonly Shift[] =>
  shifts.flatMap(({ user, start, end }) => (user === null ? [] : [{ user, start, end }]));

/**
 * GET /schedules/{id} of a layer-based schedule. The answer for a shift-based one has another shape, and is refused.
 */
export const layerBasedAnswer = z.object({
  schedule: z
    .object({
      id: z.string(),
      type: z.literal("schedule"),
      name: text,
      users: z.array(userReference).nullish(),
      final_schedule: z.object({
        rendered_schedule_entries: z.array(
          z
            .object({ start: time, end: time, user: userReference })
            .transform(({ start, end, user }) => ({ user: user?.id ?? null, start, end })),
        ),
      }),
    })
    .transform(
      ({ id, name, users, final_schedule }): RenderedSchedule => ({
        id,
        name: name ?? id,
        kind: "layer-based",
        users: users?.flatMap((user) => (user ? [user.id] : [])) ?? null,
        shifts: reaching(final_schedule.rendered_schedule_entries),
      }),
    ),
});

/** Null: a shift that nobody has. Any other kind of member is refused: whom it reaches is unknown. */
const member = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("user_member"), user_id: text }),
    z.object({ type: z.literal("empty_member") }),
  ])
  .transform((one) => (one.type === "user_member" ? (one.user_id ?? null) : null));

const members = z
  .array(
    z.object({
      events: z.array(z.object({ assignment_strategy: z.object({ members: z.array(member) }) })),
    }),
  )
  .transform((rotations) =>
    rotations.flatMap(({ events }) =>
      events.flatMap(({ assignment_strategy }) => assignment_strategy.members.filter((one) => one !== null)),
    ),
  );

/**
 * GET /v3/schedules/{id} with `include[]=final_schedule` (developer docs, Schedules API: v2 to v3 upgrade guide). Its
 * users come from its rotations, and from custom shifts and overrides only within the requested period.
 */
export const shiftBasedAnswer = z.object({
  schedule: z
    .object({
      id: z.string(),
      type: z.literal("schedule_v3"),
      name: text,
      // A malformed one hides who is on the schedule, but not who is on call.
      rotations: members.nullish().catch(null),
      final_schedule: z.object({
        computed_shift_assignments: z.array(
          z
            .object({ start_time: time, end_time: time, member })
            .transform(({ start_time: start, end_time: end, member: user }) => ({ user, start, end })),
        ),
      }),
    })
    .transform(({ id, name, rotations, final_schedule }): RenderedSchedule => {
      const shifts = reaching(final_schedule.computed_shift_assignments);
      const users =
        rotations == null ? null : [...new Set([...rotations, ...shifts.map(({ user }) => user)])];
      return { id, name: name ?? id, kind: "shift-based", users, shifts };
    }),
});
