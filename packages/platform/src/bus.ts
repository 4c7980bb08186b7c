export type BusMessage = {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** Messages with the same key are delivered in publishing order; "" means unordered. At most 1,024 bytes. */
  readonly orderingKey: string;
};

/** Limits of one message and of its ordering key (https://cloud.google.com/pubsub/quotas#resource_limits). */
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

/** The publishing half, which is all that a function needs. Resolves once the message is durable; rejects if it is not. */
export type Bus = {
  publish(topic: string, message: BusMessage): Promise<{ readonly messageId: string }>;
};

/** A push subscription, in Pub/Sub's terms (https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions). */
export type Subscription = {
  readonly name: string;
  readonly topic: string;
  /** The URL that messages are POSTed to, as push envelopes. Status 102, 200, 201, 202 or 204 acknowledges. */
  readonly pushEndpoint: string;
  /** Milliseconds until an unanswered push counts as failed; 10 s to 600 s at Google. */
  readonly ackDeadline: number;
  /** Backoff between deliveries of one message, milliseconds. */
  readonly retry: { readonly minimum: number; readonly maximum: number };
  /** The number of failed deliveries (5 to 100) after which the message goes to the dead-letter topic. */
  readonly maxDeliveryAttempts: number;
  readonly deadLetterTopic: string;
};

/** A message that could not be processed, with the reason. */
export type DeadLetter = {
  readonly messageId: string;
  /** Where it failed: the name of the subscription, or of the function that gave up. */
  readonly source: string;
  readonly reason: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly publishedAt: number;
};

/** The operating half, for the command line; no function may have it. */
export type BusAdmin = {
  /**
   * Redelivers everything published at or after `since` (milliseconds since the epoch) that is still retained, as if it had
   * never been delivered. Everything published earlier counts as acknowledged, even if it was not.
   */
  seek(subscription: string, since: number): Promise<void>;
  deadLetters(options?: { readonly limit?: number }): Promise<readonly DeadLetter[]>;
  /** Deletes dead letters; returns how many of them existed. */
  dropDeadLetters(messageIds: readonly string[]): Promise<number>;
};
