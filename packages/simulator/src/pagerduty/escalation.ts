import type { PolicyDescription } from "./account.ts";
import type { Incident } from "./incident.ts";
import { byTimer, notifyUsers, record, setTimer, stopTimer, type World } from "./world.ts";

const MINUTE = 60_000;

/** Ids of who is on call at a level (from 1) now. */
export const onCallAt = (world: World, policy: PolicyDescription, level: number): readonly string[] =>
  world.directory.reachedBy(policy.rules[level - 1]?.targets ?? [], world.clock.now());

/** The first level from `from` on with somebody on call; null where there is none. */
export function staffedLevel(world: World, policy: PolicyDescription, from: number): number | null {
  for (let level = from; level <= policy.rules.length; level++)
    if (onCallAt(world, policy, level).length > 0) return level;
  return null;
}

/** Gives the incident to who is on call at a level and starts that level's timer. Tells nobody yet. */
export function assignToLevel(world: World, incident: Incident, level: number): void {
  const at = world.clock.now();
  incident.level = level;
  incident.assignedVia = "escalation_policy";
  incident.onCall = onCallAt(world, incident.policy, level);
  incident.assignments = incident.onCall.map((user) => ({ user, at }));
  record(world, incident, "assign", byTimer("auto"));
  startEscalation(world, incident);
}

/**
 * Starts the timer of the incident's level, where there is anything to escalate: a triggered incident of high urgency
 * that follows its policy.
 */
export function startEscalation(world: World, incident: Incident): void {
  stopTimer(incident, "escalate");
  const { status, urgency, assignedVia, policy, level } = incident;
  const rule = policy.rules[level - 1];
  if (status !== "triggered" || urgency !== "high" || assignedVia !== "escalation_policy") return;
  if (rule === undefined) return;
  setTimer(world, incident, "escalate", world.clock.now() + rule.delayMinutes * MINUTE, () =>
    escalateByTimeout(world, incident),
  );
}

/** The level that the running timer leads to, and whether the policy starts again for it; null at the end. */
export function followingLevel(
  world: World,
  { policy, level, loops }: Incident,
): { readonly level: number; readonly again: boolean } | null {
  const next = staffedLevel(world, policy, level + 1);
  if (next !== null) return { level: next, again: false };
  const first = loops < policy.repeat ? staffedLevel(world, policy, 1) : null;
  return first === null ? null : { level: first, again: true };
}

function escalateByTimeout(world: World, incident: Incident): void {
  const by = byTimer("timeout");
  const following = followingLevel(world, incident);
  if (following === null) {
    record(world, incident, "exhaust_escalation_path", by);
    return;
  }
  if (following.again) {
    incident.loops++;
    record(world, incident, "repeat_escalation_path", by);
  }
  record(world, incident, "escalate", by);
  assignToLevel(world, incident, following.level);
  world.publish(incident, "escalated", by);
  notifyUsers(world, incident, incident.onCall, "assigned");
}
