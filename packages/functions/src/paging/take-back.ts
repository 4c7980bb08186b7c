import type { ActionTaken } from "@mrdata/incident";
import { type IncidentMove, type PagerDuty, PagerDutyError, type RestIncident } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { levelsOfPeople, reasonNotToTakeBack } from "@mrdata/responder";
import { moveKey } from "./next-move.ts";
import { readEitherWay } from "./read-either-way.ts";

export type TakeBackPorts = {
  readonly pagerduty: Pick<
    PagerDuty,
    "getIncident" | "listIncidents" | "getEscalationPolicy" | "moveIncident" | "moveIncidents"
  >;
  /** A policy of people only; null where none is set. */
  readonly fallbackPolicy: () => Promise<string | null>;
  readonly clock: Clock;
  readonly log: Log;
};

export type TakenByProgram = {
  readonly incident: string;
  /** Milliseconds since the epoch; null where not known: the incident can then be read in only one way. */
  readonly openedAt: number | null;
  /** PagerDuty ids of the bot, of known agents, and of the account that stopped the timer. */
  readonly programs: readonly string[];
};

/** No attempt begins after this. */
const DEADLINE_MS = 45_000;
/** A request that was not answered may still be applied: the next read comes this much later. */
const UNANSWERED_MS = 5_000;
/**
 * A slow answer must not cause a resend of a move under way: the second would undo an acknowledgement made in between.
 */
const LIMITS = { timeoutMs: 10_000 };
const READ_LIMITS = { attempts: 1 };
/** Used where the policy cannot be read: the bot is on level 1. */
const USUAL_LEVELS = [2] as const;
const WAYS = ["one", "many"] as const;

/**
 * Gives people an incident that a program took while the bot held it (`programStoppedTimer`). It goes to the fallback
 * policy, even if acknowledged by now; where that is not set or reaches nobody, to the people of the incident's own
 * policy. The incident is read before every attempt: one that a person has, or that is resolved, is left alone. Each
 * call can be made in two ways (one incident, or the bulk endpoint), because only one may be failing. Always raises an
 * alarm. Throws where PagerDuty refuses both ways or does not answer, or nobody is left to give it to: the caller
 * retries.
 */
export async function takeBackFromProgram(
  { incident, openedAt, programs }: TakenByProgram,
  ports: TakeBackPorts,
): Promise<ActionTaken> {
  const { pagerduty, clock, log } = ports;
  log({ severity: "CRITICAL", event: "agent.took-over", incident, programs: programs.join(",") });
  const until = clock.now() + DEADLINE_MS;
  const taken = (action: ActionTaken["action"], sentence: string): ActionTaken => ({
    action,
    sentence,
    at: clock.now(),
  });
  let plan: Plan | null = null;
  let refusal: unknown = null;
  /** Moves, by endpoint, that PagerDuty refused, or made although the incident stayed with programs. */
  const spent = new Set<string>();
  let unanswered: IncidentMove | null = null;
  let waysTried = 0;

  for (;;) {
    const now = await readPatiently();
    const objection = reasonNotToTakeBack(now, programs);
    if (objection !== null)
      return unanswered !== null && isWhere(unanswered, now)
        ? taken(actionOf(unanswered), `${sentenceOf(unanswered)} PagerDuty's answer was lost.`)
        : taken("none", objection);
    if (unanswered?.kind === "policy" && isWhere(unanswered, now)) spend(unanswered);
    unanswered = null;
    plan ??= await planToPeople(now, programs, ports);
    const next = firstUnspent(wayOf(plan, now), spent, waysTried);
    if (next === null) throw refusal ?? nobodyLeft(incident, plan, ports);
    waysTried++;
    try {
      const answered = await send(pagerduty, incident, next);
      if (answered === null) unanswered = next.move;
      else if (reasonNotToTakeBack(answered, programs) !== null)
        return taken(actionOf(next.move), sentenceOf(next.move));
      else spend(next.move);
    } catch (error) {
      refusal = error;
      const wait = waitAfter(error);
      if (wait === null) spent.add(keyOf(next.move, next.way));
      else {
        unanswered = next.move;
        await sleepOrThrow(wait, error);
      }
    }
  }

  function spend(move: IncidentMove): void {
    for (const way of WAYS) spent.add(keyOf(move, way));
  }

  async function readPatiently(): Promise<RestIncident> {
    for (;;) {
      try {
        return await readEitherWay(pagerduty, { incident, openedAt }, READ_LIMITS);
      } catch (error) {
        const wait = waitAfter(error);
        if (wait === null) throw error;
        await sleepOrThrow(wait, error);
      }
    }
  }

  async function sleepOrThrow(wait: number, error: unknown): Promise<void> {
    if (clock.now() + wait > until) throw error;
    await clock.sleep(wait);
  }
}

