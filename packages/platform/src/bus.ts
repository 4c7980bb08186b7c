export type BusMessage = {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages of one key are delivered in the order of publishing; "" means no order. At most 1,024 bytes. */
  readonly orderingKey: string;
};

/** Of one message, and of its key (https://cloud.google.com/pubsub/quotas#resource_limits). */
const MAX_MESSAGE_BYTES = 10_000_000;
const MAX_KEY_BYTES = 1_024;

/** Throws a RangeError for a message that no bus could carry. */
export function assertCarriable(topic: string, { data, orderingKey }: BusMessage): void {
  if (data.byteLength > MAX_MESSAGE_BYTES)
    throw new RangeError(
      `a message for ${topic} has ${data.byteLength} bytes, and ${MAX_MESSAGE_BYTES} are the most`,
    );
  const keyBytes = Buffer.byteLength(orderingKey);
  if (keyBytes > MAX_KEY_BYTES)
    throw new RangeError(
      `the ordering key of a message for ${topic} has ${keyBytes} bytes, and ${MAX_KEY_BYTES} are the most`,
    );
}

/** The publishing half: all that a function needs. Resolves once the message is durable; rejects if it is not. */
export type Bus = {
  publish(topic: string, message: BusMessage): Promise<{ readonly messageId: string }>;
};

/** A push subscription, in Pub/Sub's terms (https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions). */
export type Subscription = {
  readonly name: string;
  readonly topic: string;
  /** Where messages are POSTed to, as a push envelope. 102, 200, 201, 202 and 204 acknowledge. */
  readonly pushEndpoint: string;
  /** Milliseconds until an unanswered push counts as failed; 10 s to 600 s at Google. */
  readonly ackDeadline: number;
  /** Backoff between deliveries of one message, milliseconds. */
  readonly retry: { readonly minimum: number; readonly maximum: number };
  /** After so many failed deliveries (5 to 100) the message goes to the dead-letter topic. */
  readonly maxDeliveryAttempts: number;
  readonly deadLetterTopic: string;
};

/** A message that could not be processed, with why. */
export type DeadLetter = {
  readonly messageId: string;
  /** Where it failed: the subscription's name, or the function's that gave it up. */
  readonly source: string;
  readonly reason: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly publishedAt: number;
};

/** The operating half: what the command line needs and no function may have. */
export type BusAdmin = {
  /**
   * Delivers again everything published at or after `since` (milliseconds since the epoch) that is retained, as if it had
   * never been delivered; what was published before counts as acknowledged, though nobody took it.
   */
  seek(subscription: string, since: number): Promise<void>;
  deadLetters(options?: { readonly limit?: number }): Promise<readonly DeadLetter[]>;
  /** Takes dead letters away for good; answers with how many were there. */
  dropDeadLetters(messageIds: readonly string[]): Promise<number>;
};
