import { followingLevel } from "./escalation.ts";
import type { Agent, Alert, By, Incident, LogEntry, Note } from "./incident.ts";
import { isoTime, policyReference, resource, serviceReference, userReference } from "./shapes.ts";
import type { World } from "./world.ts";

/**
 * Incidents and what belongs to them, as the REST API v2 writes them (API reference). What the monitor or PagerDuty's
 * timers did bears the service as its agent there, where a webhook names the integration.
 */
const agentShape = (world: World, agent: Agent | null, service: string) =>
  agent?.type === "user_reference"
    ? userReference(world.directory, agent.id)
    : serviceReference(world.directory, service);

const incidentReference = (id: string, title: string) =>
  resource("incident_reference", "incidents", id, title);

export function incidentShape(world: World, incident: Incident) {
  const { directory } = world;
  const priority = incident.priority === null ? undefined : directory.priorities.get(incident.priority);
  const closed = incident.alerts.filter(({ resolvedAt }) => resolvedAt !== null).length;
  const first = incident.log.find(({ type }) => type === "trigger");
  return {
    ...resource("incident", "incidents", incident.id, `[#${incident.number}] ${incident.title}`),
    incident_number: incident.number,
    title: incident.title,
    created_at: isoTime(incident.createdAt),
    updated_at: isoTime(incident.updatedAt),
    status: incident.status,
    incident_key: incident.key,
    service: serviceReference(directory, incident.service),
    assignments: incident.assignments.map(({ user, at }) => ({
      at: isoTime(at),
      assignee: userReference(directory, user),
    })),
    assigned_via: incident.assignedVia,
    last_status_change_at: isoTime(incident.lastStatusChange.at),
    last_status_change_by: agentShape(world, incident.lastStatusChange.by.agent, incident.service),
    resolved_at: incident.resolvedAt === null ? null : isoTime(incident.resolvedAt),
    first_trigger_log_entry:
      first === undefined
        ? null
        : resource("trigger_log_entry_reference", "log_entries", first.id, "Triggered through the API."),
    alert_counts: {
      all: incident.alerts.length,
      triggered: incident.alerts.length - closed,
      resolved: closed,
    },
    is_mergeable: incident.status !== "resolved",
    incident_type: { name: "incident_default" },
    escalation_policy: policyReference(incident.policy),
    teams: [],
    pending_actions: pendingActions(world, incident),
    acknowledgements: incident.acknowledgements.map(({ user, at }) => ({
      at: isoTime(at),
      acknowledger: userReference(directory, user),
    })),
    alert_grouping: null,
    priority:
      priority === undefined
        ? null
        : { ...resource("priority", "priorities", priority.id, priority.name), name: priority.name },
    resolve_reason:
      incident.mergedInto === null
        ? null
        : {
            type: "merge_resolve_reason",
            incident: incidentReference(incident.mergedInto, incident.mergedInto),
          },
    conference_bridge: null,
    incidents_responders: [],
    responder_requests: [],
    urgency: incident.urgency,
  };
}

/** What PagerDuty will do by itself; at the end of a policy there is no level to escalate to. */
const pendingActions = (world: World, incident: Incident) =>
  [...incident.timers]
    .filter(([type]) => type !== "escalate" || followingLevel(world, incident) !== null)
    .map(([type, { at }]) => ({ type, at: isoTime(at) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));

export const noteShape = (world: World, note: Note) => ({
  id: note.id,
  user: userReference(world.directory, note.user),
  channel: { summary: "The PagerDuty website or APIs" },
  content: note.content,
  created_at: isoTime(note.createdAt),
});

export const alertShape = (world: World, incident: Incident, alert: Alert) => ({
  ...resource("alert", `incidents/${incident.id}/alerts`, alert.id, alert.title),
  created_at: isoTime(alert.createdAt),
  resolved_at: alert.resolvedAt === null ? null : isoTime(alert.resolvedAt),
  status: alert.resolvedAt === null ? "triggered" : "resolved",
  alert_key: alert.key,
  service: serviceReference(world.directory, alert.service),
  body: {
    type: "alert_body",
    contexts: alert.contexts,
    details: alert.details,
    cef_details: {
      ...alert.cef,
      dedup_key: alert.key,
      description: alert.title,
      details: alert.details,
      severity: alert.severity,
    },
  },
  incident: incidentReference(incident.id, incident.title),
  suppressed: false,
  severity: alert.severity,
  integration: resource(
    "events_api_v2_inbound_integration_reference",
    `services/${alert.service}/integrations`,
    `I${alert.service}`,
    "Events API V2",
  ),
});

/** With `include[]=channels` an opening shows what the monitor sent. */
export const logEntryShape = (
  world: World,
  incident: Incident,
  { id, type, at, by, text, user }: LogEntry,
  withChannels = false,
) => ({
  ...resource(`${type}_log_entry`, "log_entries", id, text ?? summaryOf(type, by)),
  created_at: isoTime(at),
  agent: agentShape(world, by.agent, incident.service),
  channel: {
    type: by.channel,
    ...(text === null ? {} : { summary: text }),
    ...(withChannels && type === "trigger" ? { details: incident.alerts[0]?.details ?? {} } : {}),
  },
  service: serviceReference(world.directory, incident.service),
  incident: incidentReference(incident.id, incident.title),
  teams: [],
  contexts: [],
  ...(user === null ? {} : { user: userReference(world.directory, user) }),
});

const summaryOf = (type: string, { agent, channel }: By): string =>
  `${type.replaceAll("_", " ")} by ${agent?.summary ?? channel}`;
