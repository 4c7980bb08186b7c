import type { Subscription } from "@mrdata/platform";

/** Makes topics and subscriptions in one project of the Pub/Sub emulator, over its REST interface. */
export type PubsubAdmin = {
  topic(name: string): Promise<void>;
  pushSubscription(
    subscription: Subscription,
    options?: {
      /** Not together with dead letters: the emulator never forwards a message of an ordered subscription. */
      readonly ordered?: boolean;
    },
  ): Promise<void>;
  pullSubscription(name: string, topic: string): Promise<void>;
  /** Stops the deliveries of a subscription. */
  deleteSubscription(name: string): Promise<void>;
};

const seconds = (milliseconds: number): string => `${milliseconds / 1_000}s`;

export function pubsubAdmin(host: string, project: string): PubsubAdmin {
  const path = (kind: "topics" | "subscriptions", name: string) => `projects/${project}/${kind}/${name}`;
  const call = async (method: "PUT" | "DELETE", resource: string, body?: unknown): Promise<void> => {
    const response = await fetch(`http://${host}/v1/${resource}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${resource}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  };
  return {
    topic: (name) => call("PUT", path("topics", name), {}),
    pushSubscription: (subscription, { ordered = false } = {}) =>
      call("PUT", path("subscriptions", subscription.name), {
        topic: path("topics", subscription.topic),
        pushConfig: { pushEndpoint: subscription.pushEndpoint },
        ackDeadlineSeconds: subscription.ackDeadline / 1_000,
        retainAckedMessages: true,
        messageRetentionDuration: "604800s",
        enableMessageOrdering: ordered,
        retryPolicy: {
          minimumBackoff: seconds(subscription.retry.minimum),
          maximumBackoff: seconds(subscription.retry.maximum),
        },
        deadLetterPolicy: {
          deadLetterTopic: path("topics", subscription.deadLetterTopic),
          maxDeliveryAttempts: subscription.maxDeliveryAttempts,
        },
      }),
    pullSubscription: (name, topic) =>
      call("PUT", path("subscriptions", name), { topic: path("topics", topic), ackDeadlineSeconds: 10 }),
    deleteSubscription: (name) => call("DELETE", path("subscriptions", name)),
  };
}
