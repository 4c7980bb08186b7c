import { parseWebhook, verifySignature } from "@mrdata/pagerduty";
import type { Bus, Log, Secrets } from "@mrdata/platform";
import { answer, type Handler, type HandlerResponse } from "./answer.ts";
import type { Manifest } from "./manifest.ts";
import { TOPIC } from "./names.ts";
import { BodyTooLargeError, MAX_BODY, readBody } from "./read-body.ts";

export const receiveManifest: Manifest = {
  name: "receive",
  trigger: { kind: "webhook" },
  needs: [{ publish: TOPIC }, { secret: "webhook-secret" }],
  size: { memory: "256Mi", cpu: 1, concurrency: 80, maxInstances: 10, timeoutSeconds: 10 },
};

export type ReceivePorts = {
  readonly bus: Bus;
  readonly secrets: Secrets;
  readonly log: Log;
};

/**
 * The webhook's end: checks the signature on the raw bytes, parses after, publishes, answers. Nothing else.
 *
 * Anything but 2xx has a price at PagerDuty: 4xx drops the webhook, and three in a row disable the subscription for a
 * day; 5xx and no answer within 5 s make it try again for up to 48 hours, the incident's later webhooks waiting
 * behind (PagerDuty developer docs, Webhooks: behaviour). So what is signed but of no interest is 200, and what is
 * our own trouble is 503.
 */
export function createReceive({ bus, secrets, log }: ReceivePorts): Handler {
  const refuse = (status: number, reason: string, error: string): HandlerResponse => {
    log({ severity: "WARNING", event: "webhook.refused", status, reason });
    return answer(status, { error });
  };
  return async function receive(request) {
    if (new URL(request.url).pathname !== "/")
      return refuse(404, "path", "not found: webhooks are taken at the path /");
    if (request.method !== "POST") return refuse(405, "method", "method not allowed: webhooks are POSTed");
    let body: Uint8Array;
    try {
      body = await readBody(request, MAX_BODY);
    } catch (error) {
      if (!(error instanceof BodyTooLargeError)) throw error;
      return refuse(413, "size", `too large: a webhook has at most ${MAX_BODY} bytes`);
    }
    const held = await secretsOf(secrets);
    if (held === null)
      return refuse(503, "secret-unreadable", "the webhook secret cannot be read just now: send again");
    if (held.length === 0)
      return refuse(503, "no-secret", "no webhook secret is configured yet: send again later");
    const signature = request.headers.get("x-pagerduty-signature");
    if (signature === null) return refuse(401, "no-signature", "no X-PagerDuty-Signature header");
    if (body.byteLength === 0) return refuse(401, "empty", "the body is empty, so no signature fits it");
    if (!verifySignature(body, signature, held))
      return refuse(403, "signature", "the signature does not fit the body");

    let payload: unknown;
    try {
      payload = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    } catch {
      return refuse(400, "json", 'the body is not JSON: expected a PagerDuty V3 webhook, {"event": {…}}');
    }
    const parsed = parseWebhook(payload, { botUser: null });
    if (parsed.kind === "invalid") return refuse(400, "payload", parsed.problem);
    if (parsed.kind === "ignored") {
      log({ severity: "INFO", event: "webhook.ignored", type: parsed.type });
      return answer(200, { ignored: parsed.type });
    }
    const { event } = parsed;
    try {
      await bus.publish(TOPIC, {
        data: body,
        attributes: {
          event: event.id,
          incident: event.incident,
          type: event.type,
          webhook: request.headers.get("x-webhook-id") ?? "",
        },
        orderingKey: event.incident,
      });
      return answer(200, { accepted: event.id });
    } catch (error) {
      log({
        severity: "ERROR",
        event: "webhook.unpublished",
        incident: event.incident,
        reason: error instanceof Error ? error.message : "unknown",
      });
      return answer(503, { error: "the event could not be stored just now: send again" });
    }
  };
}

/** The signing secrets, one a line; null if they cannot be read. */
async function secretsOf(secrets: Secrets): Promise<readonly string[] | null> {
  try {
    const text = await secrets.get("webhook-secret");
    return (text ?? "")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } catch {
    return null;
  }
}
