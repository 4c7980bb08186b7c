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
  /** Milliseconds since the epoch; null where it is not known: then only one way leads to the incident. */
  readonly openedAt: number | null;
  /** PagerDuty ids of the bot, of known agents, and of whoever stopped the timer. */
  readonly programs: readonly string[];
};

/** No further try is begun after this. */
const DEADLINE_MS = 45_000;
/** What was sent and not answered may still arrive: the next look comes so long afterwards. */
const UNANSWERED_MS = 5_000;
/** A slow answer must not make one send again what is being done: the second would undo an acknowledgement between. */
const LIMITS = { timeoutMs: 10_000 };
const READ_LIMITS = { attempts: 1 };
/** Where its policy cannot be read: the bot stands on level 1. */
const USUAL_LEVELS = [2] as const;
const WAYS = ["one", "many"] as const;

/**
 * Gives an incident to people that a program took while the bot held it (`programStoppedTimer`): it goes to the
 * fallback policy, also where it is acknowledged by now, and where that is not set or reaches nobody, to the people of its own
 * policy. Before every try the incident is read: what a person has, and what is resolved, is left alone. Each call has two
 * ways (one incident, many at once), because only one of them may fail. Alarms in any case. Throws where PagerDuty refuses
 * every way or does not answer, or nobody is left to give it to: it is to be tried again.
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
  /** Ways of moves that PagerDuty refused, and moves that it made and that left the incident with programs. */
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

/** Where people are, and the policy that the levels are of. */
type Plan = { readonly moves: readonly IncidentMove[]; readonly own: string | null };

/** The fallback policy, then the levels of its own policy that reach people. */
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

/** Where the fallback policy has left it with a program it follows that one: the way to its own policy's levels leads back first. */
const wayOf = ({ moves, own }: Plan, { escalationPolicyId }: RestIncident): readonly IncidentMove[] =>
  own === null || escalationPolicyId === own
    ? moves
    : moves.flatMap((move) => (move.kind === "level" ? [{ kind: "policy", policy: own }] : [move]));

/** The levels of a policy that reach somebody else than programs. */
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

/** The two ways in turns: what fails by one is tried by the other before anything else is. */
function firstUnspent(
  moves: readonly IncidentMove[],
  spent: ReadonlySet<string>,
  tried: number,
): Attempt | null {
  const ways = tried % 2 === 0 ? WAYS : WAYS.toReversed();
  for (const move of moves) for (const way of ways) if (!spent.has(keyOf(move, way))) return { move, way };
  return null;
}

/** The incident as the answer shows it; null where it shows none. */
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

/** True of an incident that stands where the move leads to: it came there by its policy, and is open. */
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

/** How long to wait before another try, milliseconds; null where another would be refused as well. */
function waitAfter(error: unknown): number | null {
  if (!(error instanceof PagerDutyError)) return null;
  if (error.status === 429) return error.retryAfterMs ?? UNANSWERED_MS;
  return error.status === 0 || error.status >= 500 ? UNANSWERED_MS : null;
}
