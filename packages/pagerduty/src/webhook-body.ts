export type WebhookReference = { readonly id: string; readonly summary: string };

export type WebhookDescription = {
  readonly id: string;
  /** `incident.triggered` … */
  readonly eventType: string;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly agent: { readonly id: string; readonly type: string; readonly summary: string } | null;
  readonly incident: {
    readonly id: string;
    readonly number: number;
    readonly title: string;
    readonly status: string;
    readonly serviceId: string;
    readonly serviceName: string;
    readonly urgency: string;
    readonly priority: WebhookReference | null;
    readonly assignees: readonly WebhookReference[];
    readonly escalationPolicy: WebhookReference;
    /** Milliseconds since the epoch. */
    readonly createdAt: number;
    readonly incidentKey: string | null;
    readonly resolveReason?: { readonly mergedInto: string } | null;
  };
  /** Text of a note, for `incident.annotated`. */
  readonly note?: string;
};

const host = "https://example.pagerduty.com";
const reference = (kind: string, path: string, { id, summary }: WebhookReference) => ({
  html_url: `${host}/${path}/${id}`,
  id,
  self: `https://api.pagerduty.com/${path}/${id}`,
  summary,
  type: `${kind}_reference`,
});

/** The JSON body of a V3 webhook, with the same fields as PagerDuty's (developer docs, Webhooks: overview). */
export function webhookBody({
  id,
  eventType,
  occurredAt,
  agent,
  incident,
  note,
}: WebhookDescription): object {
  const event = {
    id,
    event_type: eventType,
    resource_type: eventType === "incident.annotated" ? "incident_note" : "incident",
    occurred_at: new Date(occurredAt).toISOString(),
    agent:
      agent === null
        ? null
        : {
            ...reference("agent", agent.type === "user_reference" ? "users" : "services", agent),
            type: agent.type,
          },
    client: null,
  };
  if (eventType === "incident.annotated") {
    const data = {
      incident: reference("incident", "incidents", { id: incident.id, summary: incident.title }),
      id: `N${id.slice(-6)}`,
      content: note ?? "",
      trimmed: false,
      type: "incident_note",
    };
    return { event: { ...event, data } };
  }
  const data = {
    id: incident.id,
    type: "incident",
    self: `https://api.pagerduty.com/incidents/${incident.id}`,
    html_url: `${host}/incidents/${incident.id}`,
    number: incident.number,
    status: incident.status,
    incident_key: incident.incidentKey,
    created_at: new Date(incident.createdAt).toISOString().replace(/\.\d+/, ""),
    title: incident.title,
    incident_type: { name: "incident_default" },
    service: reference("service", "services", { id: incident.serviceId, summary: incident.serviceName }),
    assignees:
      incident.status === "resolved"
        ? []
        : incident.assignees.map((user) => reference("user", "users", user)),
    escalation_policy: reference("escalation_policy", "escalation_policies", incident.escalationPolicy),
    teams: [],
    priority: incident.priority === null ? null : reference("priority", "priorities", incident.priority),
    urgency: incident.urgency,
    conference_bridge: null,
    resolve_reason:
      incident.resolveReason == null
        ? null
        : {
            type: "merge_resolve_reason",
            incident: reference("incident", "incidents", {
              id: incident.resolveReason.mergedInto,
              summary: incident.resolveReason.mergedInto,
            }),
          },
  };
  return { event: { ...event, data } };
}
