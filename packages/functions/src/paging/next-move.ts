import type { IncidentMove, RestIncident } from "@mrdata/pagerduty";
import { levelsOfPeople, type PolicyLevels } from "@mrdata/responder";

/** What is known of an incident that waits on the bot. */
export type MoveState = {
  readonly incident: Pick<RestIncident, "urgency" | "escalationPolicyId">;
  /** Ids of the bot and of accounts known to be programs. */
  readonly programs: readonly string[];
  /** The incident's current policy level, from 1; null where it may have been moved and nothing shows how far. */
  readonly level: number | null;
  /** Moves (by `moveKey`) that PagerDuty refused, or accepted although the incident stayed with the bot. */
  readonly tried: ReadonlySet<string>;
  /** True once PagerDuty has said that this incident cannot be escalated. */
  readonly cannotEscalate: boolean;
  /** A policy of people only; null where none is set, undefined until it is read. */
  readonly fallbackPolicy: string | null | undefined;
  /** Whether a person is on call on its level 1; null where that cannot be read, undefined until it is read. */
  readonly fallbackReaches: boolean | null | undefined;
  /** The current levels of that policy; null where they cannot be read, undefined until they are read. */
  readonly levels: PolicyLevels | null | undefined;
};

/** The next move to try, or what must be read first; null where nothing is left to try. */
export type NextMove = IncidentMove | "read policy" | "read fallback policy" | "read fallback on-call" | null;

/** Where the first escalation of an armed service's incident leads. */
const SECOND_LEVEL = 2;
/** Tried of a policy that cannot be read: PagerDuty refuses a level that there is not, and then nothing has happened. */
const UNSEEN_LEVELS = [2, 3, 4, 5] as const;

/** Identifies a move of an incident that follows `policy`: the same level of another policy is a different target. */
export const moveKey = (move: IncidentMove, policy: string | null): string =>
  move.kind === "level" ? `level ${move.level} of ${policy}` : `policy ${move.policy}`;

/** The highest level of `policy` among moves (by `moveKey`); null where there is none. */
export function highestLevelOf(moves: Iterable<string>, policy: string | null): number | null {
  const levels = [...moves].flatMap((key) => {
    const [, level, of] = /^level (\d+) of (.*)$/.exec(key) ?? [];
    return level !== undefined && of === `${policy}` ? [Number(level)] : [];
  });
  return levels.length === 0 ? null : Math.max(...levels);
}

/**
 * Where to move an incident that waits on the bot so that a person is notified: the level above the current one, then
 * further levels, then the fallback policy. Never to where it already is: that would restart the timer that leads to a
 * person.
 *
 * An open incident keeps its policy as it was when it opened. The current policy is only a hint, needed when the next
 * level reached nobody: it shows which further levels exist, and which of them hold only the bot.
 *
 * If the current level is unknown, the fallback policy goes first: level 2 may be the current level, and may already
 * have led to the bot. A fallback policy whose level 1 is not known to have a person on call now might only start another
 * timer at the bot: then the incident's own levels go before it, of unknown level those above the second.
 */
export function nextMove(state: MoveState): NextMove {
  const { incident, tried, cannotEscalate, fallbackPolicy, fallbackReaches, levels, programs } = state;
  // An armed service's policy has the bot on level 1; if that is wrong, the answer to the move shows it.
  const level = state.level ?? 1;
  const isUntried = (move: IncidentMove): boolean => !tried.has(moveKey(move, incident.escalationPolicyId));
  const levelMoves = (wanted: readonly number[]): readonly IncidentMove[] =>
    wanted
      .filter((one) => one > level)
      .map((one) => ({ kind: "level", level: one }) as const)
      .filter(isUntried);
  const mayEscalate = incident.urgency === "high" && incident.escalationPolicyId !== null && !cannotEscalate;

  const escalation = (): NextMove => {
    if (!mayEscalate) return null;
    const isKnownAsPrograms = levels?.[level]?.targets.every((target) => programs.includes(target)) ?? false;
    const [next] = isKnownAsPrograms ? [] : levelMoves([level + 1]);
    if (next !== undefined) return next;
    if (levels === undefined) return "read policy";
    const [further] = levels === null ? [] : levelMoves(levelsOfPeople(levels, programs));
    return further ?? null;
  };

  const furtherLevel = (): NextMove => {
    if (!mayEscalate) return null;
    if (levels === undefined) return "read policy";
    const wanted = levels === null ? UNSEEN_LEVELS : levelsOfPeople(levels, programs);
    return levelMoves(wanted.filter((one) => one > (state.level ?? SECOND_LEVEL)))[0] ?? null;
  };

  const first = state.level === null ? null : escalation();
  if (first !== null) return first;
  if (fallbackPolicy === undefined) return "read fallback policy";
  const isOnFallback = incident.escalationPolicyId === fallbackPolicy;
  if (fallbackPolicy !== null && !isOnFallback) {
    const fallback: IncidentMove = { kind: "policy", policy: fallbackPolicy };
    if (isUntried(fallback)) {
      if (fallbackReaches === undefined) return "read fallback on-call";
      return fallbackReaches === true ? fallback : (furtherLevel() ?? fallback);
    }
  }
  const last = escalation();
  if (last !== null) return last;
  if (!mayEscalate || levels == null) return null;
  // Nothing better is left. In the current policy these levels hold only the bot; in the incident's copy they may hold
  // people.
  return levelMoves(levels.map((_, place) => place + 1))[0] ?? null;
}
