import type { ActionTaken } from "@mrdata/incident";
import { type PagerDuty, PagerDutyError } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import { handsOff, levelsOfPeople } from "@mrdata/responder";

export type Pager = Pick<
  PagerDuty,
  "getIncident" | "getEscalationPolicy" | "escalate" | "delegateToPolicy" | "listLogEntries"
>;

export type PageNowPorts = {
  readonly pager: Pager;
  /** PagerDuty id of the bot's user. */
  readonly bot: string;
  /** A policy of people only, for when the incident's own policy reaches nobody. */
  readonly fallbackPolicy: () => Promise<string | null>;
  readonly clock: Clock;
};

/** What moves an incident from one to another, as its log tells it. */
const MOVES: readonly string[] = ["escalate", "delegate", "assign"];
/** PagerDuty's error codes (REST API reference, PUT /incidents/{id}). */
const CANNOT_ESCALATE = 1006;
const NOBODY_ON_CALL = 1015;

/**
 * Pages the people behind the bot, if the incident waits on the bot. Before the call and before every retry of it the
 * incident is read: what a person owns is left alone. Nobody at one level means the next, then the fallback policy;
 * what PagerDuty will not escalate goes to the fallback policy. Throws when PagerDuty cannot be reached or refuses
 * otherwise: then its own escalation at the window's end stands.
 */
export async function pageNow(incident: string, ports: PageNowPorts): Promise<ActionTaken> {
  const { pager, bot, clock } = ports;
  const taken = (action: ActionTaken["action"], sentence: string): ActionTaken => ({
    action,
    sentence,
    at: clock.now(),
  });
  const now = await pager.getIncident(incident);
  const objection = handsOff(now, bot);
  if (objection !== null) return taken("none", objection);

  let readAt = clock.now();
  let leftAlone: string | null = null;
  const beforeRetry = async (): Promise<boolean> => {
    leftAlone = handsOff(await pager.getIncident(incident), bot);
    readAt = clock.now();
    return leftAlone === null;
  };
  /** What was read may be old by now: between reading and changing lie other calls, which may have been retried. */
  const isStillOurs = async (): Promise<boolean> => clock.now() <= readAt || beforeRetry();
  /** A retry was called off. The try before may have worked, and its answer been lost: the log tells whose doing it was. */
  const calledOff = async (
    action: "paged" | "delegated",
    done: string,
    objection: string,
  ): Promise<ActionTaken> => {
    try {
      for await (const { type, agent, isByUser } of pager.listLogEntries(incident)) {
        // An escalation is followed by the assignment that it makes, which is nobody's.
        if (!MOVES.includes(type) || (type === "assign" && !isByUser)) continue;
        if (agent === bot) return taken(action, `${done} PagerDuty's answer was lost.`);
        break;
      }
    } catch {
      // That the incident is no longer the bot's is known; who moved it is not.
    }
    return taken("none", objection);
  };
  const delegate = async (why: string): Promise<ActionTaken> => {
    const fallbackPolicy = await ports.fallbackPolicy();
    if (fallbackPolicy === null)
      throw new Error(
        `${why}, and no fallback policy is set (MRDATA_FALLBACK_POLICY, or fallbackPolicy in the settings)`,
      );
    if (!(await isStillOurs())) return taken("none", leftAlone ?? "The incident is not the bot's any more.");
    await pager.delegateToPolicy(incident, fallbackPolicy, { beforeRetry });
    const done = `${why}: moved to the fallback policy ${fallbackPolicy}.`;
    return leftAlone === null ? taken("delegated", done) : calledOff("delegated", done, leftAlone);
  };
  if (now.urgency !== "high") return delegate("An incident of low urgency cannot be escalated");
  if (now.escalationPolicyId === null) return delegate("The incident names no escalation policy");

  const policy = await pager.getEscalationPolicy(now.escalationPolicyId);
  for (const level of levelsOfPeople(policy.levels, bot)) {
    try {
      if (!(await isStillOurs()))
        return taken("none", leftAlone ?? "The incident is not the bot's any more.");
      await pager.escalate(incident, level, { beforeRetry });
      const done = `Escalated to level ${level}.`;
      return leftAlone === null ? taken("paged", done) : await calledOff("paged", done, leftAlone);
    } catch (error) {
      if (!(error instanceof PagerDutyError)) throw error;
      if (error.code === CANNOT_ESCALATE) return delegate("PagerDuty cannot escalate this incident");
      if (error.code !== NOBODY_ON_CALL) throw error;
    }
  }
  return delegate("Nobody is on call at any level of the policy");
}
