import { messageOf } from "@mrdata/base";
import { PING, PROBE, readWebhookHead, verifySignature, type WebhookHead } from "@mrdata/pagerduty";
import { type Bus, type Log, type SecretName, type Secrets, secretLines } from "@mrdata/platform";
import {
  answer,
  BodyTooLargeError,
  type Handler,
  type HandlerRequest,
  type HandlerResponse,
  isTooLarge,
  MAX_BODY,
  readBody,
} from "@mrdata/runtime";
import { TOPIC } from "../names.ts";
import { orderingKeyOf } from "./ordering-key.ts";
import { PROBE_HEADER } from "./probe-header.ts";

export { receiveManifest } from "./manifest.ts";

const ROOT = "http://function/";
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** What is published: which event of which incident. Pings and probes belong to none. */
type ToPublish = Pick<WebhookHead & { readonly kind: "ignored" }, "id" | "type"> & {
  readonly kind: WebhookHead["kind"];
  readonly incident: string;
  readonly orderingKey: string;
};

export type ReceivePorts = {
  readonly bus: Bus;
  readonly secrets: Secrets;
  readonly log: Log;
};

/**
 * The webhook endpoint: verifies the signature on the raw bytes, parses afterwards, publishes, answers. Nothing else.
 *
 * Anything but 2xx has a cost at PagerDuty: 4xx drops the webhook, and three in a row disable the subscription for a
 * day; on 5xx or no answer within 5 s it retries for up to 48 hours while the incident's later webhooks wait behind
 * (PagerDuty developer docs, Webhooks: behaviour). So a signed webhook of no interest gets 200, and a failure of our
 * own 503.
 */
