import { messageOf } from "@mrdata/base";
import type { Subscription } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { writePushEnvelope } from "../push-envelope.ts";
import type { BusTables, Delivery } from "./bus-tables.ts";
import type { Push } from "./push.ts";

export type Deliverer = {
  /** Signals that there may be something new to deliver. */
  wake(): void;
  busy(): boolean;
  /** Starts no further deliveries and resolves when those in flight have ended. */
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
  /** Called after the deliverer itself published a message, that is a dead letter. */
  readonly published: () => void;
};

/** The status codes that Pub/Sub takes as an acknowledgement (https://cloud.google.com/pubsub/docs/push#receive_push). */
const acknowledgements = new Set([102, 200, 201, 202, 204]);
const MAX_REASON_LENGTH = 500;
/** Back-off after the bus's own file could not be read or written (locked by a backup, a full disk). */
const BACKOFF_MS = 1_000;

/** Delay before an outcome that could not be written is written again. */
const REWRITE_DELAY_MS = 250;

/** Delivers one subscription: in order within a key, concurrently across keys, repeatedly until acknowledged. */
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
  const inFlight = new Map<string, Promise<void>>();
  /** Outcomes of pushes that ended while the file was locked: these are not pushed again, and other deliveries do not wait for them. */
  const unwritten = new Map<string, () => void>();
  let writing: AbortController | null = null;
  let stopped = false;
  let scheduled = false;
  let alarm: AbortController | null = null;
  let backingOff: AbortController | null = null;

  function wake(): void {
    if (scheduled || stopped || backingOff !== null) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      try {
        pump();
      } catch (error) {
        backOff(error);
      }
    });
  }

  /** Unacknowledged messages stay in the file and are redelivered; without a pause that would be a busy loop. */
  function backOff(error: unknown): void {
    report(error);
    if (stopped || backingOff !== null) return;
    backingOff = new AbortController();
    clock.sleep(BACKOFF_MS, backingOff.signal).then(
      () => {
        backingOff = null;
        wake();
      },
      () => {},
    );
  }

  function report(error: unknown): void {
    const reason = messageOf(error);
    log({ severity: "ERROR", event: "bus.failed", subscription: subscription.name, reason });
  }

  /** Stores the outcome of a delivery: immediately, or as soon as the file is no longer locked. */
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
    clock.sleep(REWRITE_DELAY_MS, writing.signal).then(
      () => {
        writing = null;
        writeUnwritten();
        if (unwritten.size > 0) writeLater();
        else wake();
      },
      () => {},
    );
  }

  /** Writes in the order of the answers; stops at the first failure, and the rest remains for later. */
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
    if (stopped || backingOff !== null || inFlight.size >= concurrency) return;
    const now = clock.now();
    // Deliveries in flight are still in the table, and the oldest, so query for that many more.
    for (const delivery of tables.due(subscription.name, now, concurrency + inFlight.size + unwritten.size)) {
      if (inFlight.size >= concurrency) break;
      if (inFlight.has(delivery.messageId) || unwritten.has(delivery.messageId)) continue;
      const done = deliver(delivery)
        .catch(backOff)
        .finally(() => {
          inFlight.delete(delivery.messageId);
          wake();
        });
      inFlight.set(delivery.messageId, done);
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

  /** The reason why it was not acknowledged, or null if it was. */
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
    busy: () => scheduled || backingOff !== null || inFlight.size > 0 || unwritten.size > 0,
    async stop() {
      stopped = true;
      alarm?.abort(new Error("stopped"));
      backingOff?.abort(new Error("stopped"));
      writing?.abort(new Error("stopped"));
      await Promise.all(inFlight.values());
      // Anything that cannot be written now is redelivered by the next run.
      writeUnwritten();
    },
  };
}
