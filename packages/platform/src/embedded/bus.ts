import { assertCarriable, type Bus, type BusAdmin, type Subscription } from "../bus.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type BusTables, openBusTables } from "./bus-tables.ts";
import { type Deliverer, startDeliverer } from "./deliverer.ts";
import { waitingFor } from "./patience.ts";
import { httpPush, type Push } from "./push.ts";
import { PATIENCE } from "./sqlite.ts";

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
  /** What each push over HTTP shows to the function that it reaches, as `Authorization: Bearer`. */
  readonly bearer?: string;
  /** Pushes under way at a time, per subscription. */
  readonly concurrency?: number;
  /** How often to look for what other processes published, milliseconds of real time. */
  readonly poll?: number;
  readonly random?: () => number;
};

/** How often messages that are past their retention are removed while a bus runs, milliseconds. */
const TRIMS_EVERY = 86_400_000;

/**
 * The most that publishing may take while another process locks the file, milliseconds: PagerDuty waits 5 s for an answer, and
 * what could not be stored is answered with 503, so that it sends again.
 */
const PUBLISHING = 3_500;

const publishTo = (tables: BusTables, clock: Clock): Bus["publish"] => {
  const writing = waitingFor(PUBLISHING);
  return async (topic, message) => {
    assertCarriable(topic, message);
    return { messageId: await writing(() => tables.publish(topic, message, clock.now())) };
  };
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
  const waiting = waitingFor(PATIENCE);
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
  const waiting = waitingFor(PATIENCE);
  const http = httpPush({ bearer: options.bearer });
  const push = options.push ?? http;
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
        // What was published is stored: that the old cannot be removed just now is no failure of it.
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
