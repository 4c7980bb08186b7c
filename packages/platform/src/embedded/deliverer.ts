import { messageOf } from "@mrdata/base";
import type { Subscription } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { writePushEnvelope } from "../push-envelope.ts";
import type { BusTables, Delivery } from "./bus-tables.ts";
import type { Push } from "./push.ts";

export type Deliverer = {
  /** There may be something new to deliver. */
  wake(): void;
  busy(): boolean;
  /** Starts nothing more and resolves when what is under way has ended. */
  stop(): Promise<void>;
};

export type DelivererOptions = {
  readonly subscription: Subscription;
  readonly tables: BusTables;
  readonly clock: Clock;
  readonly push: Push;
  readonly log: Log;
  readonly concurrency: number;
  readonly random: () => number;
  /** Called after something was published here: a dead letter. */
  readonly published: () => void;
};

/** The answers that Pub/Sub takes for an acknowledgement (https://cloud.google.com/pubsub/docs/push#receive_push). */
const acknowledgements = new Set([102, 200, 201, 202, 204]);
const MAX_REASON_LENGTH = 500;
/** Where the bus's own file cannot be read or written (locked by a backup, a full disk), it is tried again after, milliseconds. */
const REST = 1_000;

/** What was answered and could not be written down is tried again after, milliseconds. */
const WRITE_AGAIN = 250;

/** Delivers one subscription: in order within a key, side by side between keys, again until acknowledged. */
export function startDeliverer({
  subscription,
  tables,
  clock,
  push,
  log,
  concurrency,
  random,
  published,
}: DelivererOptions): Deliverer {
  const underWay = new Map<string, Promise<void>>();
  /** What was answered while the file was locked: it is not pushed again, and nobody else waits for it to be written. */
  const unwritten = new Map<string, () => void>();
  let writing: AbortController | null = null;
  let stopped = false;
  let scheduled = false;
  let alarm: AbortController | null = null;
  let resting: AbortController | null = null;

  function wake(): void {
    if (scheduled || stopped || resting !== null) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      try {
        pump();
      } catch (error) {
        rest(error);
      }
    });
  }

  /** What is not acknowledged stays in the file, and is delivered again. Without the rest it would be so at once, for ever. */
  function rest(error: unknown): void {
    report(error);
    if (stopped || resting !== null) return;
    resting = new AbortController();
    clock.sleep(REST, resting.signal).then(
      () => {
        resting = null;
        wake();
      },
      () => {},
    );
  }

  function report(error: unknown): void {
    const reason = messageOf(error);
    log({ severity: "ERROR", event: "bus.failed", subscription: subscription.name, reason });
  }

  /** Writes down what became of a delivery: at once, or as soon as the file lets it. */
  function settle(messageId: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      if (unwritten.size === 0) report(error);
      unwritten.set(messageId, write);
      writeLater();
    }
  }

  function writeLater(): void {
    if (stopped || writing !== null) return;
    writing = new AbortController();
    clock.sleep(WRITE_AGAIN, writing.signal).then(
      () => {
        writing = null;
        writeUnwritten();
        if (unwritten.size > 0) writeLater();
        else wake();
      },
      () => {},
    );
  }

  /** In the order in which they were answered; the rest stays where the file is locked still. */
  function writeUnwritten(): void {
    for (const [messageId, write] of unwritten) {
      try {
        write();
      } catch {
        return;
      }
      unwritten.delete(messageId);
    }
  }

  function pump(): void {
    if (stopped || resting !== null || underWay.size >= concurrency) return;
    const now = clock.now();
    // Those under way are still in the table, and the oldest: ask for as many more.
    for (const delivery of tables.due(subscription.name, now, concurrency + underWay.size + unwritten.size)) {
      if (underWay.size >= concurrency) break;
      if (underWay.has(delivery.messageId) || unwritten.has(delivery.messageId)) continue;
      const done = deliver(delivery)
        .catch(rest)
        .finally(() => {
          underWay.delete(delivery.messageId);
          wake();
        });
      underWay.set(delivery.messageId, done);
    }
    const next = tables.nextDue(subscription.name, now);
    alarm?.abort(new Error("superseded"));
    alarm = null;
    if (next === null) return;
    alarm = new AbortController();
    clock.sleep(next - now, alarm.signal).then(wake, () => {});
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const attempt = delivery.attempts + 1;
    const failure = await tryToPush(delivery, attempt);
    if (failure === null) {
      settle(delivery.messageId, () => tables.acknowledge(subscription.name, delivery));
      return;
    }
    log({
      severity: "WARNING",
      event: "push.failed",
      subscription: subscription.name,
      messageId: delivery.messageId,
      attempt,
      reason: failure,
    });
    if (attempt >= subscription.maxDeliveryAttempts) {
      const attributes = {
        ...delivery.attributes,
        CloudPubSubDeadLetterSourceSubscription: subscription.name,
        CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
        reason: failure,
      };
      settle(delivery.messageId, () => {
        tables.deadLetter(subscription.name, delivery, subscription.deadLetterTopic, attributes, clock.now());
        published();
      });
      return;
    }
    const { minimum, maximum } = subscription.retry;
    const wait = Math.min(maximum, minimum * 2 ** (attempt - 1));
    const again = clock.now() + Math.round(wait * (1 + 0.1 * random()));
    settle(delivery.messageId, () => tables.retryAt(subscription.name, delivery, attempt, again));
  }

  /** Why it was not acknowledged, or null. */
  async function tryToPush(delivery: Delivery, attempt: number): Promise<string | null> {
    const body = writePushEnvelope({
      ...delivery,
      publishTime: delivery.publishedAt,
      subscription: `projects/local/subscriptions/${subscription.name}`,
      deliveryAttempt: attempt,
    });
    const deadline = new AbortController();
    const answered = new AbortController();
    clock.sleep(subscription.ackDeadline, answered.signal).then(
      () => deadline.abort(),
      () => {},
    );
    try {
      const { status, text } = await push(subscription.pushEndpoint, body, deadline.signal);
      return acknowledgements.has(status)
        ? null
        : `HTTP ${status}: ${text.trim()}`.slice(0, MAX_REASON_LENGTH);
    } catch (error) {
      if (deadline.signal.aborted) return `no answer within ${subscription.ackDeadline} ms`;
      return `no answer: ${messageOf(error)}`.slice(0, MAX_REASON_LENGTH);
    } finally {
      answered.abort(new Error("answered"));
    }
  }

  return {
    wake,
    busy: () => scheduled || resting !== null || underWay.size > 0 || unwritten.size > 0,
    async stop() {
      stopped = true;
      alarm?.abort(new Error("stopped"));
      resting?.abort(new Error("stopped"));
      writing?.abort(new Error("stopped"));
      await Promise.all(underWay.values());
      // What cannot be written now is delivered again by the next run.
      writeUnwritten();
    },
  };
}
