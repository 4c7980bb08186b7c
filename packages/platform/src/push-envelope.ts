import { z } from "zod";
import type { BusMessage } from "./bus.ts";

/** A message that Pub/Sub POSTs to a push endpoint (https://cloud.google.com/pubsub/docs/push#receive_push). */
export type PushedMessage = BusMessage & {
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly publishTime: number;
  readonly subscription: string;
  /** The delivery attempt, from 1; null if the bus does not say (the emulator never does). */
  readonly deliveryAttempt: number | null;
};

const envelope = z.object({
  message: z.object({
    data: z.base64().default(""),
    attributes: z.record(z.string(), z.string()).nullish(),
    messageId: z.string(),
    publishTime: z.iso.datetime({ offset: true }),
    orderingKey: z.string().nullish(),
  }),
  subscription: z.string(),
  deliveryAttempt: z.number().int().nullish(),
});

/**
 * Reads a push envelope. Throws an Error of one line naming what is wrong with it.
 *
 * @example
 * ```ts
 * const message = { data: "e30=", messageId: "17", publishTime: "2026-03-02T06:30:00Z" };
 * readPushEnvelope({ message, subscription: "pd-notify-model" }).messageId; // => "17"
 * readPushEnvelope({ message: {} }); // throws /not a Pub\/Sub push envelope/
 * ```
 */
export function readPushEnvelope(body: unknown): PushedMessage {
  const read = envelope.safeParse(body);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new Error(
      `not a Pub/Sub push envelope: ${issue?.path.join(".") || "body"}: ${issue?.message ?? "invalid"}`,
    );
  }
  const { message, subscription, deliveryAttempt } = read.data;
  return {
    data: Buffer.from(message.data, "base64"),
    attributes: message.attributes ?? {},
    messageId: message.messageId,
    publishTime: Date.parse(message.publishTime),
    orderingKey: message.orderingKey ?? "",
    subscription,
    deliveryAttempt: deliveryAttempt ?? null,
  };
}

/**
 * Writes the envelope that `readPushEnvelope` reads, with both spellings of id and time, as Pub/Sub does.
 *
 * @example
 * ```ts
 * const data = new TextEncoder().encode("{}");
 * const sent = { data, attributes: {}, messageId: "17", publishTime: 0, subscription: "pd-notify-model" };
 * readPushEnvelope(JSON.parse(writePushEnvelope(sent))).publishTime; // => 0
 * ```
 */
export function writePushEnvelope(message: PushedMessage): string {
  const publishTime = new Date(message.publishTime).toISOString();
  return JSON.stringify({
    message: {
      data: Buffer.from(message.data).toString("base64"),
      attributes: message.attributes,
      messageId: message.messageId,
      message_id: message.messageId,
      publishTime,
      publish_time: publishTime,
      ...(message.orderingKey === "" ? {} : { orderingKey: message.orderingKey }),
    },
    subscription: message.subscription,
    ...(message.deliveryAttempt === null ? {} : { deliveryAttempt: message.deliveryAttempt }),
  });
}
