import type { DiscreteClock } from "../discrete-clock.ts";
import type { ChangeEvent } from "./change-events.ts";
import type { Directory } from "./directory.ts";
import { refusals } from "./errors.ts";
import type { FaultSettings } from "./faults.ts";
import type { Ids } from "./ids.ts";
import type { Alert, By, Incident, LogType, PendingAction, Urgency } from "./incident.ts";
import type { IncidentReader } from "./read-lag.ts";

/** A user was assigned an incident and notified of it. */
export type Notification = {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly user: string;
  readonly incident: string;
  readonly service: string;
  /** Of the escalation policy, from 1; null when assigned by hand. */
  readonly level: number | null;
  readonly urgency: Urgency;
  /** True for a program's user: nobody woke up. */
  readonly bot: boolean;
  /** `reminded`: the acknowledgement or the snooze ran out. */
  readonly why: "assigned" | "reminded";
};

export type EventType =
  | "triggered"
  | "acknowledged"
  | "unacknowledged"
  | "resolved"
  | "reopened"
  | "escalated"
  | "delegated"
  | "reassigned"
  | "priority_updated"
  | "annotated";

/** What the rules work on: the state of the account's incidents, and the ways out of it. */
export type World = {
  readonly clock: DiscreteClock;
  readonly ids: Ids;
  readonly directory: Directory;
  readonly incidents: Map<string, Incident>;
  /** Those that are not resolved, by id, oldest first. */
  readonly open: Map<string, Incident>;
  /** What deployments reported, oldest first. */
  readonly changeEvents: ChangeEvent[];
  /** Open alerts by `alertSlot`: what the Events API de-duplicates on. */
  readonly openAlerts: Map<string, { readonly incident: Incident; readonly alert: Alert }>;
  /** Sends an event to the subscribers, with the incident as it is at this moment. */
  readonly publish: (incident: Incident, type: EventType, by: By, note?: string) => void;
  readonly notify: (notification: Notification) => void;
  /** How incidents are read by one request. */
  readonly reader: () => IncidentReader;
  /** How a part of a bulk change is refused. */
  readonly bulkRefusal: () => FaultSettings["bulkRefusal"];
  /** A change by REST took an incident to another level or policy and left it with programs alone. */
  readonly noteRestart: (restart: TimerRestart) => void;
};

/** A change that notified nobody and restarted PagerDuty's timer. Milliseconds since the epoch. */
export type TimerRestart = {
  readonly at: number;
  readonly incident: string;
  readonly user: string;
  /** When PagerDuty's timers would have reached a person without it; null where they never did. */
  readonly personDueAt: number | null;
};

export const alertSlot = (service: string, key: string): string => `${service} ${key}`;

export function incidentOf(world: World, id: string): Incident {
  const incident = world.incidents.get(id);
  if (incident === undefined) throw refusals.notFound();
  return incident;
}

/** GET /incidents/{id} takes an incident's number, too (API reference). Throws 2100. */
export function incidentByNumberOrId(world: World, id: string): Incident {
  if (!/^\d+$/u.test(id)) return incidentOf(world, id);
  const incident = [...world.incidents.values()].find(({ number }) => number === Number(id));
  if (incident === undefined) throw refusals.notFound();
  return incident;
}

/** Throws 1001 for an incident that is closed. */
export function openIncidentOf(world: World, id: string): Incident {
  const incident = incidentOf(world, id);
  if (incident.status === "resolved") throw refusals.alreadyResolved();
  return incident;
}

export const byTimer = (channel: "auto" | "timeout"): By => ({ agent: null, channel });

export function byUser(world: World, id: string, channel: "api" | "website"): By {
  const { name } = world.directory.user(id);
  return { agent: { id, type: "user_reference", summary: name }, channel };
}

export const byIntegration = (world: World, service: string): By => ({
  agent: {
    id: `I${world.directory.service(service).id}`,
    type: "inbound_integration_reference",
    summary: "Events API V2",
  },
  channel: "api",
});

/** Writes to the incident's log and marks it as changed. */
export function record(
  world: World,
  incident: Incident,
  type: LogType,
  by: By,
  text: string | null = null,
  user: string | null = null,
): void {
  const at = world.clock.now();
  incident.updatedAt = at;
  incident.log.push({ id: world.ids.object("R"), type, at, by, text, user });
}

/** Notifies the users of the incident. Bots too, marked. */
export function notifyUsers(
  world: World,
  incident: Incident,
  users: readonly string[],
  why: Notification["why"],
): void {
  for (const user of users) {
    const { name, bot = false } = world.directory.user(user);
    record(world, incident, "notify", byTimer("auto"), name, user);
    world.notify({
      at: world.clock.now(),
      user,
      incident: incident.id,
      service: incident.service,
      level: incident.assignedVia === "escalation_policy" ? incident.level : null,
      urgency: incident.urgency,
      bot,
      why,
    });
  }
}

/** Sets one of the incident's timers, in place of the one of that name. */
export function setTimer(
  world: World,
  incident: Incident,
  name: PendingAction,
  at: number,
  work: () => void,
): void {
  stopTimer(incident, name);
  const cancel = world.clock.schedule(at, () => {
    incident.timers.delete(name);
    work();
  });
  incident.timers.set(name, { at, cancel });
}

export function stopTimer(incident: Incident, name: PendingAction): void {
  incident.timers.get(name)?.cancel();
  incident.timers.delete(name);
}
