import { refusals } from "./errors.ts";
import { assignToLevel, onCallAt, staffedLevel } from "./escalation.ts";
import { assigneesOf, type By, type Incident } from "./incident.ts";
import { notifyUsers, openIncidentOf, record, stopTimer, type World } from "./world.ts";

/** Whoever had taken the incident gives it up: it is triggered again, and no snooze is left. */
function giveUp(world: World, incident: Incident, by: By): void {
  stopTimer(incident, "unacknowledge");
  incident.acknowledgements = [];
  if (incident.status === "triggered") return;
  incident.status = "triggered";
  incident.lastStatusChange = { at: world.clock.now(), by };
}

/**
 * Moves the incident to a level (from 1) of its policy and notifies who is on call there. Throws 1001, 1006 for an
 * incident of low urgency, 1015 where nobody is on call, 2001 where there is no such level.
 */
export function escalate(world: World, id: string, level: number, by: By): void {
  const incident = openIncidentOf(world, id);
  if (!Number.isInteger(level) || level < 1 || level > incident.policy.rules.length)
    throw refusals.invalid(`Escalation level must be from 1 to ${incident.policy.rules.length}`);
  if (incident.urgency === "low") throw refusals.cannotEscalate();
  if (onCallAt(world, incident.policy, level).length === 0) throw refusals.nobodyOnCall();
  giveUp(world, incident, by);
  record(world, incident, "escalate", by);
  assignToLevel(world, incident, level);
  world.publish(incident, "escalated", by);
  notifyUsers(world, incident, incident.onCall, "assigned");
}

/** The next level with somebody on call, as the button in the web application takes it. Throws 1015 at the end. */
export function escalateOn(world: World, id: string, by: By): void {
  const incident = openIncidentOf(world, id);
  const next = staffedLevel(world, incident.policy, incident.level + 1);
  if (next === null) throw refusals.nobodyOnCall();
  escalate(world, id, next, by);
}

/** Gives the incident to users by hand, which ends its escalation. Throws 1001, and 2001 for no or unknown users. */
export function reassign(world: World, id: string, users: readonly string[], by: By): void {
  const incident = openIncidentOf(world, id);
  if (users.length === 0) throw refusals.invalid("Assignments may not be empty");
  for (const user of users)
    if (!world.directory.users.has(user)) throw refusals.invalid(`Assignee ${user} not found`);
  giveUp(world, incident, by);
  assignDirectly(world, incident, users, by);
  world.publish(incident, "reassigned", by);
  notifyUsers(world, incident, assigneesOf(incident), "assigned");
}

/** By hand, and so without escalation. Tells nobody yet. */
export function assignDirectly(world: World, incident: Incident, users: readonly string[], by: By): void {
  const at = world.clock.now();
  stopTimer(incident, "escalate");
  incident.assignedVia = "direct_assignment";
  incident.onCall = [];
  incident.assignments = [...new Set(users)].map((user) => ({ user, at }));
  record(world, incident, "assign", by);
}

/**
 * Moves the incident to another escalation policy, to `level` of it or else to the first level with somebody on call.
 * Throws 1001, 1015 and 2001.
 */
export function delegate(world: World, id: string, policyId: string, by: By, level?: number): void {
  const incident = openIncidentOf(world, id);
  const policy = world.directory.policies.get(policyId);
  if (policy === undefined) throw refusals.invalid(`Escalation policy ${policyId} not found`);
  const target = level ?? staffedLevel(world, policy, 1);
  if (target === null || onCallAt(world, policy, target).length === 0) throw refusals.nobodyOnCall();
  giveUp(world, incident, by);
  incident.policy = structuredClone(policy);
  incident.loops = 0;
  record(world, incident, "delegate", by, policy.name);
  assignToLevel(world, incident, target);
  world.publish(incident, "delegated", by);
  notifyUsers(world, incident, incident.onCall, "assigned");
}
