import { type IncidentEventType, incidentEventTypes } from "@mrdata/incident";
import { headSchema, incidentHeadSchema, problemOf, referringSchema } from "./webhook-schema.ts";

/** What somebody who only passes a webhook on has to know of it. */
export type WebhookHead =
  | {
      readonly kind: "incident-event";
      readonly id: string;
      readonly type: IncidentEventType;
      readonly incident: string;
    }
  | { readonly kind: "ignored"; readonly id: string; readonly type: string }
  | { readonly kind: "invalid"; readonly problem: string };

/** What PagerDuty sends when a subscription is tried. */
export const PING = "pagey.ping";

const prefix = "incident.";
const known: ReadonlyMap<string, IncidentEventType> = new Map(
  incidentEventTypes.map((type) => [`${prefix}${type}`, type]),
);

/**
 * Reads of a V3 webhook's parsed JSON just which event of which incident it is; never throws. The rest is left to
 * `parseWebhook`, where it is used: what is wrong there must not be refused here, for PagerDuty drops what is refused,
 * and disables the subscription after three.
 */
export function readWebhookHead(body: unknown): WebhookHead {
  const shape = shapeProblem(body);
  if (shape !== null) return { kind: "invalid", problem: shape };
  const head = headSchema.safeParse(body);
  if (!head.success) return { kind: "invalid", problem: problemOf(head.error, "") };
  const { id, event_type, data } = head.data.event;
  const type = known.get(event_type);
  if (type === undefined) return { kind: "ignored", id, type: event_type };
  if (data.type === "incident") {
    const incident = incidentHeadSchema.safeParse(data);
    if (!incident.success) return { kind: "invalid", problem: problemOf(incident.error, "event.data.") };
    return { kind: "incident-event", id, type, incident: incident.data.id };
  }
  const referring = referringSchema.safeParse(data);
  const incident = referring.success ? referring.data.incident : null;
  return incident === null
    ? { kind: "ignored", id, type: event_type }
    : { kind: "incident-event", id, type, incident };
}

/** What is wrong with a body that is no V3 webhook at all; null if it may be one. */
export function shapeProblem(body: unknown): string | null {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return "expected a PagerDuty V3 webhook: a JSON object with an 'event'";
  if ("event" in body) return null;
  return "messages" in body
    ? "this is a V2 webhook (it has 'messages'): expected a V3 webhook, an object with an 'event'; make a V3 webhook subscription in PagerDuty"
    : "expected a PagerDuty V3 webhook: the 'event' is missing";
}
