import { PubSub, type Topic } from "@google-cloud/pubsub";
import type { Bus } from "../bus.ts";

/** Pub/Sub batches for throughput; a page must not wait for company. Milliseconds. */
const LONGEST_BATCH = 5;

/** The publishing half over Pub/Sub. PUBSUB_EMULATOR_HOST is honoured by the client. */
export function openGoogleBus({ project }: { readonly project: string }): Bus & { close(): Promise<void> } {
  const pubsub = new PubSub({ projectId: project });
  const topics = new Map<string, Topic>();
  const topicOf = (name: string): Topic => {
    const known = topics.get(name);
    if (known !== undefined) return known;
    const topic = pubsub.topic(name, {
      messageOrdering: true,
      batching: { maxMilliseconds: LONGEST_BATCH },
      gaxOpts: { timeout: 10_000 },
    });
    topics.set(name, topic);
    return topic;
  };
  return {
    async publish(name, { data, attributes, orderingKey }) {
      const topic = topicOf(name);
      const message = {
        data: Buffer.from(data),
        attributes: { ...attributes },
        ...(orderingKey === "" ? {} : { orderingKey }),
      };
      try {
        return { messageId: await topic.publishMessage(message) };
      } catch (error) {
        // After a failure the client refuses the key until told otherwise.
        if (orderingKey !== "") topic.resumePublishing(orderingKey);
        throw error;
      }
    },
    close: () => pubsub.close(),
  };
}
