import type { RestLogEntry } from "@mrdata/pagerduty";

/** What puts an incident at level 1 of its policy. */
const STARTS: readonly string[] = ["trigger", "reopen", "delegate"];

/**
 * The level of its policy, from 1, at which an incident stands that waits on the bot. The level is nowhere in the
 * incident; its log (newest first) tells how often it was escalated since it stood at level 1. An escalation by a
 * person may lead to any level: what a person sent to the bot is taken to be at level 1, where an armed service's
 * policy has it.
 */
export function levelByLog(log: readonly RestLogEntry[], bot: string): number {
  let escalations = 0;
  for (const { type, agent, isByUser } of log) {
    if (STARTS.includes(type)) break;
    if (type === "repeat_escalation_path") {
      // The escalation that belongs to it led back to level 1.
      return Math.max(1, escalations);
    }
    if (type === "escalate" && isByUser && agent !== bot) break;
    if (type === "assign" && isByUser && agent !== bot) break;
    if (type === "escalate") escalations++;
  }
  return 1 + escalations;
}

/** What moves an incident from one to another. */
const MOVES: readonly string[] = ["escalate", "delegate", "assign"];

/** True if the bot was the last to move the incident. `log` is newest first. */
export function wasMovedByBot(log: readonly RestLogEntry[], bot: string): boolean {
  // An escalation is followed by the assignment that it makes, which is nobody's.
  const last = log.find(({ type, isByUser }) => MOVES.includes(type) && (type !== "assign" || isByUser));
  return last?.agent === bot;
}
