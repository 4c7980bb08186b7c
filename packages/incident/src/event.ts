/**
 * Who acted on an incident. `integration` is the monitor, `bot` is Mr Data itself, `agent` is a program under a user's
 * name that a person has declared to be one, `automation` is anything else that is neither a person nor the monitor
 * (PagerDuty's own timers, workflows).
 */
export type Actor = "human" | "agent" | "integration" | "bot" | "automation";

export const actors: readonly Actor[] = ["human", "agent", "integration", "bot", "automation"];

/** Event types of an incident, in PagerDuty's words without the `incident.` prefix. */
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

/**
 * Our own event type: `described`, what the bot read of the incident's alerts when it opened. No webhook carries it.
 */
export const ownEventTypes = ["described"] as const;

export type IncidentEventType = (typeof incidentEventTypes)[number] | (typeof ownEventTypes)[number];

/**
 * What is known of an incident besides title and service when it opens. Numbers are used as features directly; a text's
 * value has a past on its service (a number, such as an error code, may also be used as a text).
 */
export type EventDetails = {
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string | number>>;
  /** Texts of an imported incident without a record: a later training may choose different ones. */
  readonly others?: Readonly<Record<string, string>>;
};

export type Urgency = "high" | "low";

/** The incident as an event showed it: only what a webhook carries in `event.data`. */
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

/** Planned work, milliseconds since the epoch: nothing is learnt from an incident that overlaps it. */
export type Maintenance = { readonly start: number; readonly end: number };

/** One event of an incident, in the form of a webhook. */
export type IncidentEvent = {
  /** PagerDuty's event id: an opaque, permanently unique string; the same event delivered twice has the same id. */
  readonly id: string;
  /** PagerDuty id of the incident. */
  readonly incident: string;
  readonly type: IncidentEventType;
  /** Milliseconds since the epoch, by PagerDuty's clock. */
  readonly occurredAt: number;
  readonly actor: Actor;
  /** PagerDuty id of the person, integration or workflow; null where the webhook names none. */
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
   * Maintenance of its service around that time, from the settings when the event was recorded. It is stored with the
   * event so that later readers of the timeline, in serving and in training, derive the same outcome whatever is set by
   * then.
   */
  readonly maintenance?: readonly Maintenance[];
};

/** The event that opens an incident, as a webhook carries it: it always has a snapshot. */
export type OpeningEvent = IncidentEvent & {
  readonly type: "triggered";
  readonly snapshot: IncidentSnapshot;
};

/** True for an opening with a snapshot. */
export const isOpening = (event: IncidentEvent): event is OpeningEvent =>
  event.type === "triggered" && event.snapshot !== null;
