import type { PushedMessage } from "@mrdata/platform";
import { LEARN_SUBSCRIPTION, LEDGER_SUBSCRIPTION, MODEL_SUBSCRIPTION } from "../names.ts";

/** The failure's owner where the message names no event. */
type Failed = Pick<PushedMessage, "attributes" | "messageId">;

/**
 * The key under which a message's last error is stored: the function that failed, and the event that the publisher
 * named in the message's attributes. Pub/Sub forwards a dead letter under a new message id, and keeps the attributes
 * (https://cloud.google.com/pubsub/docs/dead-letter-topics#forward_undeliverable_messages).
 *
 * @example
 * ```ts
 * failureOf("record", { attributes: { event: "01ABC" }, messageId: "17" }); // => "record 01ABC"
 * ```
 */
export const failureOf = (name: string, { attributes, messageId }: Failed): string =>
  `${name} ${attributes.event || messageId}`;

/** The function that a subscription pushes to, whatever ends the subscription's name; null for one that is not ours. */
export function functionOf(subscription: string | undefined, suffix = ""): string | null {
  if (subscription === `${MODEL_SUBSCRIPTION}${suffix}`) return "respond";
  if (subscription === `${LEARN_SUBSCRIPTION}${suffix}`) return "learn";
  return subscription === `${LEDGER_SUBSCRIPTION}${suffix}` ? "record" : null;
}
