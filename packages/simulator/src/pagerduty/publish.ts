import { webhookBody } from "@mrdata/pagerduty";
import type { Deliveries } from "./deliveries.ts";
import { assigneesOf, type By, type Incident, type Urgency } from "./incident.ts";
import type { EventType, World } from "./world.ts";

/** One thing that happened to an incident, as the subscribers are notified. */
export type PublishedEvent = {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: EventType;
  readonly incident: string;
  readonly service: string;
  /** Id of the user or integration; null for PagerDuty's own timers. */
  readonly agent: string | null;
  /** How it left the incident: whose it is, and where on which policy. */
  readonly assignees: readonly string[];
  readonly policy: string;
  readonly level: number;
  readonly urgency: Urgency;
};

/** Writes the V3 webhook of what just happened and hands it to the deliveries. */
export function publishEvent(
  world: Pick<World, "clock" | "ids" | "directory">,
  deliveries: Deliveries,
  incident: Incident,
  type: EventType,
  by: By,
  note?: string,
): PublishedEvent {
  const { clock, ids, directory } = world;
  const at = clock.now();
  const priority = incident.priority === null ? undefined : directory.priorities.get(incident.priority);
  const id = ids.event(at);
  const eventType = `incident.${type}`;
  deliveries.publish({
    type: eventType,
    resource: incident.id,
    service: incident.service,
    teams: directory.service(incident.service).teams ?? [],
    body: webhookBody({
      id,
      eventType,
      occurredAt: at,
      agent: by.agent,
      incident: {
        id: incident.id,
        number: incident.number,
        title: incident.title,
        status: incident.status,
        serviceId: incident.service,
        serviceName: directory.service(incident.service).name,
        urgency: incident.urgency,
        priority: priority === undefined ? null : { id: priority.id, summary: priority.name },
        assignees: assigneesOf(incident).map((user) => ({ id: user, summary: directory.user(user).name })),
        escalationPolicy: { id: incident.policy.id, summary: incident.policy.name },
        createdAt: incident.createdAt,
        incidentKey: incident.key,
        resolveReason: incident.mergedInto === null ? null : { mergedInto: incident.mergedInto },
      },
      ...(note === undefined ? {} : { note }),
    }),
  });
  return {
    id,
    at,
    type,
    incident: incident.id,
    service: incident.service,
    agent: by.agent?.id ?? null,
    assignees: assigneesOf(incident),
    policy: incident.policy.id,
    level: incident.level,
    urgency: incident.urgency,
  };
}
