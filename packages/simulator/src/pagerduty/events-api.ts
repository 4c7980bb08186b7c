import { z } from "zod";
import { acknowledge, clear } from "./incidents.ts";
import { RestAnswer } from "./rest-answer.ts";
import { trigger } from "./trigger.ts";
import { alertSlot, byIntegration, type World } from "./world.ts";

/** What is not played is refused: PagerDuty has more fields (`images`, `links`, `payload.group` …). */
const sent = z.strictObject({
  routing_key: z.string(),
  event_action: z.enum(["trigger", "acknowledge", "resolve"]),
  dedup_key: z.string().min(1).max(255).optional(),
  payload: z
    .strictObject({
      summary: z.string().min(1).max(1024),
      timestamp: z.string().optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      source: z.string(),
      severity: z.enum(["info", "warning", "error", "critical"]),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  client: z.string().optional(),
  client_url: z.string().optional(),
  links: z.array(z.object({ href: z.string(), text: z.string().optional() })).optional(),
  images: z
    .array(z.object({ src: z.string(), href: z.string().optional(), alt: z.string().optional() }))
    .optional(),
});

/** POST /v2/enqueue: what monitors send (Events API v2). The routing key names the service; 202 where it is understood. */
export function enqueueEvent(world: World, body: unknown): RestAnswer {
  const refuse = (error: string): RestAnswer =>
    new RestAnswer(400, { status: "invalid event", message: "Event object is invalid", errors: [error] });
  const read = sent.safeParse(body);
  if (!read.success) {
    const issue = read.error.issues[0];
    return refuse(`${issue?.path.join(".") || "body"}: ${issue?.message ?? "invalid"}`);
  }
  const {
    routing_key,
    event_action,
    dedup_key,
    payload,
    client,
    client_url,
    links = [],
    images = [],
  } = read.data;
  const service = world.directory.serviceByKey(routing_key)?.id;
  if (service === undefined) return refuse("routing_key: no service has this key");
  if (event_action === "trigger") {
    if (payload === undefined) return refuse("payload: a trigger needs one");
    const key = dedup_key ?? world.ids.secret().slice(0, 32);
    const { summary, severity, custom_details = {} } = payload;
    trigger(world, {
      serviceId: service,
      dedupKey: key,
      title: summary,
      severity,
      details: custom_details,
      // PagerDuty's names for them (PD-CEF).
      cef: {
        client,
        client_url,
        creation_time: payload.timestamp,
        event_class: payload.class,
        service_group: payload.group,
        source_component: payload.component,
        source_origin: payload.source,
      },
      contexts: [
        ...links.map((link) => ({ type: "link", ...link })),
        ...images.map((image) => ({ type: "image", ...image })),
      ],
    });
    return processed(key);
  }
  if (dedup_key === undefined) return refuse(`dedup_key: ${event_action} needs one`);
  if (event_action === "resolve") clear(world, service, dedup_key);
  else {
    const open = world.openAlerts.get(alertSlot(service, dedup_key));
    if (open?.incident.status === "triggered")
      acknowledge(world, open.incident.id, null, byIntegration(world, service));
  }
  return processed(dedup_key);
}

const processed = (dedup_key: string): RestAnswer =>
  new RestAnswer(202, { status: "success", message: "Event processed", dedup_key });
