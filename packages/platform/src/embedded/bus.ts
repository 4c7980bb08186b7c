import { assertCarriable, type Bus, type BusAdmin, type Subscription } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type BusTables, openBusTables } from "./bus-tables.ts";
import { type Deliverer, startDeliverer } from "./deliverer.ts";
import { retryWhileLocked } from "./lock-retry.ts";
import { httpPush, type Push } from "./push.ts";
import { LOCK_TIMEOUT_MS } from "./sqlite.ts";

export type EmbeddedBus = Bus &
  BusAdmin & {
    /** Starts delivering. */
    start(): void;
    /** Resolves once nothing is pending or in flight; with `ignoreRetries`, deliveries that wait for a retry do not count. */
    idle(options?: { readonly ignoreRetries?: boolean }): Promise<void>;
    /** The number of deliveries that are not acknowledged yet, due or not. */
    pending(): number;
    /** Waits for deliveries in flight, then closes. Undelivered messages stay in the file. */
    close(): Promise<void>;
  };

export type EmbeddedBusOptions = {
  readonly file: string;
  readonly clock: Clock;
  readonly subscriptions: readonly Subscription[];
  readonly log?: Log;
  readonly push?: Push;
  /** The token that each HTTP push carries as `Authorization: Bearer`. */
  readonly bearer?: string;
  /** Concurrent pushes per subscription. */
  readonly concurrency?: number;
  /** How often to poll for messages of other processes, milliseconds of real time. */
  readonly poll?: number;
  readonly random?: () => number;
};

/** How often messages past their retention are removed while a bus runs. */
const TRIM_INTERVAL_MS = 86_400_000;

/**
 * The longest that publishing waits while another process locks the file. PagerDuty waits 5 s for an answer; a message that
 * cannot be stored is answered with 503, so that PagerDuty sends it again.
 */
const PUBLISH_TIMEOUT_MS = 3_500;

const publishTo = (tables: BusTables, clock: Clock): Bus["publish"] => {
  const writing = retryWhileLocked(PUBLISH_TIMEOUT_MS);
  return async (topic, message) => {
    assertCarriable(topic, message);
    return { messageId: await writing(() => tables.publish(topic, message, clock.now())) };
  };
};

/** For a process that publishes, or reads dead letters, and does not deliver. */
export function openEmbeddedPublisher({
  file,
  clock,
}: {
  readonly file: string;
  readonly clock: Clock;
}): Bus & Omit<BusAdmin, "seek"> & { close(): Promise<void> } {
  const tables = openBusTables(file);
  const waiting = retryWhileLocked(LOCK_TIMEOUT_MS);
  return {
    publish: publishTo(tables, clock),
    deadLetters: ({ limit = 100 } = {}) => waiting(() => tables.deadLetters(limit)),
    dropDeadLetters: (messageIds) => waiting(() => tables.dropDeadLetters(messageIds)),
    close: async () => tables.close(),
  };
}

/** A durable bus in one SQLite file that delivers by HTTP POST of Pub/Sub's push envelope. One process delivers a file. */
export function openEmbeddedBus(options: EmbeddedBusOptions): EmbeddedBus {
  const {
    file,
    clock,
    subscriptions,
    log = () => {},
    concurrency = 32,
    poll = 20,
    random = Math.random,
  } = options;
  let trimmed = clock.now();
  const tables = openBusTables(file, { subscriptions, trimAt: trimmed });
  const waiting = retryWhileLocked(LOCK_TIMEOUT_MS);
  const http = httpPush({ bearer: options.bearer });
  const push = options.push ?? http;
  let deliverers: readonly Deliverer[] = [];
  let watch: NodeJS.Timeout | undefined;
  const wake = () => {
    for (const deliverer of deliverers) deliverer.wake();
  };
  const publish = publishTo(tables, clock);
  /** Null if the file cannot be read: the deliverers, once woken, report that and back off. */
  const versionNow = (): number | null => {
    try {
      return tables.dataVersion();
    } catch {
      return null;
    }
  };
  return {
    async publish(topic, message) {
      const published = await publish(topic, message);
      if (clock.now() - trimmed >= TRIM_INTERVAL_MS) {
        trimmed = clock.now();
        // The new message is stored: failing to remove old ones now does not fail the publish.
        waiting(() => tables.trim(trimmed)).catch(() => {});
      }
      wake();
      return published;
    },
    start() {
      if (deliverers.length > 0) return;
      deliverers = subscriptions.map((subscription) =>
        startDeliverer({ subscription, tables, clock, push, log, concurrency, random, published: wake }),
      );
      wake();
      let seen: number | null = null;
      watch = setInterval(() => {
        const version = versionNow();
        if (version === null || version !== seen) wake();
        seen = version;
      }, poll);
      watch.unref();
    },
    async idle({ ignoreRetries = false } = {}) {
      const rest = () => tables.undelivered(ignoreRetries ? clock.now() : Number.MAX_SAFE_INTEGER);
      while (deliverers.some((deliverer) => deliverer.busy()) || rest() > 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    pending: () => tables.undelivered(Number.MAX_SAFE_INTEGER),
    async seek(subscription, since) {
      if (!(await waiting(() => tables.seek(subscription, since, clock.now()))))
        throw new Error(`there is no subscription ${subscription}`);
      wake();
    },
    deadLetters: ({ limit = 100 } = {}) => waiting(() => tables.deadLetters(limit)),
    dropDeadLetters: (messageIds) => waiting(() => tables.dropDeadLetters(messageIds)),
    async close() {
      clearInterval(watch);
      await Promise.all(deliverers.map((deliverer) => deliverer.stop()));
      http.close();
      tables.close();
    },
  };
}
