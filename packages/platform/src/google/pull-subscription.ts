import type { protos, v1 } from "@google-cloud/pubsub";
import { codeOf } from "@mrdata/base";
import { grpcStatus } from "./grpc-status.ts";

export type Received = protos.google.pubsub.v1.IReceivedMessage;

/** The reading end of a pull subscription (https://cloud.google.com/pubsub/docs/pull#unary_pull). */
export type PullSubscription = {
  /** Up to the given number of messages; none if none arrived within the timeout. Pulled messages are leased to the caller. */
  pull(most: number): Promise<readonly Received[]>;
  /** Ends the lease, so that the next reader finds the messages. */
  release(ackIds: readonly string[]): Promise<void>;
  /** Acknowledges the messages, which deletes them. */
  acknowledge(ackIds: readonly string[]): Promise<void>;
};

/** How long to wait on an empty subscription: Pub/Sub answers a pull late rather than empty. */
const PULL_TIMEOUT_MS = 3_000;
const MAX_PER_CALL = 1_000;

export function pullSubscription(client: v1.SubscriberClient, subscription: string): PullSubscription {
  return {
    async pull(most) {
      const maxMessages = Math.min(most, MAX_PER_CALL);
      try {
        const [answer] = await client.pull(
          { subscription, maxMessages },
          { timeout: PULL_TIMEOUT_MS, retry: null },
        );
        return answer.receivedMessages ?? [];
      } catch (error) {
        if (codeOf(error) === grpcStatus.deadlineExceeded) return [];
        throw error;
      }
    },
    async acknowledge(ackIds) {
      for (let i = 0; i < ackIds.length; i += MAX_PER_CALL)
        await client.acknowledge({ subscription, ackIds: ackIds.slice(i, i + MAX_PER_CALL) });
    },
    async release(ackIds) {
      for (let i = 0; i < ackIds.length; i += MAX_PER_CALL) {
        const some = ackIds.slice(i, i + MAX_PER_CALL);
        await client.modifyAckDeadline({ subscription, ackIds: [...some], ackDeadlineSeconds: 0 });
      }
    },
  };
}