type Way = (typeof WAYS)[number];
type Attempt = { readonly move: IncidentMove; readonly way: Way };

const keyOf = (move: IncidentMove, way: Way): string => `${way} ${moveKey(move, null)}`;

/** Moves that reach people, and the policy that their levels belong to. */
type Plan = { readonly moves: readonly IncidentMove[]; readonly own: string | null };

/** The fallback policy, then the levels of the incident's own policy that reach people. */
async function planToPeople(
  { escalationPolicyId: own }: RestIncident,
  programs: readonly string[],
  { pagerduty, fallbackPolicy }: TakeBackPorts,
): Promise<Plan> {
  const policy = await fallbackPolicy();
  const levels = await levelsAbove(own, programs, pagerduty);
  const byLevel = levels.map((level) => ({ kind: "level", level }) as const);
  return { moves: policy === null ? byLevel : [{ kind: "policy", policy }, ...byLevel], own };
}

/**
 * If the fallback policy left it with a program, the incident follows that policy: reaching its own policy's levels
 * leads back through it first.
 */
const wayOf = ({ moves, own }: Plan, { escalationPolicyId }: RestIncident): readonly IncidentMove[] =>
  own === null || escalationPolicyId === own
    ? moves
    : moves.flatMap((move) => (move.kind === "level" ? [{ kind: "policy", policy: own }] : [move]));

/** The levels of a policy that reach anybody other than programs. */
async function levelsAbove(
  policy: string | null,
  programs: readonly string[],
  pagerduty: Pick<PagerDuty, "getEscalationPolicy">,
): Promise<readonly number[]> {
  if (policy === null) return [];
  try {
    const { levels } = await pagerduty.getEscalationPolicy(policy, READ_LIMITS);
    return levelsOfPeople(levels, programs);
  } catch {
    return USUAL_LEVELS;
  }
}

/** Alternates the two endpoints: what fails at one is tried at the other before anything else. */
function firstUnspent(
  moves: readonly IncidentMove[],
  spent: ReadonlySet<string>,
  tried: number,
): Attempt | null {
  const ways = tried % 2 === 0 ? WAYS : WAYS.toReversed();
  for (const move of moves) for (const way of ways) if (!spent.has(keyOf(move, way))) return { move, way };
  return null;
}

/** The incident from the answer; null where the answer shows none. */
async function send(
  pagerduty: Pick<PagerDuty, "moveIncident" | "moveIncidents">,
  incident: string,
  { move, way }: Attempt,
): Promise<RestIncident | null> {
  if (way === "one") return pagerduty.moveIncident(incident, move, LIMITS);
  const answered = await pagerduty.moveIncidents([{ id: incident, to: move }], LIMITS);
  return answered.find(({ id }) => id === incident) ?? null;
}

function nobodyLeft(incident: string, { moves }: Plan, { log }: Pick<TakeBackPorts, "log">): Error {
  const sentence = moves.some(({ kind }) => kind === "policy")
    ? "a program took the incident while it was held, and neither the fallback policy nor its own reaches a person"
    : "a program took the incident while it was held, its own policy reaches nobody, and no fallback policy is set (MRDATA_FALLBACK_POLICY, or fallbackPolicy in the settings)";
  log({ severity: "CRITICAL", event: "page.nobody-reached", incident, sentence });
  return new Error(sentence);
}

/** True of an open incident that is already where the move leads, by its policy. */
const isWhere = (move: IncidentMove, { escalationPolicyId, assignedVia, status }: RestIncident): boolean =>
  status !== "resolved" &&
  assignedVia === "escalation_policy" &&
  (move.kind === "level" || escalationPolicyId === move.policy);

const actionOf = ({ kind }: IncidentMove): ActionTaken["action"] =>
  kind === "level" ? "paged" : "delegated";
const sentenceOf = (move: IncidentMove): string =>
  move.kind === "level"
    ? `Only programs had it: escalated to level ${move.level}.`
    : `Only programs had it: moved to the fallback policy ${move.policy}.`;

/** How long to wait before another attempt, milliseconds; null where another would be refused as well. */
function waitAfter(error: unknown): number | null {
  if (!(error instanceof PagerDutyError)) return null;
  if (error.status === 429) return error.retryAfterMs ?? UNANSWERED_MS;
  return error.status === 0 || error.status >= 500 ? UNANSWERED_MS : null;
}
