import type { IncidentMove, RestIncident } from "@mrdata/pagerduty";
import { levelsOfPeople, type PolicyLevels } from "@mrdata/responder";

/** What is known of an incident that waits on the bot. */
export type MoveState = {
  readonly incident: Pick<RestIncident, "urgency" | "escalationPolicyId">;
  /** Ids of the bot and of accounts that are known as programs'. */
  readonly programs: readonly string[];
  /** The level of its policy at which it stands, from 1; null where it was moved since it opened and nothing tells how far. */
  readonly level: number | null;
  /** Moves (by `moveKey`) that PagerDuty refused, or that it accepted and that left the incident with the bot. */
  readonly tried: ReadonlySet<string>;
  /** True once PagerDuty has said that this incident cannot be escalated. */
  readonly cannotEscalate: boolean;
  /** A policy of people only; null where none is set, undefined before that was looked up. */
  readonly fallbackPolicy: string | null | undefined;
  /** The levels of the policy of that id as it is now; null where that cannot be read, undefined before it was. */
  readonly levels: PolicyLevels | null | undefined;
};

/** The next thing to try, or what is to be known first; null where nothing is left to try. */
export type NextMove = IncidentMove | "read policy" | "read fallback policy" | null;

/** Names a move of an incident that follows `policy`: the same level of another policy is another place. */
export const moveKey = (move: IncidentMove, policy: string | null): string =>
  move.kind === "level" ? `level ${move.level} of ${policy}` : `policy ${move.policy}`;

/**
 * Where to move an incident that waits on the bot, so that a person is told: the level above the one at which it
 * stands, further levels, the fallback policy. Only ever forward: to move an incident to where it stands restarts the
 * timer that leads to a person.
 *
 * An open incident keeps its policy as it was when it opened. What the policy is now is a hint, needed only when the
 * next level has reached nobody: which further levels there are, and which of them are the bot alone.
 *
 * Where it is not known at which level it stands, the fallback policy goes first: the level above the first may be the one
 * that it stands at, and may have led to the bot before.
 */
export function nextMove(state: MoveState): NextMove {
  const { incident, tried, cannotEscalate, fallbackPolicy, levels, programs } = state;
  // An armed service's policy has the bot on level 1; where that is wrong, the answer to the move shows it.
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

  const first = state.level === null ? null : escalation();
  if (first !== null) return first;
  if (fallbackPolicy === undefined) return "read fallback policy";
  const isOnFallback = incident.escalationPolicyId === fallbackPolicy;
  if (fallbackPolicy !== null && !isOnFallback) {
    const fallback: IncidentMove = { kind: "policy", policy: fallbackPolicy };
    if (isUntried(fallback)) return fallback;
  }
  const last = escalation();
  if (last !== null) return last;
  if (!mayEscalate || levels == null) return null;
  // Nothing better is left. By the policy as it is now these are the bot's own; by the incident's they may be people's.
  return levelMoves(levels.map((_, place) => place + 1))[0] ?? null;
}
