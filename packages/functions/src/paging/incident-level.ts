import type { RestLogEntry } from "@mrdata/pagerduty";

/** Log entry types that put an incident at level 1 of its policy. */
const STARTS: readonly string[] = ["trigger", "reopen", "delegate"];

/**
 * The policy level, from 1, of an incident that waits on the bot. The incident itself does not carry its level, so it
 * is counted from the log (newest first): the escalations since it was last at level 1. A person may escalate to any
 * level; an incident that a person sent to the bot is taken to be at level 1, where an armed service's policy has the
 * bot.
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

/** Log entry types that move an incident to somebody else. */
const MOVES: readonly string[] = ["escalate", "delegate", "assign"];

/** True if the bot was the last to move the incident. `log` is newest first. */
export function wasMovedByBot(log: readonly RestLogEntry[], bot: string): boolean {
  // An escalation is followed by the assignment that it causes, which has no user as its agent.
  const last = log.find(({ type, isByUser }) => MOVES.includes(type) && (type !== "assign" || isByUser));
  return last?.agent === bot;
}
