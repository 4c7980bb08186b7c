import type { Notification, PagerDutyDouble, PublishedEvent } from "@mrdata/simulator";
import { AGENT_USER } from "./faults/agents.ts";

/** How a time in which an incident waited on the bot came to its end. */
export type SpellEnd = "bot" | "policy" | "person" | "closed" | "still waiting";

/** A time in which an incident was triggered, the bot's alone, and there by its policy. Milliseconds since the epoch. */
export type Spell = {
  readonly incident: string;
  readonly from: number;
  readonly to: number;
  readonly end: SpellEnd;
  /** It began with the incident itself. */
  readonly first: boolean;
  /** When something within it said that a person is wanted at once: a person raised the priority. */
  readonly raisedAt: number | null;
  /** It opened with low urgency: PagerDuty never escalates it by itself. */
  readonly isLow: boolean;
};

const endings = new Set(["acknowledged", "resolved", "escalated", "delegated", "reassigned"]);

/** Every spell of every incident, from what PagerDuty itself logged. `now` ends those that still last. */
export function spellsOf(
  { notifications, events }: Pick<PagerDutyDouble, "notifications" | "events">,
  bot: string,
  now: number,
): readonly Spell[] {
  // What a person was told of at the same moment is not the bot's alone.
  const toPeople = new Set(
    notifications.filter(({ user }) => user !== bot).map(({ incident, at }) => `${incident} ${at}`),
  );
  const told = Map.groupBy(
    notifications.filter(
      ({ user, level, incident, at }) => user === bot && level !== null && !toPeople.has(`${incident} ${at}`),
    ),
    ({ incident }) => incident,
  );
  const happened = Map.groupBy(events, ({ incident }) => incident);
  return [...told].flatMap(([incident, begins]) =>
    spellsOfOne(incident, begins, happened.get(incident) ?? [], bot, now),
  );
}

function spellsOfOne(
  incident: string,
  begins: readonly Notification[],
  events: readonly PublishedEvent[],
  bot: string,
  now: number,
): readonly Spell[] {
  const opened = events[0]?.at ?? 0;
  return begins.flatMap(({ at, why }, i): Spell[] => {
    // A reminder within a spell begins none, and neither does what is told again at the same moment.
    const before = begins[i - 1]?.at;
    const ended = (from: number) => events.find((one) => one.at > from && endings.has(one.type));
    if (why === "reminded" && before !== undefined && (ended(before)?.at ?? Number.POSITIVE_INFINITY) > at)
      return [];
    const end = ended(at);
    const raised = events.find(
      (one) =>
        one.type === "priority_updated" && one.at > at && one.at < (end?.at ?? now) && one.agent !== bot,
    );
    return [
      {
        incident,
        from: at,
        to: end?.at ?? now,
        end: end === undefined ? "still waiting" : endOf(end, bot),
        first: at === opened,
        raisedAt: raised?.at ?? null,
        isLow: events[0]?.urgency === "low",
      },
    ];
  });
}

function endOf({ type, agent }: PublishedEvent, bot: string): SpellEnd {
  if (type === "resolved") return "closed";
  if (agent === bot) return "bot";
  return agent === null ? "policy" : "person";
}

/** Changes that the bot made to incidents that did not wait on it then: each took something from a person. */
export function takenFromPeople(
  { events }: Pick<PagerDutyDouble, "events">,
  spells: readonly Spell[],
  bot: string,
  lag: number,
): readonly PublishedEvent[] {
  const endsOf = Map.groupBy(spells, ({ incident }) => incident);
  return events.filter(
    ({ agent, type, incident, at }) =>
      agent === bot &&
      (type === "escalated" || type === "delegated") &&
      !wasWithProgram(events, incident, at) &&
      // Between reading and acting lie two round trips, in which a person may be faster; `lag` is how much longer it may be.
      !(endsOf.get(incident) ?? []).some(({ to }) => to <= at && at - to < 2_000 + lag),
  );
}

/**
 * The one exception: what a program took before people were told is taken back, and so is what its policy, or the bot's own
 * escalation, led to a program alone.
 */
function wasWithProgram(events: readonly PublishedEvent[], incident: string, before: number): boolean {
  const last = events.findLast(
    (event) => event.incident === incident && event.at < before && endings.has(event.type),
  );
  if (last === undefined) return false;
  const { type, agent, assignees } = last;
  if (type === "acknowledged" || type === "reassigned") return agent === AGENT_USER.id;
  return type === "escalated" && assignees.every((user) => user === AGENT_USER.id);
}
