import { refusals } from "./errors.ts";
import { assignToLevel, onCallAt, staffedLevel, startEscalation } from "./escalation.ts";
import { type Alert, assigneesOf, type By, type Incident, type Status } from "./incident.ts";
import {
  alertSlot,
  byIntegration,
  byTimer,
  notifyUsers,
  openIncidentOf,
  record,
  setTimer,
  stopTimer,
  type World,
} from "./world.ts";

const SECOND = 1000;

/** Sets the status and says by whom; timers are the caller's. */
function changeStatus(world: World, incident: Incident, status: Status, by: By): void {
  incident.status = status;
  incident.lastStatusChange = { at: world.clock.now(), by };
}

/** PagerDuty closes by itself what has been open for the service's `auto_resolve_timeout`. */
export function startAutoResolve(world: World, incident: Incident): void {
  const { autoResolveTimeout } = world.directory.service(incident.service);
  if (autoResolveTimeout === null) return;
  setTimer(world, incident, "resolve", world.clock.now() + autoResolveTimeout * SECOND, () =>
    close(world, incident, byTimer("timeout")),
  );
}

/**
 * Somebody works on the incident: escalation stops, and it is that user's alone; null is a monitor that says so, and
 * leaves it with whom it is. Throws 1001 and 1002. After the service's `acknowledgement_timeout` it is triggered again.
 */
export function acknowledge(world: World, id: string, user: string | null, by: By): void {
  const incident = openIncidentOf(world, id);
  if (incident.status === "acknowledged") throw refusals.alreadyAcknowledged();
  const at = world.clock.now();
  changeStatus(world, incident, "acknowledged", by);
  if (user !== null) {
    incident.acknowledgements = [{ user, at }];
    incident.assignments = [{ user, at }];
  }
  stopTimer(incident, "escalate");
  const { acknowledgementTimeout } = world.directory.service(incident.service);
  if (acknowledgementTimeout !== null)
    setTimer(world, incident, "unacknowledge", at + acknowledgementTimeout * SECOND, () =>
      returnToTriggered(world, incident, byTimer("timeout")),
    );
  record(world, incident, "acknowledge", by);
  world.publish(incident, "acknowledged", by);
}

/** Back to triggered by hand. Throws 2001 unless it is acknowledged. */
export function unacknowledge(world: World, id: string, by: By): void {
  const incident = openIncidentOf(world, id);
  if (incident.status !== "acknowledged") throw refusals.invalid("Incident is not acknowledged");
  returnToTriggered(world, incident, by);
}

/** After an acknowledgement or a snooze: notifies the assignees again, and who has come on call since; escalation resumes. */
function returnToTriggered(world: World, incident: Incident, by: By): void {
  const at = world.clock.now();
  stopTimer(incident, "unacknowledge");
  changeStatus(world, incident, "triggered", by);
  incident.acknowledgements = [];
  if (incident.assignedVia === "escalation_policy") {
    const before = incident.onCall;
    incident.onCall = onCallAt(world, incident.policy, incident.level);
    const fresh = incident.onCall.filter(
      (user) => !before.includes(user) && !assigneesOf(incident).includes(user),
    );
    incident.assignments = [...incident.assignments, ...fresh.map((user) => ({ user, at }))];
  }
  record(world, incident, "unacknowledge", by);
  startEscalation(world, incident);
  world.publish(incident, "unacknowledged", by);
  notifyUsers(world, incident, assigneesOf(incident), "reminded");
}

/**
 * Silence for `seconds` (1 to 604,800), then back to triggered. Throws 1012 for another duration and 1013 unless the
 * incident is acknowledged. The auto-resolve timer starts anew. Sends no webhook.
 */
export function snooze(world: World, id: string, seconds: number, by: By): void {
  const incident = openIncidentOf(world, id);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 604_800) throw refusals.badSnooze();
  if (incident.status !== "acknowledged") throw refusals.cannotSnooze();
  setTimer(world, incident, "unacknowledge", world.clock.now() + seconds * SECOND, () =>
    returnToTriggered(world, incident, byTimer("timeout")),
  );
  startAutoResolve(world, incident);
  record(world, incident, "snooze", by, `${seconds} seconds`);
}

/** Throws 1001 if it is resolved already. */
export function resolve(world: World, id: string, by: By, resolution: string | null = null): void {
  close(world, openIncidentOf(world, id), by, resolution);
}

/** Closes an open incident and its alerts, for good or into another incident. */
export function close(world: World, incident: Incident, by: By, resolution: string | null = null): void {
  const at = world.clock.now();
  for (const timer of ["escalate", "unacknowledge", "resolve"] as const) stopTimer(incident, timer);
  changeStatus(world, incident, "resolved", by);
  world.open.delete(incident.id);
  incident.resolvedAt = at;
  incident.assignments = [];
  incident.acknowledgements = [];
  for (const alert of incident.alerts) resolveAlert(world, alert);
  record(world, incident, "resolve", by, resolution);
  world.publish(incident, "resolved", by);
}

/** Opens a resolved incident again, from level 1 of its policy as it is now. Throws 2001 and 1015. */
export function reopen(world: World, incident: Incident, by: By): void {
  if (incident.status !== "resolved") throw refusals.invalid("Incident is not resolved");
  const policy = world.directory.policies.get(incident.policy.id) ?? incident.policy;
  const level = staffedLevel(world, policy, 1);
  if (level === null) throw refusals.nobodyOnCall();
  changeStatus(world, incident, "triggered", by);
  world.open.set(incident.id, incident);
  incident.policy = policy;
  incident.loops = 0;
  incident.resolvedAt = null;
  incident.mergedInto = null;
  incident.reopenedAt = world.clock.now();
  for (const alert of incident.alerts) {
    const slot = alertSlot(alert.service, alert.key);
    if (world.openAlerts.has(slot)) continue;
    alert.resolvedAt = null;
    world.openAlerts.set(slot, { incident, alert });
  }
  record(world, incident, "reopen", by);
  assignToLevel(world, incident, level);
  startAutoResolve(world, incident);
  world.publish(incident, "reopened", by);
  notifyUsers(world, incident, incident.onCall, "assigned");
}

/** The monitor saw recovery: with its last alert the incident closes. Answers with the incident, null if nothing was open. */
export function clear(world: World, service: string, key: string): Incident | null {
  const open = world.openAlerts.get(alertSlot(service, key));
  if (open === undefined) return null;
  const { incident, alert } = open;
  resolveAlert(world, alert);
  if (incident.alerts.every(({ resolvedAt }) => resolvedAt !== null))
    close(world, incident, byIntegration(world, service));
  return incident;
}

function resolveAlert(world: World, alert: Alert): void {
  alert.resolvedAt ??= world.clock.now();
  const slot = alertSlot(alert.service, alert.key);
  if (world.openAlerts.get(slot)?.alert === alert) world.openAlerts.delete(slot);
}
