/**
 * How the deployed subscriptions deliver: declared with these numbers, and simulated with the same. Seconds, and
 * deliveries (https://cloud.google.com/pubsub/docs/handling-failures).
 */
export const deployedDelivery = {
  /** How long a function may take: after that Pub/Sub pushes again. */
  ackDeadlineSeconds: 90,
  minimumBackoffSeconds: 10,
  maximumBackoffSeconds: 600,
  /** After so many refusals, which take more than two hours, the event is a dead letter. */
  maxDeliveryAttempts: 20,
} as const;

/**
 * How the bus of one machine delivers, milliseconds: as above, but nobody on a laptop waits ten minutes for the next try. With
 * the most deliveries that Pub/Sub knows a message comes again for an hour and a half: what people said is not to become a dead
 * letter in an outage that is too short for `sweep` to read their notes again (`sweep/hear-after-outage.ts`).
 */
export const localDelivery = {
  ackDeadline: 60_000,
  retry: { minimum: 1_000, maximum: 60_000 },
  maxDeliveryAttempts: 100,
} as const;
