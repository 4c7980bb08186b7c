import { type WebhookDescription, webhookBody } from "@mrdata/pagerduty";

export const MONITOR = { id: "PMONITOR", type: "inbound_integration_reference", summary: "Events API V2" };
export const PERSON = { id: "PPERSON", type: "user_reference", summary: "Robin Sleepless" };
export const BOT = { id: "PBOT001", type: "user_reference", summary: "Mr Data" };

export type Told = {
  readonly type: string;
  readonly incident: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly agent?: WebhookDescription["agent"];
  readonly title?: string;
  readonly service?: string;
  readonly note?: string;
  readonly id?: string;
  readonly assignees?: readonly string[];
  readonly mergedInto?: string;
};

/** A V3 webhook body from what a test wants to tell. */
export function webhook({
  type,
  incident,
  at,
  agent = MONITOR,
  title = "Disk 91% full on db-3",
  service = "PSVC001",
  note,
  id,
  assignees = ["PPERSON"],
  mergedInto,
}: Told): object {
  return webhookBody({
    id: id ?? `${incident}-${type}-${at}`,
    eventType: `incident.${type}`,
    occurredAt: at,
    agent,
    incident: {
      id: incident,
      number: 7,
      title,
      status: type === "resolved" ? "resolved" : type === "acknowledged" ? "acknowledged" : "triggered",
      serviceId: service,
      serviceName: "Database",
      urgency: "high",
      priority: null,
      assignees: assignees.map((user) => ({ id: user, summary: user })),
      escalationPolicy: { id: "PPOLICY", summary: "Default" },
      createdAt: at,
      incidentKey: null,
      resolveReason: mergedInto === undefined ? null : { mergedInto },
    },
    ...(note === undefined ? {} : { note }),
  });
}

export const bytesOf = (body: object): Buffer => Buffer.from(JSON.stringify(body));
