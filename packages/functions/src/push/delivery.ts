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