export function createReceive({ bus, secrets, log }: ReceivePorts): Handler {
  const refuse = (status: number, reason: string, error: string): HandlerResponse => {
    log({ severity: "WARNING", event: "webhook.refused", status, reason });
    return answer(status, { error });
  };

  const secretsNow = signingSecrets(secrets, "webhook-secret");
  const probeSecretsNow = signingSecrets(secrets, "probe-secret");

  /** The answer, if nothing is to be published; else the event to publish. */
  function check(
    request: HandlerRequest,
    body: Uint8Array,
    held: SigningSecrets,
  ): HandlerResponse | ToPublish | Promise<HandlerResponse | ToPublish> {
    if (request.headers.get(PROBE_HEADER) !== null) return checkProbe(request, body);
    if (held === null)
      return refuse(503, "secret-unreadable", "the webhook secret cannot be read just now: send again");
    if (held.length === 0)
      return refuse(503, "no-secret", "no webhook secret is configured yet: send again later");
    const signature = request.headers.get("x-pagerduty-signature");
    if (signature === null) return refuse(401, "no-signature", "no X-PagerDuty-Signature header");
    if (request.headers.get("content-type") === null)
      return refuse(401, "no-content-type", "no Content-Type: PagerDuty says application/json");
    if (body.byteLength === 0) return refuse(401, "empty", "the body is empty, so no signature fits it");
    if (!verifySignature(body, signature, held))
      return refuse(403, "signature", "the signature does not fit the body");
    const payload = payloadOf(request, body);
    if (payload === undefined)
      return refuse(400, "json", 'the body is not JSON: expected a PagerDuty V3 webhook, {"event": {…}}');
    const head = readWebhookHead(payload);
    if (head.kind === "invalid") return refuse(400, "payload", head.problem);
    if (head.kind === "incident-event") return { ...head, orderingKey: orderingKeyOf(head, payload) };
    if (head.type === PROBE)
      return refuse(403, "probe", "a probe is signed with the probe's own secret, and with no other");
    log({ severity: "INFO", event: "webhook.ignored", type: head.type });
    // A ping has no effect either, but it travels all the way into the ledger: its arrival shows that every part works.
    return head.type === PING
      ? { ...head, incident: "", orderingKey: "" }
      : answer(200, { ignored: head.type });
  }

  /**
   * Verifies a request that claims to be a probe. The probe's secret is valid for nothing else, so its holder cannot
   * report an incident. If it is missing or cannot be read, there are no probes. A refused probe does not suggest that
   * PagerDuty's secret is wrong, which would raise an alarm.
   */
  async function checkProbe(request: HandlerRequest, body: Uint8Array): Promise<HandlerResponse | ToPublish> {
    const signature = request.headers.get("x-pagerduty-signature");
    if (!verifySignature(body, signature, (await probeSecretsNow()) ?? []))
      return refuse(403, "probe", "the signature does not fit the probe");
    const head = readWebhookHead(payloadOf(request, body));
    if (head.kind !== "ignored" || head.type !== PROBE)
      return refuse(403, "probe", "the probe's secret is good for probes alone");
    return { ...head, incident: "", orderingKey: "" };
  }

  // Not an async function: under the framework's hooks each promise saved is a few microseconds.
  function publish(
    { id, incident, type, orderingKey, kind }: ToPublish,
    webhook: string | null,
    data: Uint8Array,
  ): Promise<HandlerResponse> {
    const unpublished = (error: unknown): HandlerResponse => {
      const reason = messageOf(error);
      log({ severity: "ERROR", event: "webhook.unpublished", incident, reason });
      return answer(503, { error: "the event could not be stored just now: send again" });
    };
    const attributes = { event: id, incident, type, webhook: webhook ?? "" };
    try {
      return bus.publish(TOPIC, { data, attributes, orderingKey }).then(() => {
        if (type === PROBE || (kind === "incident-event" && type === "triggered"))
          log({ severity: "INFO", event: "opening.accepted", incident, probe: String(type === PROBE) });
        return answer(200, { accepted: id });
      }, unpublished);
    } catch (error) {
      return Promise.resolve(unpublished(error));
    }
  }

  const take = (
    request: HandlerRequest,
    body: Uint8Array,
    held: SigningSecrets,
  ): Promise<HandlerResponse> => {
    const go = (checked: HandlerResponse | ToPublish): Promise<HandlerResponse> =>
      "kind" in checked
        ? publish(checked, request.headers.get("x-webhook-id"), body)
        : Promise.resolve(checked);
    const checked = check(request, body, held);
    return checked instanceof Promise ? checked.then(go) : go(checked);
  };

  const tooLarge = (): HandlerResponse =>
    refuse(413, "size", `too large: a webhook has at most ${MAX_BODY} bytes`);

  // Not an async function: with body and secrets available, the only wait is for the bus.
  return function receive(request) {
    if (request.url !== ROOT && new URL(request.url).pathname !== "/")
      return Promise.resolve(refuse(404, "path", "not found: webhooks are taken at the path /"));
    if (request.method !== "POST")
      return Promise.resolve(refuse(405, "method", "method not allowed: webhooks are POSTed"));
    if (isTooLarge(request, MAX_BODY)) return Promise.resolve(tooLarge());
    const held = secretsNow();
    if (request.rawBody !== undefined && !(held instanceof Promise))
      return take(request, request.rawBody, held);
    return Promise.all([readBody(request, MAX_BODY), held]).then(
      ([body, known]) => take(request, body, known),
      (error) => {
        if (error instanceof BodyTooLargeError) return tooLarge();
        throw error;
      },
    );
  };
}

/** The parsed body; undefined where it is not JSON. */
function payloadOf(request: HandlerRequest, body: Uint8Array): unknown {
  try {
    return request.parsedBody ?? JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

type SigningSecrets = readonly string[] | null;

/**
 * Returns the signing secrets, one per line; null if they cannot be read. The split lines are cached while the text is
 * unchanged.
 */
function signingSecrets(
  secrets: Secrets,
  name: Extract<SecretName, "webhook-secret" | "probe-secret">,
): () => SigningSecrets | Promise<SigningSecrets> {
  let last: { readonly text: string | null; readonly lines: readonly string[] } = { text: null, lines: [] };
  const linesOf = (text: string | null): readonly string[] => {
    if (text !== last.text) last = { text, lines: secretLines(text) };
    return last.lines;
  };
  return () => {
    try {
      const text = secrets.get(name);
      return text instanceof Promise ? text.then(linesOf, () => null) : linesOf(text);
    } catch {
      return null;
    }
  };
}
