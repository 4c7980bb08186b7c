/**
 * How the deployed subscriptions deliver; the simulation uses the same numbers. Seconds, and number of deliveries
 * (https://cloud.google.com/pubsub/docs/handling-failures).
 */
export const deployedDelivery = {
  /** How long a function may take: after that Pub/Sub pushes again. */
  ackDeadlineSeconds: 90,
  minimumBackoffSeconds: 10,
  maximumBackoffSeconds: 600,
  /** After this many refusals, which take more than two hours, the event is dead-lettered. */
  maxDeliveryAttempts: 20,
} as const;

/**
 * How the bus of a single machine delivers, milliseconds: as above, but nobody at a laptop waits ten minutes for the
 * next attempt. With Pub/Sub's maximum number of deliveries a message is retried for an hour and a half: what people
 * wrote must not be dead-lettered in an outage too short for `sweep` to read their notes again
 * (`sweep/read-notes-after-outage.ts`).
 */
export const localDelivery = {
  ackDeadline: 60_000,
  retry: { minimum: 1_000, maximum: 60_000 },
  maxDeliveryAttempts: 100,
} as const;
