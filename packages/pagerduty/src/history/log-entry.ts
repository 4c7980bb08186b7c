import type { Actor, IncidentEventType } from "@mrdata/incident";
import { z } from "zod";
import { type Agent, actorOf, type Identity } from "../actor.ts";
import { idField, problemIn, textField, timeField } from "./fields.ts";
import { withoutNumber } from "./incident-row.ts";
import type { ParsedRow, ParseOptions } from "./parsed-row.ts";

const anything = z.record(z.string(), z.unknown());
const reference = z
  .object({ id: z.string().nullish(), type: z.string().nullish(), summary: textField })
  .nullish();

/** Log entry types as event types; the others are notifications and steps of the policy. */
const events: Readonly<Record<string, IncidentEventType>> = {
  trigger_log_entry: "triggered",
  acknowledge_log_entry: "acknowledged",
  unacknowledge_log_entry: "unacknowledged",
  resolve_log_entry: "resolved",
  reopen_log_entry: "reopened",
  escalate_log_entry: "escalated",
  delegate_log_entry: "delegated",
  assign_log_entry: "reassigned",
  responder_request_log_entry: "responder.added",
  urgency_change_log_entry: "escalated",
  annotate_log_entry: "annotated",
};
/** Of these only a person's matter: the policy's own steps are no human action. */
const byPersonOnly = new Set<IncidentEventType>([
  "escalated",
  "delegated",
  "reassigned",
  "responder.added",
  "annotated",
]);

/**
 * Reads log entries (GET /log_entries, `include[]=channels`): who opened, acknowledged, escalated and closed an
 * incident, in more detail than any other export. The channel's schema is observed, not guaranteed (developer docs).
 */
export function logEntryReader({ identity, time }: ParseOptions) {
  const schema = z.object({
    id: idField,
    type: z.string(),
    created_at: timeField(time),
    agent: reference,
    channel: anything.nullish(),
    service: reference,
    incident: z.object({
      id: idField,
      summary: textField,
      title: textField,
      urgency: z.enum(["high", "low"]).nullish().catch(null),
      resolve_reason: z
        .object({ incident: z.object({ id: z.string() }).nullish() })
        .nullish()
        .catch(null),
    }),
  });

  return (value: Readonly<Record<string, unknown>>): ParsedRow => {
    const read = schema.safeParse(value);
    if (!read.success) return { problem: problemIn(read.error) };
    const { id, type, created_at: at, agent, channel, service, incident } = read.data;
    const actor = actorOfEntry(agent, channel, identity);
    const happened = events[type];
    if (happened === undefined || (byPersonOnly.has(happened) && actor !== "human"))
      return { of: incident.id, event: null };
    const details = happened === "triggered" ? detailsOfChannel(channel) : {};
    const title = incident.title ?? withoutNumber(incident.summary ?? "");
    return {
      of: incident.id,
      event: {
        id,
        incident: incident.id,
        type: happened,
        occurredAt: at,
        actor,
        actorId: agent?.id ?? null,
        snapshot:
          happened === "triggered" && service?.id
            ? {
                title,
                service: service.id,
                serviceName: service.summary ?? null,
                status: "triggered",
                urgency: incident.urgency ?? "high",
                priority: null,
                assignees: [],
                escalationPolicy: null,
                teams: [],
                number: null,
                htmlUrl: null,
                createdAt: at,
              }
            : null,
        note: happened === "annotated" ? noteOf(channel) : null,
        mergedInto: happened === "resolved" ? (incident.resolve_reason?.incident?.id ?? null) : null,
        ...(Object.keys(details).length === 0 ? {} : { details: { numbers: {}, texts: details } }),
      },
    };
  };
}

/**
 * The service as agent is the monitor, unless the channel shows that a timer ran out. (`api` is the channel of both the
 * Events API and the REST API, so the agent decides first.)
 */
function actorOfEntry(
  agent: Agent | null | undefined,
  channel: Readonly<Record<string, unknown>> | null | undefined,
  identity: Identity,
): Actor {
  const actor = actorOf(agent, identity);
  if (channel?.type === "timeout") return actor === "integration" ? "automation" : actor;
  return actor === "automation" && agent?.type === "service_reference" ? "integration" : actor;
}

/** The custom details of the event that opened it. */
function detailsOfChannel(
  channel: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, string | number>> {
  const cef = anything.safeParse(channel?.cef_details);
  const body = anything.safeParse(channel?.body);
  for (const place of [channel?.details, cef.data?.details, body.data?.details]) {
    const found = anything.safeParse(place);
    if (!found.success) continue;
    return Object.fromEntries(
      Object.entries(found.data).flatMap(([name, value]): [string, string | number][] => {
        if (typeof value === "boolean") return [[name, value ? 1 : 0]];
        return (typeof value === "string" && value !== "") || typeof value === "number"
          ? [[name, value]]
          : [];
      }),
    );
  }
  return {};
}

function noteOf(channel: Readonly<Record<string, unknown>> | null | undefined): string {
  for (const place of [channel?.content, channel?.summary, channel?.note])
    if (typeof place === "string") return place;
  return "";
}
