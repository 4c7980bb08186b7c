import { signBody } from "@mrdata/pagerduty";
import type { DiscreteClock } from "../discrete-clock.ts";
import type { Subscription } from "./subscriptions.ts";

/**
 * Brings a webhook to its receiver and its answer back; rejects when there was no connection. The signal says when
 * nobody waits for the answer any more.
 */
export type DeliverRequest = (request: Request, signal: AbortSignal) => Promise<Response>;

/** The HTTP status, or why there was none. */
export type DeliveryAnswer = number | "timeout" | "no connection";

/** A receiver has 5 s (PagerDuty developer docs, Webhooks: behavior). */
const TIMEOUT = 5_000;

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
  const request = new Request(subscription.url, {
    method: "POST",
    headers: {
      ...subscription.customHeaders,
      "content-type": "application/json",
      "user-agent": "PagerDuty-Webhook/V3.0",
      "x-pagerduty-signature": signBody(webhook.body, subscription.secret),
      "x-webhook-id": webhook.id,
      "x-webhook-subscription": subscription.id,
    },
    body: webhook.body,
    redirect: "manual",
  });
  const answer = (async () => deliver(request, giveUp.signal))().then(
    async (response): Promise<DeliveryAnswer> => {
      await response.body?.cancel();
      return response.status;
    },
    (): DeliveryAnswer => "no connection",
  );
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    answered.abort(new Error("answered"));
  }
}
