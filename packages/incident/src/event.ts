/**
 * Who did something to an incident. `integration` is the monitor, `bot` is Mr Data itself, `agent` is a program that acts
 * under a user's name and that a person named as one, `automation` is whatever else is neither a person nor the
 * monitor (PagerDuty's own timers, workflows).
 */
export type Actor = "human" | "agent" | "integration" | "bot" | "automation";

export const actors: readonly Actor[] = ["human", "agent", "integration", "bot", "automation"];

/** What can happen to an incident, in PagerDuty's words without the `incident.` in front. */
export const incidentEventTypes = [
  "triggered",
  "acknowledged",
  "unacknowledged",
  "resolved",
  "reopened",
  "escalated",
  "delegated",
  "reassigned",
  "priority_updated",
  "service_updated",
  "incident_type.changed",
  "annotated",
  "status_update_published",
  "conference_bridge.updated",
  "custom_field_values.updated",
  "responder.added",
  "responder.replied",
  "role.assigned",
  "task.created",
  "task.updated",
  "task.completed",
  "workflow.started",
  "workflow.completed",
  "action_invocation.created",
  "action_invocation.updated",
  "action_invocation.terminated",
] as const;

/** Of our own: `described`, what the bot read of the incident's alerts when it opened. No webhook tells it. */
export const ownEventTypes = ["described"] as const;

export type IncidentEventType = (typeof incidentEventTypes)[number] | (typeof ownEventTypes)[number];

/**
 * What is known of an incident beside title and service when it opens. Numbers are features as they are; the value of
 * a text has a past on its service (a number may be such a text too, as an error code is).
 */
export type EventDetails = {
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string | number>>;
  /** Texts of an imported incident that no record is kept of: what is learnt later may choose otherwise. */
  readonly others?: Readonly<Record<string, string>>;
};

export type Urgency = "high" | "low";

/** The incident as an event showed it: what a webhook carries in `event.data`, and no more. */
export type IncidentSnapshot = {
  readonly title: string;
  /** PagerDuty id of the service. */
  readonly service: string;
  readonly serviceName: string | null;
  readonly status: "triggered" | "acknowledged" | "resolved";
  readonly urgency: Urgency;
  /** Summary of the priority ("P1"), null where none is set. */
  readonly priority: string | null;
  /** PagerDuty ids of the assignees; empty once resolved. */
  readonly assignees: readonly string[];
  readonly escalationPolicy: string | null;
  readonly teams: readonly string[];
  readonly number: number | null;
  readonly htmlUrl: string | null;
  /** Milliseconds since the epoch; null in payloads from before PagerDuty sent it. */
  readonly createdAt: number | null;
};

/** Planned work, milliseconds since the epoch: an incident that overlaps it teaches nothing. */
export type Maintenance = { readonly start: number; readonly end: number };

/** One thing that happened to an incident, as a webhook tells it. */
export type IncidentEvent = {
  /** PagerDuty's event id: an opaque string, unique for ever; the same event delivered twice has the same. */
  readonly id: string;
  /** PagerDuty id of the incident. */
  readonly incident: string;
  readonly type: IncidentEventType;
  /** Milliseconds since the epoch, by PagerDuty's clock. */
  readonly occurredAt: number;
  readonly actor: Actor;
  /** PagerDuty id of the person, integration or workflow; null where the webhook names nobody. */
  readonly actorId: string | null;
  /** Null for events that carry a reference to the incident only (notes, responders, tasks …). */
  readonly snapshot: IncidentSnapshot | null;
  /** Text of a note, for `annotated`; else null. */
  readonly note: string | null;
  /** The incident that this one was merged into, for a `resolved` whose reason is a merge; else null. */
  readonly mergedInto: string | null;
  /** What is known of its alerts: with the opening of an imported incident, else with `described`. */
  readonly details?: EventDetails;
  /**
   * Maintenance of its service near it, as the settings had it when the event was recorded. It is kept with the event so
   * that whoever reads the timeline later, to serve or to train, comes to the same outcome whatever is set by then.
   */
  readonly maintenance?: readonly Maintenance[];
};

/** The event that opens an incident, as a webhook tells it: it always shows the incident. */
export type OpeningEvent = IncidentEvent & {
  readonly type: "triggered";
  readonly snapshot: IncidentSnapshot;
};

/** True for an opening that shows its incident. */
export const isOpening = (event: IncidentEvent): event is OpeningEvent =>
  event.type === "triggered" && event.snapshot !== null;
