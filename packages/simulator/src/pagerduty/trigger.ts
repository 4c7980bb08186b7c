import type { ServiceUrgency } from "./account.ts";
import { assignToLevel, staffedLevel } from "./escalation.ts";
import { assigneesOf, type By, type Incident, type Severity, type Urgency } from "./incident.ts";
import { startAutoResolve } from "./incidents.ts";
import { assignDirectly } from "./ownership.ts";
import { alertSlot, byIntegration, notifyUsers, record, type World } from "./world.ts";

/** What a monitor sends (Events API v2, `trigger`). */
export type Trigger = {
  readonly serviceId: string;
  readonly dedupKey: string;
  readonly title: string;
  readonly severity?: Severity;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Further content of the alert: PD-CEF's fields, links and images. */
  readonly cef?: Readonly<Record<string, unknown>>;
  readonly contexts?: readonly object[];
};

/** What an incident that is opened over REST begins with in place of what its service says (API reference, POST /incidents). */
export type Opening = {
  readonly key: string;
  readonly body?: string | undefined;
  readonly urgency?: Urgency | undefined;
  readonly priority?: string | undefined;
  /** One of the two. */
  readonly policyId?: string | undefined;
  readonly assignees?: readonly string[] | undefined;
};

export type TriggerResult =
  | { readonly result: "opened"; readonly incident: string }
  /** The alert was open already: nothing new happened. */
  | { readonly result: "duplicate"; readonly incident: string }
  /** No incident: the service is in maintenance, or nobody is on call on its whole policy. */
  | { readonly result: "maintenance" | "nobody-on-call"; readonly incident: null };

/**
 * A monitor raises an alarm, or a person opens an incident. It keeps the policy that there was: later changes do not reach the incident. A level with nobody on
 * call is passed over at once. Throws a 404 Refusal for an unknown service.
 */
export function trigger(
  world: World,
  { serviceId, dedupKey, title, severity, details = {}, cef = {}, contexts = [] }: Trigger,
  by: By = byIntegration(world, serviceId),
  opening: Opening | null = null,
): TriggerResult {
  const service = world.directory.service(serviceId);
  const slot = alertSlot(serviceId, dedupKey);
  const open = world.openAlerts.get(slot);
  if (open !== undefined) return { result: "duplicate", incident: open.incident.id };
  const at = world.clock.now();
  if (world.directory.inMaintenance(serviceId, at)) return { result: "maintenance", incident: null };
  const policy = world.directory.policy(opening?.policyId ?? service.policyId);
  const assignees = [...new Set(opening?.assignees ?? [])];
  const level = assignees.length > 0 ? 1 : staffedLevel(world, policy, 1);
  if (level === null) return { result: "nobody-on-call", incident: null };

  const alert = {
    id: world.ids.object("A"),
    service: serviceId,
    key: dedupKey,
    severity: severity ?? null,
    title: title.slice(0, MAX_TITLE_LENGTH),
    details,
    cef,
    contexts,
    createdAt: at,
    resolvedAt: null,
  };
  const incident: Incident = {
    id: world.ids.object("Q"),
    number: world.incidents.size + 1,
    service: serviceId,
    key: opening?.key ?? null,
    body: opening?.body ?? null,
    createdAt: at,
    title: alert.title,
    status: "triggered",
    urgency: opening?.urgency ?? urgencyOf(service.urgency, severity),
    priority: opening?.priority ?? null,
    policy,
    level,
    loops: 0,
    assignments: [],
    assignedVia: "escalation_policy",
    onCall: [],
    acknowledgements: [],
    updatedAt: at,
    reopenedAt: null,
    resolvedAt: null,
    lastStatusChange: { at, by },
    mergedInto: null,
    alerts: [alert],
    notes: [],
    log: [],
    timers: new Map(),
  };
  world.incidents.set(incident.id, incident);
  world.open.set(incident.id, incident);
  world.openAlerts.set(slot, { incident, alert });
  record(world, incident, "trigger", by, alert.title);
  if (assignees.length === 0) assignToLevel(world, incident, level);
  else assignDirectly(world, incident, assignees, by);
  startAutoResolve(world, incident);
  world.publish(incident, "triggered", by);
  notifyUsers(world, incident, assigneesOf(incident), "assigned");
  return { result: "opened", incident: incident.id };
}

/** Longest summary of an event (Events API v2). */
const MAX_TITLE_LENGTH = 1024;

/** Warnings and infos are of low urgency where the service goes by severity (PagerDuty: Dynamic notifications). */
function urgencyOf(service: ServiceUrgency, severity: Severity | undefined): Urgency {
  if (service !== "severity_based") return service;
  return severity === "info" || severity === "warning" ? "low" : "high";
}
