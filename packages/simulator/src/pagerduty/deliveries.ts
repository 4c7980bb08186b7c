import type { DiscreteClock } from "../discrete-clock.ts";
import { type DeliverRequest, type DeliveryAnswer, sendWebhook } from "./delivery.ts";
import type { Faults } from "./faults.ts";
import type { Ids } from "./ids.ts";
import { isDisabled, type Subscription, type Subscriptions, wants } from "./subscriptions.ts";

/** One try at delivering a webhook, for reports and tests. */
export type DeliveryAttempt = {
  readonly at: number;
  readonly subscription: string;
  readonly webhook: string;
  readonly eventType: string;
  /** The incident's id, or another's that the webhook is about. */
  readonly resource: string;
  readonly answer: DeliveryAnswer;
};

export type WebhookEvent = {
  readonly type: string;
  /** What keeps its order: later webhooks about it wait for earlier ones. */
  readonly resource: string;
  readonly service: string | null;
  /** Of the service. */
  readonly teams: readonly string[];
  readonly body: object;
};

export type Deliveries = {
  readonly attempts: readonly DeliveryAttempt[];
  /** Queues the event for every subscription that wants it. */
  publish(event: WebhookEvent): void;
  /** Queues it for one, whatever that one wants. */
  publishTo(subscription: Subscription, event: WebhookEvent): void;
  /** Ends a temporary disabling. */
  enable(subscription: Subscription): void;
  /** How many webhooks wait. */
  waiting(): number;
};

export type DeliveryPorts = {
  readonly clock: DiscreteClock;
  readonly ids: Ids;
  readonly subscriptions: Subscriptions;
  readonly faults: Faults;
  readonly deliver: DeliverRequest;
};

type Webhook = {
  readonly id: string;
  readonly event: WebhookEvent;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly queuedAt: number;
  readonly again: boolean;
  tries: number;
};
type Queue = {
  readonly subscription: Subscription;
  readonly key: string;
  readonly webhooks: Webhook[];
  busy: boolean;
};

const SECOND = 1000;
const HOUR = 3_600_000;
/** PagerDuty developer docs, Webhooks: behavior. The intervals between retries are not documented; these are ours. */
const KEPT = 48 * HOUR;
const DISABLED = 24 * HOUR;
const DROPPED_IN_A_ROW = 3;
const FIRST_STEP = 10 * SECOND;
const MAX_STEP = HOUR;

/**
 * Delivers webhooks as PagerDuty does: at least once; in order for one subscription and one incident; for up to 48
 * hours when there is no answer, 429 or 5xx; not again after any other refusal, of which three in a row disable the
 * subscription for a day and drop what waits for it.
 */
export function createDeliveries(ports: DeliveryPorts): Deliveries {
  const { clock, ids, subscriptions, faults } = ports;
  const queues = new Map<string, Queue>();
  const attempts: DeliveryAttempt[] = [];

  function enqueue(subscription: Subscription, key: string, webhook: Webhook, wait: number): void {
    const queue = queues.get(key) ?? { subscription, key, webhooks: [], busy: false };
    queues.set(key, queue);
    queue.webhooks.push(webhook);
    if (queue.webhooks.length === 1) later(queue, wait);
  }

  function later(queue: Queue, wait: number): void {
    queue.busy = true;
    clock.schedule(clock.now() + wait, () => {
      queue.busy = false;
      return proceed(queue);
    });
  }

  const isGone = (queue: Queue): boolean => queues.get(queue.key) !== queue;

  async function proceed(queue: Queue): Promise<void> {
    const webhook = queue.webhooks[0];
    if (isGone(queue) || queue.busy || faults.now().webhooks === "stopped") return;
    if (webhook === undefined || !subscriptions.all.has(queue.subscription.id)) {
      queues.delete(queue.key);
      return;
    }
    queue.busy = true;
    webhook.tries++;
    const at = clock.now();
    const answer = await sendWebhook({ ...ports, ...queue, webhook });
    attempts.push({
      at,
      subscription: queue.subscription.id,
      webhook: webhook.id,
      eventType: webhook.event.type,
      resource: webhook.event.resource,
      answer,
    });
    queue.busy = false;
    if (isGone(queue)) return;
    conclude(queue, webhook, answer);
  }

  function conclude(queue: Queue, webhook: Webhook, answer: DeliveryAnswer): void {
    const { subscription } = queue;
    if (isRetried(answer)) {
      const step = Math.min(MAX_STEP, FIRST_STEP * 2 ** (webhook.tries - 1));
      const wait = step * (0.8 + 0.4 * faults.random());
      if (clock.now() + wait <= webhook.queuedAt + KEPT) {
        later(queue, wait);
        return;
      }
    }
    queue.webhooks.shift();
    if (typeof answer === "number" && answer >= 200 && answer < 300) {
      subscription.droppedInARow = 0;
      if (!webhook.again && faults.drawWebhook() === "duplicate") repeat(subscription, webhook);
    } else if (++subscription.droppedInARow >= DROPPED_IN_A_ROW) {
      subscription.disabledUntil = clock.now() + DISABLED;
      subscription.droppedInARow = 0;
      for (const other of queues.values()) if (other.subscription === subscription) queues.delete(other.key);
      return;
    }
    if (queue.webhooks.length > 0) later(queue, 0);
    else queues.delete(queue.key);
  }

  function repeat(subscription: Subscription, webhook: Webhook): void {
    const wait = Math.floor(faults.random() * faults.now().webhookDelay);
    enqueue(subscription, `${webhook.id} again`, { ...webhook, again: true, tries: 0 }, wait);
  }

  function publishTo(subscription: Subscription, event: WebhookEvent): void {
    if (isDisabled(subscription, clock.now())) return;
    const fault = faults.drawWebhook();
    if (fault === "lost") return;
    const webhook: Webhook = {
      id: ids.uuid(),
      event,
      body: new TextEncoder().encode(JSON.stringify(event.body)),
      queuedAt: clock.now(),
      again: false,
      tries: 0,
    };
    const { webhookDelay, webhookLatency } = faults.now();
    const loose = fault === "unordered";
    const extra = loose ? Math.floor(faults.random() * webhookDelay) : fault === "delay" ? webhookDelay : 0;
    const key = loose ? webhook.id : `${subscription.id} ${event.resource}`;
    enqueue(subscription, key, webhook, webhookLatency + extra);
  }

  faults.onChange(() => {
    if (faults.now().webhooks === "stopped") return;
    for (const queue of queues.values()) if (!queue.busy) later(queue, 0);
  });

  return {
    attempts,
    publishTo,
    publish(event) {
      for (const subscription of subscriptions.all.values())
        if (wants(subscription, event)) publishTo(subscription, event);
    },
    enable(subscription) {
      subscription.disabledUntil = null;
      subscription.droppedInARow = 0;
    },
    waiting: () => queues.values().reduce((sum, { webhooks }) => sum + webhooks.length, 0),
  };
}

const isRetried = (answer: DeliveryAnswer): boolean =>
  typeof answer !== "number" || answer === 429 || answer >= 500;
