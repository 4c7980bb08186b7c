import {
  type Actor,
  type IncidentEvent,
  type IncidentEventType,
  type IncidentSnapshot,
  incidentEventTypes,
} from "@mrdata/incident";
import type { z } from "zod";
import { actorOf, type Identity } from "./actor.ts";
import { shapeProblem } from "./webhook-head.ts";
import {
  anyEventSchema,
  envelopeSchema,
  incidentSchema,
  problemOf,
  referringSchema,
} from "./webhook-schema.ts";

export type ParsedWebhook =
  | { readonly kind: "incident-event"; readonly event: IncidentEvent }
  /** Well formed, but not about an incident as far as we know: accepted and ignored. */
  | {
      readonly kind: "ignored";
      readonly id: string;
      readonly type: string;
      readonly actor: Actor;
      readonly reason: string;
    }
  /** `problem` is one line that names what was expected. */
  | { readonly kind: "invalid"; readonly problem: string };

const invalid = (problem: string): ParsedWebhook => ({ kind: "invalid", problem });

const isKnown = (type: string): type is IncidentEventType =>
  incidentEventTypes.some((known) => known === type);

/**
 * Parses the JSON value of a V3 webhook. Never throws: PagerDuty adds event types and omits fields.
 *
 * @example
 * ```ts
 * const data = { type: "incident", id: "P1", title: "Disk full", service: { id: "PDB" }, status: "triggered" };
 * const agent = { type: "service_integration_reference", id: "PINT" };
 * const event = { id: "E1", event_type: "incident.triggered", occurred_at: "2026-03-02T06:30:00Z", agent, data };
 * const parsed = parseWebhook({ event }, { botUser: "PBOT" });
 * parsed.kind; // => "incident-event"
 * [parsed.event.incident, parsed.event.actor, parsed.event.snapshot.urgency]; // => ["P1", "integration", "high"]
 * parseWebhook({ messages: [] }, { botUser: null }).kind; // => "invalid"
 * ```
 */
export function parseWebhook(body: unknown, identity: Identity): ParsedWebhook {
  const shape = shapeProblem(body);
  if (shape !== null) return invalid(shape);
  const any = anyEventSchema.safeParse(body);
  if (!any.success) return invalid(problemOf(any.error, ""));
  const { id, event_type } = any.data.event;
  const type = event_type.startsWith("incident.") ? event_type.slice("incident.".length) : "";
  if (!isKnown(type))
    return {
      kind: "ignored",
      id,
      type: event_type,
      actor: actorOf(any.data.event.agent, identity),
      reason: "an event type that says nothing of an incident, or is not known",
    };
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success) return invalid(problemOf(envelope.error, ""));
  const { occurred_at, agent, data } = envelope.data.event;
  const actor = actorOf(agent, identity);

  const common = { id, type, occurredAt: occurred_at, actor, actorId: agent?.id ?? null };
  if (data.type === "incident") {
    const incident = incidentSchema.safeParse(data);
    if (!incident.success) return invalid(problemOf(incident.error, "event.data."));
    const reason = incident.data.resolve_reason;
    const mergedInto = reason?.type === "merge_resolve_reason" ? (reason.incident?.id ?? "") : null;
    return {
      kind: "incident-event",
      event: {
        ...common,
        incident: incident.data.id,
        snapshot: snapshotOf(incident.data, type),
        note: null,
        mergedInto,
      },
    };
  }
  const referring = referringSchema.safeParse(data);
  // Refusing an event without an incident would count towards disabling the subscription.
  const incident = referring.success ? referring.data.incident : null;
  if (!referring.success || incident === null)
    return { kind: "ignored", id, type: event_type, actor, reason: "it names no incident" };
  const note = type === "annotated" ? referring.data.content : null;
  return { kind: "incident-event", event: { ...common, incident, snapshot: null, note, mergedInto: null } };
}

function snapshotOf(data: z.infer<typeof incidentSchema>, type: IncidentEventType): IncidentSnapshot {
  const { status, urgency, number, priority } = data;
  const count = Number(number ?? Number.NaN);
  return {
    title: data.title ?? "",
    service: data.service.id,
    serviceName: data.service.summary ?? null,
    status:
      status === "resolved" || status === "acknowledged" || status === "triggered"
        ? status
        : type === "resolved"
          ? "resolved"
          : "triggered",
    // Anything not explicitly low counts as high: when in doubt somebody is woken.
    urgency: urgency === "low" ? "low" : "high",
    priority: priority?.summary ?? priority?.name ?? null,
    assignees: idsOf(data.assignees),
    escalationPolicy: data.escalation_policy?.id ?? null,
    teams: idsOf(data.teams),
    number: Number.isFinite(count) ? count : null,
    htmlUrl: data.html_url ?? null,
    createdAt: data.created_at ?? null,
  };
}

const idsOf = (list: z.infer<typeof incidentSchema>["assignees"]): readonly string[] =>
  (list ?? []).flatMap((one) => (one?.id ? [one.id] : []));
