import type { ActionTaken } from "@mrdata/incident";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { reasonNotToTakeBack } from "@mrdata/responder";

export type TakeBackPorts = {
  readonly pager: Pick<PagerDuty, "getIncident" | "delegateToPolicy">;
  /** A policy of people only; null where none is set. */
  readonly fallbackPolicy: () => Promise<string | null>;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Gives an incident to people that a program took while the bot held it (`programStoppedTimer`): it goes to the
 * fallback policy, also where it is acknowledged by now. Before the call and every retry of it the incident is read: what
 * a person has, and what is resolved, is left alone. Alarms in any case. `programs`: PagerDuty ids of the bot, of known
 * agents, and of the event's own agent. Throws where PagerDuty refuses or does not answer, or no fallback policy is set.
 */
export async function takeBackFromProgram(
  incident: string,
  programs: readonly string[],
  { pager, fallbackPolicy, clock, log }: TakeBackPorts,
): Promise<ActionTaken> {
  log({ severity: "CRITICAL", event: "agent.took-over", incident, programs: programs.join(",") });
  const taken = (action: ActionTaken["action"], sentence: string): ActionTaken => ({
    action,
    sentence,
    at: clock.now(),
  });
  const policy = await fallbackPolicy();
  if (policy === null)
    throw new Error(
      "a program took the incident while it was held, and no fallback policy is set (MRDATA_FALLBACK_POLICY, or fallbackPolicy in the settings)",
    );
  const done = `A program took it while it was held: moved to the fallback policy ${policy}.`;
  // Read last, right before the call.
  const before = reasonNotToTakeBack(await pager.getIncident(incident), programs);
  if (before !== null) return taken("none", before);
  let leftAlone: string | null = null;
  let isMoved = false;
  await pager.delegateToPolicy(incident, policy, {
    async beforeRetry() {
      const now = await pager.getIncident(incident);
      isMoved = now.escalationPolicyId === policy && now.assignedVia === "escalation_policy";
      leftAlone = reasonNotToTakeBack(now, programs);
      return !isMoved && leftAlone === null;
    },
  });
  if (isMoved) return taken("delegated", `${done} PagerDuty's answer was lost.`);
  return leftAlone === null ? taken("delegated", done) : taken("none", leftAlone);
}
