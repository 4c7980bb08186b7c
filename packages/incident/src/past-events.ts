import type { Actor, EventDetails, IncidentEvent, IncidentEventType } from "./event.ts";
import type { PastIncident } from "./past-incident.ts";
import { timelineOf } from "./timeline.ts";

/**
 * A past incident as the events that its webhooks would have carried, so that history is learnt through the same
 * reducer as the present. Event ids are the incident's id followed by the event type. `details`: those that the opening
 * carries.
 * @example
 * ```ts
 * const past = { id: "P1", service: "PDB", title: "Disk full", urgency: "high", details: {}, createdAt: 0,
 *   resolvedAt: 120_000, resolvedBy: "integration", acknowledgedAt: null, takenOverAt: null, mergedInto: null };
 * eventsOf(past).map(({ id }) => id); // => ["P1.triggered", "P1.resolved"]
 * eventsOf(past).at(-1).actor; // => "integration"
 * ```
 */
export function eventsOf(past: PastIncident, details?: EventDetails): readonly IncidentEvent[] {
  const { id, service, title, urgency, createdAt, resolvedAt } = past;
  const snapshot = (status: "triggered" | "acknowledged" | "resolved") => ({
    title,
    service,
    serviceName: past.serviceName ?? null,
    status,
    urgency,
    priority: null,
    assignees: [],
    escalationPolicy: null,
    teams: [],
    number: null,
    htmlUrl: null,
    createdAt,
  });
  const event = (
    type: IncidentEventType,
    occurredAt: number,
    actor: Actor,
    status: "triggered" | "acknowledged" | "resolved",
  ): IncidentEvent => ({
    id: `${id}.${type}`,
    incident: id,
    type,
    occurredAt,
    actor,
    actorId: null,
    snapshot: snapshot(status),
    note: null,
    mergedInto: type === "resolved" ? past.mergedInto : null,
  });
  const opening: IncidentEvent = {
    ...event("triggered", createdAt, "integration", "triggered"),
    ...(past.maintenance === undefined ? {} : { maintenance: past.maintenance }),
  };
  const events = [details === undefined ? opening : { ...opening, details }];
  if (past.acknowledgedAt !== null)
    events.push(event("acknowledged", past.acknowledgedAt, "human", "acknowledged"));
  if (past.takenOverAt !== null) events.push(event("escalated", past.takenOverAt, "human", "triggered"));
  if (resolvedAt !== null)
    events.push(event("resolved", resolvedAt, past.resolvedBy ?? "automation", "resolved"));
  if (past.feedback !== undefined) {
    const { said, at } = past.feedback;
    const note = event("annotated", at, "human", "triggered");
    events.push({ ...note, snapshot: null, note: `mrdata: ${said}` });
  }
  return timelineOf(events);
}
