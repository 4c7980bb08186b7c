import type { ActionTaken } from "@mrdata/incident";
import { type PagerDuty, PagerDutyError, type RestIncident } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { reasonNotToTakeBack } from "@mrdata/responder";

export type TakeBackPorts = {
  readonly pagerduty: Pick<PagerDuty, "getIncident" | "moveIncident">;
  /** A policy of people only; null where none is set. */
  readonly fallbackPolicy: () => Promise<string | null>;
  readonly clock: Clock;
  readonly log: Log;
};

/** No further try is begun after this. */
const DEADLINE_MS = 30_000;
/** What was sent and not answered may still arrive: the next look comes so long afterwards. */
const UNANSWERED_MS = 5_000;

/**
 * Gives an incident to people that a program took while the bot held it (`programStoppedTimer`): it goes to the
 * fallback policy, also where it is acknowledged by now. Before every try the incident is read: what a person has, and
 * what is resolved, is left alone. Alarms in any case. `programs`: PagerDuty ids of the bot, of known agents, and of
 * the event's own agent. Throws where PagerDuty refuses or does not answer, or no fallback policy is set.
 */
export async function takeBackFromProgram(
  incident: string,
  programs: readonly string[],
  { pagerduty, fallbackPolicy, clock, log }: TakeBackPorts,
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
  const isMoved = ({ escalationPolicyId, assignedVia }: RestIncident): boolean =>
    escalationPolicyId === policy && assignedVia === "escalation_policy";
  const until = clock.now() + DEADLINE_MS;
  for (let isFirst = true; ; isFirst = false) {
    const now = await pagerduty.getIncident(incident);
    if (!isFirst && isMoved(now)) return taken("delegated", `${done} PagerDuty's answer was lost.`);
    const objection = reasonNotToTakeBack(now, programs);
    if (objection !== null) return taken("none", objection);
    try {
      await pagerduty.moveIncident(incident, { kind: "policy", policy });
      return taken("delegated", done);
    } catch (error) {
      const wait = waitAfter(error);
      if (wait === null || clock.now() + wait > until) throw error;
      await clock.sleep(wait);
    }
  }
}

/** How long to wait before another try, milliseconds; null where another would be refused as well. */
function waitAfter(error: unknown): number | null {
  if (!(error instanceof PagerDutyError)) return null;
  if (error.status === 429) return error.retryAfterMs ?? UNANSWERED_MS;
  return error.status === 0 || error.status >= 500 ? UNANSWERED_MS : null;
}
