import { neededPerson, type Opening, openingsOf } from "./first-person.ts";
import { keyOf } from "./incident-key.ts";
import type { Run } from "./judge.ts";
import { ALLOWANCE, seconds } from "./judge-spells.ts";
import { selfEscalationsOf } from "./self-escalations.ts";

/** Events of one moment may stand in either order; what is told a moment later was told by the same timer. */
const MOMENT = 1_000;
const MAX_NAMED = 5;

export type PeopleJudgement = {
  readonly violations: readonly string[];
  readonly openings: readonly Opening[];
  readonly worst: number;
  readonly selfEscalations: number;
};

/**
 * Judges every opening by when the first person knew of it: never later than the window and a minute, or, of what waited while
 * both of a pair were on that takes the bot and the people behind it, than PagerDuty alone, nor than that after the bot is back; no change by the bot that told nobody was
 * tried again; and none put off what PagerDuty's own timer would have done sooner.
 */
export function judgePeople({
  faults,
  simulation: { pagerduty, clock },
  bot,
  people,
  windowMs,
  spared,
  alone,
}: Pick<Run, "faults" | "simulation" | "bot" | "people" | "windowMs" | "spared" | "alone">): PeopleJudgement {
  const violations: string[] = [];
  const openings = openingsOf(pagerduty, (id) => people.has(id), clock.now());
  const allowed = windowMs + ALLOWANCE;
  const needed = neededPerson(openings, allowed);
  const isLate = (opening: Opening): boolean => {
    const { from, to, incident, reopened } = opening;
    if (to - from <= allowed) return false;
    const met = spared.filter((both) => both.from < to && both.to > from);
    if (alone === null || met.every(({ botBackAt }) => to - botBackAt > allowed)) return true;
    // What a person opened again was opened by what others did, which is not the same where they were told otherwise.
    const without = reopened ? undefined : alone.get(keyOf(pagerduty.incident(incident)));
    return without !== undefined && to - from > without + MOMENT;
  };
  const late = needed.filter(isLate);
  for (const { incident, from, to, end } of late.slice(0, MAX_NAMED))
    violations.push(
      `no person knew of ${incident} for ${seconds(to - from)} s: ${end}${late.length > MAX_NAMED ? `, one of ${late.length}` : ""}`,
    );

  const lag = Math.max(...faults.map((fault) => fault.lag ?? 0));
  const own = selfEscalationsOf(pagerduty, bot, lag);
  const repeats = own.filter(({ isRepeat }) => isRepeat);
  for (const { event } of onePerIncident(repeats, ({ event }) => event.incident))
    violations.push(
      `${event.incident} was ${event.type} by the bot to itself again (level ${event.level} of ${event.policy}), one of ${repeats.length} repeats without effect`,
    );

  const byIncident = Map.groupBy(openings, ({ incident }) => incident);
  const putOff = pagerduty.timerRestarts.flatMap(({ at, incident, user, personDueAt }) => {
    const opening = byIncident.get(incident)?.findLast(({ from }) => from <= at);
    if (user !== bot || personDueAt === null || opening === undefined) return [];
    return opening.to > Math.max(at, personDueAt) + MOMENT
      ? [{ incident, at, personDueAt, to: opening.to }]
      : [];
  });
  for (const { incident, at, personDueAt, to } of onePerIncident(putOff, (one) => one.incident))
    violations.push(
      `the bot restarted the timer of ${incident}, which would have reached a person after ${seconds(personDueAt - at)} s and did after ${seconds(to - at)} s, one of ${putOff.length}`,
    );
  return {
    violations,
    openings,
    worst: needed.reduce((most, { from, to }) => Math.max(most, to - from), 0),
    selfEscalations: own.length,
  };
}

/** The first of some incidents, to be named. */
const onePerIncident = <T>(all: readonly T[], incidentOf: (one: T) => string): readonly T[] =>
  [...Map.groupBy(all, incidentOf).values()].flatMap((own) => own.slice(0, 1)).slice(0, MAX_NAMED);
