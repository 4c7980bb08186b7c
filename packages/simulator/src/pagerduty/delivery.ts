import { signBody } from "@mrdata/pagerduty";
import type { DiscreteClock } from "../discrete-clock.ts";
import type { Subscription } from "./subscriptions.ts";

/**
 * A webhook on its way: always a POST. Not a web-standard Request, which with its streams costs more to make than all
 * else about a delivery.
 */
export type WebhookRequest = {
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
};

/**
 * Brings a webhook to its receiver and its answer back; rejects when there was no connection. The signal says when
 * nobody waits for the answer any more.
 */
export type DeliverRequest = (
  request: WebhookRequest,
  signal: AbortSignal,
) => Promise<{ readonly status: number }>;

/** Delivers over the network. */
export const deliverBy =
  (send: typeof fetch): DeliverRequest =>
  async ({ url, headers, body }, signal) => {
    const response = await send(url, { method: "POST", headers, body, redirect: "manual", signal });
    await response.body?.cancel();
    return response;
  };

/** The HTTP status, or why there was none. */
export type DeliveryAnswer = number | "timeout" | "no connection";

/** A receiver has 5 s (PagerDuty developer docs, Webhooks: behavior). */
const TIMEOUT = 5_000;
/** Why nobody waits any more; made once, for an Error takes down where it was made. */
const answeredInTime = new Error("answered");

/** One try: signs, sends, waits for the answer. Never rejects. */
export async function sendWebhook({
  clock,
  deliver,
  subscription,
  webhook,
}: {
  readonly clock: DiscreteClock;
  readonly deliver: DeliverRequest;
  readonly subscription: Subscription;
  readonly webhook: { readonly id: string; readonly body: Uint8Array<ArrayBuffer> };
}): Promise<DeliveryAnswer> {
  const giveUp = new AbortController();
  const answered = new AbortController();
  const timeout = clock.sleep(TIMEOUT, answered.signal).then(
    (): DeliveryAnswer => {
      giveUp.abort(new Error(`no answer within ${TIMEOUT} ms`));
      return "timeout";
    },
    (): DeliveryAnswer => "timeout",
  );
  const request: WebhookRequest = {
    url: subscription.url,
    headers: {
      ...lowerCase(subscription.customHeaders),
      "content-type": "application/json",
      "user-agent": "PagerDuty-Webhook/V3.0",
      "x-pagerduty-signature": signBody(webhook.body, subscription.secret),
      "x-webhook-id": webhook.id,
      "x-webhook-subscription": subscription.id,
    },
    body: webhook.body,
  };
  const answer = (async () => deliver(request, giveUp.signal))().then(
    ({ status }): DeliveryAnswer => status,
    (): DeliveryAnswer => "no connection",
  );
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    answered.abort(answeredInTime);
  }
}

const lowerCase = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
