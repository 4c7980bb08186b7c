import { PubSub, type Topic, v1 } from "@google-cloud/pubsub";
import { codeOf } from "@mrdata/base";
import { assertCarriable, type Bus, type BusAdmin } from "../bus.ts";
import { dropDeadLetters, type ReasonOf, readDeadLetters } from "./dead-letters.ts";
import { grpcStatus } from "./grpc-status.ts";
import { pullSubscription } from "./pull-subscription.ts";

export type GoogleBusOptions = {
  readonly project: string;
  /** `host:port` of an emulator; else PUBSUB_EMULATOR_HOST, where it is set. */
  readonly host?: string;
  /** Suffix of the names of topics and subscriptions if several stacks share a project: `-staging`. */
  readonly suffix?: string;
  /** The pull subscription of the dead-letter topic; without one, Pub/Sub keeps none of its messages. */
  readonly deadLetterSubscription?: string;
  readonly reasonOf?: ReasonOf;
  /** Timeout of a publish in milliseconds, accurate to about a second: PagerDuty waits 5 s for an answer. */
  readonly timeout?: number;
};

export type GoogleBus = Bus & BusAdmin & { close(): Promise<void> };

/** The client batches for throughput; a page must not wait for a batch to fill. */
const BATCH_WAIT_MS = 5;

/** Topics and subscriptions of a project in Pub/Sub. It creates none: they are declared in infra/. */
export function openGoogleBus({
  project,
  host,
  suffix = "",
  deadLetterSubscription = "pd-notify-dead-read",
  reasonOf = async () => null,
  timeout = 3_500,
}: GoogleBusOptions): GoogleBus {
  const pubsub = new PubSub({ projectId: project, ...(host === undefined ? {} : { apiEndpoint: host }) });
  const topics = new Map<string, Topic>();
  const underWay = new Set<Promise<unknown>>();
  let subscriber: v1.SubscriberClient | undefined;

  const topicOf = (name: string): Topic => {
    const known = topics.get(name);
    if (known !== undefined) return known;
    const topic = pubsub.topic(`${name}${suffix}`, {
      messageOrdering: true,
      batching: { maxMilliseconds: BATCH_WAIT_MS },
      gaxOpts: { timeout, retry: { backoffSettings: backoffWithin(timeout) } },
    });
    topics.set(name, topic);
    return topic;
  };
  const subscriberOf = async (): Promise<v1.SubscriberClient> => {
    const config = Object.entries(await pubsub.getClientConfig());
    subscriber ??= new v1.SubscriberClient(
      Object.fromEntries(config.filter(([, value]) => value !== undefined)),
    );
    return subscriber;
  };

  return {
    async publish(name, message) {
      assertCarriable(name, message);
      const { data, attributes, orderingKey } = message;
      const topic = topicOf(name);
      const published = topic.publishMessage({
        data: Buffer.from(data),
        attributes: { ...attributes },
        ...(orderingKey === "" ? {} : { orderingKey }),
      });
      underWay.add(published);
      try {
        return { messageId: await published };
      } catch (error) {
        // After a failure the client refuses the ordering key until publishing is resumed.
        if (orderingKey !== "") topic.resumePublishing(orderingKey);
        throw error;
      } finally {
        underWay.delete(published);
      }
    },
    async seek(subscription, since) {
      try {
        await pubsub.subscription(`${subscription}${suffix}`).seek(new Date(since));
      } catch (error) {
        if (codeOf(error) !== grpcStatus.notFound) throw error;
        throw new Error(`there is no subscription ${subscription}${suffix} in project ${project}`);
      }
    },
    async deadLetters({ limit = 100 } = {}) {
      const client = await subscriberOf();
      const path = client.subscriptionPath(project, `${deadLetterSubscription}${suffix}`);
      return readDeadLetters(pullSubscription(client, path), limit, reasonOf);
    },
    async dropDeadLetters(messageIds) {
      const client = await subscriberOf();
      const path = client.subscriptionPath(project, `${deadLetterSubscription}${suffix}`);
      return dropDeadLetters(pullSubscription(client, path), messageIds);
    },
    async close() {
      await Promise.allSettled(underWay);
      await Promise.all([pubsub.close(), subscriber?.close()]);
    },
  };
}

// The client would wait up to a minute between attempts, and check its deadline only after that wait.
const backoffWithin = (timeout: number) => ({
  initialRetryDelayMillis: 100,
  retryDelayMultiplier: 1.3,
  maxRetryDelayMillis: 1_000,
  initialRpcTimeoutMillis: timeout,
  rpcTimeoutMultiplier: 1,
  maxRpcTimeoutMillis: timeout,
  totalTimeoutMillis: timeout,
});
