import { assertCarriable, type Bus, type BusAdmin, type Subscription } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type BusTables, openBusTables } from "./bus-tables.ts";
import { type Deliverer, startDeliverer } from "./deliverer.ts";
import { httpPush, type Push } from "./push.ts";

export type EmbeddedBus = Bus &
  BusAdmin & {
    /** Begins to deliver. */
    start(): void;
    /** Resolves once nothing is undelivered or under way; with `ignoreRetries` what waits for a later retry may stay. */
    idle(options?: { readonly ignoreRetries?: boolean }): Promise<void>;
    /** Deliveries that are not acknowledged yet, due or not. */
    pending(): number;
    /** Lets what is under way end, then closes. What is undelivered stays in the file. */
    close(): Promise<void>;
  };

export type EmbeddedBusOptions = {
  readonly file: string;
  readonly clock: Clock;
  readonly subscriptions: readonly Subscription[];
  readonly log?: Log;
  readonly push?: Push;
  /** Pushes under way at a time, per subscription. */
  readonly concurrency?: number;
  /** How often to look for what other processes published, milliseconds of real time. */
  readonly poll?: number;
  readonly random?: () => number;
};

/** How often messages that are past their retention are removed while a bus runs, milliseconds. */
const TRIMS_EVERY = 86_400_000;

const publishTo =
  (tables: BusTables, clock: Clock): Bus["publish"] =>
  async (topic, message) => {
    assertCarriable(topic, message);
    return { messageId: tables.publish(topic, message, clock.now()) };
  };

/** For a process that publishes, or looks at dead letters, and does not deliver. */
export function openEmbeddedPublisher({
  file,
  clock,
}: {
  readonly file: string;
  readonly clock: Clock;
}): Bus & Omit<BusAdmin, "seek"> & { close(): Promise<void> } {
  const tables = openBusTables(file);
  return {
    publish: publishTo(tables, clock),
    deadLetters: async ({ limit = 100 } = {}) => tables.deadLetters(limit),
    dropDeadLetters: async (messageIds) => tables.dropDeadLetters(messageIds),
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
  const tables = openBusTables(file);
  for (const subscription of subscriptions) tables.subscribe(subscription);
  let trimmed = clock.now();
  tables.trim(trimmed);
  const http = options.push === undefined ? httpPush() : null;
  const push = options.push ?? http ?? httpPush();
  let deliverers: readonly Deliverer[] = [];
  let watch: NodeJS.Timeout | undefined;
  const wake = () => {
    for (const deliverer of deliverers) deliverer.wake();
  };
  const publish = publishTo(tables, clock);
  /** Null where the file cannot be read: the deliverers, once awake, say so and rest. */
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
      if (clock.now() - trimmed >= TRIMS_EVERY) {
        trimmed = clock.now();
        tables.trim(trimmed);
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
      if (!tables.seek(subscription, since)) throw new Error(`there is no subscription ${subscription}`);
      wake();
    },
    deadLetters: async ({ limit = 100 } = {}) => tables.deadLetters(limit),
    dropDeadLetters: async (messageIds) => tables.dropDeadLetters(messageIds),
    async close() {
      clearInterval(watch);
      await Promise.all(deliverers.map((deliverer) => deliverer.stop()));
      http?.close();
      tables.close();
    },
  };
}
