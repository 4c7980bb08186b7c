import { type IncidentEventType, incidentEventTypes } from "@mrdata/incident";
import { MAX_ID_LENGTH, referringSchema } from "./webhook-schema.ts";

/** What a function that only forwards a webhook has to know of it. */
export type WebhookHead =
  | {
      readonly kind: "incident-event";
      readonly id: string;
      readonly type: IncidentEventType;
      readonly incident: string;
    }
  | { readonly kind: "ignored"; readonly id: string; readonly type: string }
  | { readonly kind: "invalid"; readonly problem: string };

/** The event that PagerDuty sends when a subscription is tested. */
export const PING = "pagey.ping";

/** Our own probe's event type (`probeBody`): it belongs to no incident, and PagerDuty has no such type. */
export const PROBE = "mrdata.probe";

const prefix = "incident.";
const known: ReadonlyMap<string, IncidentEventType> = new Map(
  incidentEventTypes.map((type) => [`${prefix}${type}`, type]),
);

/**
 * Reads only which event of which incident a V3 webhook's parsed JSON is; never throws. The rest is left to
 * `parseWebhook`, where it is used: an error there must not cause a refusal here, because PagerDuty drops what is
 * refused, and disables the subscription after three. Hand-written, because every webhook waits for this (decision
 * 0004).
 *
 * @example
 * ```ts
 * const event = { id: "E1", event_type: "pagey.ping", data: { message: "Hello" } };
 * readWebhookHead({ event }); // => { kind: "ignored", id: "E1", type: "pagey.ping" }
 * readWebhookHead([]).kind; // => "invalid"
 * ```
 */
export function readWebhookHead(body: unknown): WebhookHead {
  const shape = shapeProblem(body);
  if (shape !== null) return { kind: "invalid", problem: shape };
  const event = propertyOf(body, "event");
  if (!isObject(event)) return expected("event", "an object");
  const id = idOf(event);
  if (id === null) return expected("event.id", "an id");
  const name = propertyOf(event, "event_type");
  if (typeof name !== "string" || name === "") return expected("event.event_type", "a name");
  // Before any other check: PagerDuty adds event types, whose shape is not ours to judge.
  const type = known.get(name);
  if (type === undefined) return { kind: "ignored", id, type: name };
  if (typeof propertyOf(event, "occurred_at") !== "string") return expected("event.occurred_at", "a time");
  const data = propertyOf(event, "data");
  if (!isObject(data)) return expected("event.data", "an object");
  if (propertyOf(data, "type") === "incident") {
    const incident = idOf(data);
    return incident === null
      ? expected("event.data.id", "an incident's id")
      : { kind: "incident-event", id, type, incident };
  }
  const referring = referringSchema.safeParse(data);
  const incident = referring.success ? referring.data.incident : null;
  return incident === null
    ? { kind: "ignored", id, type: name }
    : { kind: "incident-event", id, type, incident };
}

/** Never quotes the actual value, which may be anybody's text. */
const expected = (path: string, what: string): WebhookHead => ({
  kind: "invalid",
  problem: `expected a PagerDuty V3 webhook: ${path}: expected ${what}`,
});

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const propertyOf = (value: unknown, name: string): unknown =>
  isObject(value) ? Reflect.get(value, name) : undefined;

/** Ids are opaque strings; some senders write numbers. */
function idOf(value: object): string | null {
  const id: unknown = Reflect.get(value, "id");
  if (typeof id === "string") return id === "" || id.length > MAX_ID_LENGTH ? null : id;
  return typeof id === "number" ? String(id) : null;
}

/** Why a body is no V3 webhook at all; null if it may be one. */
export function shapeProblem(body: unknown): string | null {
  if (!isObject(body)) return "expected a PagerDuty V3 webhook: a JSON object with an 'event'";
  if ("event" in body) return null;
  return "messages" in body
    ? "this is a V2 webhook (it has 'messages'): expected a V3 webhook, an object with an 'event'; make a V3 webhook subscription in PagerDuty"
    : "expected a PagerDuty V3 webhook: the 'event' is missing";
}
