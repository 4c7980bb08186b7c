import { z } from "zod";
import { Refusal } from "./errors.ts";
import { RestAnswer } from "./rest-answer.ts";
import { parseTime } from "./rest-query.ts";
import { isoTime, resource, serviceReference } from "./shapes.ts";
import type { World } from "./world.ts";

/** Something that was changed, as a deployment reports it (Events API v2, change events). */
export type ChangeEvent = {
  readonly id: string;
  readonly service: string;
  readonly summary: string;
  readonly source: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly href: string; readonly text?: string | undefined }[];
};

const sent = z.strictObject({
  routing_key: z.string(),
  payload: z.strictObject({
    summary: z.string().min(1).max(1024),
    source: z.string().optional(),
    timestamp: z.string().optional(),
    custom_details: z.record(z.string(), z.unknown()).optional(),
  }),
  links: z.array(z.strictObject({ href: z.string(), text: z.string().optional() })).optional(),
});

/** POST /v2/change/enqueue. Opens no incident; listed at /change_events. 202 where it is understood. */
export function enqueueChange(world: World, body: unknown): RestAnswer {
  const refuse = (error: string): RestAnswer =>
    new RestAnswer(400, { status: "invalid event", message: "Event object is invalid", errors: [error] });
  const read = sent.safeParse(body);
  if (!read.success) {
    const issue = read.error.issues[0];
    return refuse(`${issue?.path.join(".") || "body"}: ${issue?.message ?? "invalid"}`);
  }
  const { routing_key, payload, links = [] } = read.data;
  const service = world.directory.serviceByKey(routing_key)?.id;
  if (service === undefined) return refuse("routing_key: no service has this key");
  try {
    world.changeEvents.push({
      id: world.ids.object("C"),
      service,
      summary: payload.summary,
      source: payload.source ?? null,
      at:
        payload.timestamp === undefined
          ? world.clock.now()
          : parseTime(payload.timestamp, "payload.timestamp"),
      details: payload.custom_details ?? {},
      links,
    });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.errors[0] ?? error.message);
    throw error;
  }
  return new RestAnswer(202, { status: "success", message: "Change event processed" });
}

export const changeEventShape = (
  world: World,
  { id, service, summary, source, at, details, links }: ChangeEvent,
) => ({
  ...resource("change_event", "change_events", id, summary),
  timestamp: isoTime(at),
  source,
  custom_details: details,
  links,
  services: [serviceReference(world.directory, service)],
});
