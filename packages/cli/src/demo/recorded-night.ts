import { webhookBody } from "@mrdata/pagerduty";

type Recorded = { readonly incident: string; readonly body: object };

const MINUTE = 60_000;

/** Webhooks of nine incidents of an invented team: a disk alarm that heals itself eight times, and an outage. */
export function recordedNight(now: number): readonly Recorded[] {
  const start = now - 10 * 60 * MINUTE;
  const incidents = Array.from({ length: 9 }, (_, i) => ({
    id: `PNIGHT${i + 1}`,
    title: i === 8 ? "Checkout answers 503" : `Disk ${81 + i}% full on db-${i + 1}`,
    opened: start + i * 60 * MINUTE,
    lasts: i === 8 ? 42 * MINUTE : (2 + (i % 3)) * MINUTE,
    closer: i === 8 ? person : monitor,
  }));
  return incidents.flatMap(({ id, title, opened, lasts, closer }, i) => {
    const webhook = (eventType: string, occurredAt: number, agent: Agent, status: string): Recorded => ({
      incident: id,
      body: webhookBody({
        id: `${id}-${eventType}`,
        eventType,
        occurredAt,
        agent,
        incident: {
          id,
          number: i + 1,
          title,
          status,
          serviceId: i === 8 ? "PCHECKOUT" : "PDATABASE",
          serviceName: i === 8 ? "Checkout" : "Database",
          urgency: "high",
          priority: null,
          assignees: [{ id: "PONCALL", summary: "Robin Sleepless" }],
          escalationPolicy: { id: "PPOLICY", summary: "Default" },
          createdAt: opened,
          incidentKey: null,
        },
      }),
    });
    return [
      webhook("incident.triggered", opened, monitor, "triggered"),
      webhook("incident.resolved", opened + lasts, closer, "resolved"),
    ];
  });
}

type Agent = { readonly id: string; readonly type: string; readonly summary: string };
const monitor: Agent = { id: "PMONITOR", type: "inbound_integration_reference", summary: "Events API V2" };
const person: Agent = { id: "PONCALL", type: "user_reference", summary: "Robin Sleepless" };
