import { deployedDelivery } from "@mrdata/functions";
import { type Bus, type BusMessage, writePushEnvelope } from "@mrdata/platform";
import { type Handler, type HandlerResponse, requestOf } from "@mrdata/runtime";
import type { DiscreteClock } from "@mrdata/simulator";
import { within } from "./instances.ts";

/** What the bus does wrong, for a share of the messages. Durations are milliseconds of the clock. */
export type BusFaults = {
  readonly duplicate: number;
  readonly delay: number;
  /** How late a delayed message may come. */
  readonly latest: number;
  /** How late a duplicate may come; as late as `latest` if left out. */
  readonly latestDuplicate?: number;
  /** Publishing fails. */
  readonly refuse: number;
};

const noBusFaults: BusFaults = { duplicate: 0, delay: 0, latest: 0, refuse: 0 };

export type InProcessBus = Bus & {
  setFaults(faults: BusFaults): void;
  readonly deadLetters: readonly DeadMessage[];
  /** What a person does when the trouble is over: every dead letter is published again, the whole way. Answers with how many were; what the bus refuses stays. */
  replayDeadLetters(): Promise<number>;
  /** Messages that were published and not acknowledged yet. */
  waiting(): number;
};

type DeadMessage = BusMessage & { readonly reason: string };

type Subscriber = { readonly name: string; readonly handler: () => Handler };

const FIRST_STEP = deployedDelivery.minimumBackoffSeconds * 1_000;
const MAX_STEP = deployedDelivery.maximumBackoffSeconds * 1_000;
const ATTEMPTS = deployedDelivery.maxDeliveryAttempts;
const ACK_DEADLINE = deployedDelivery.ackDeadlineSeconds * 1_000;

/**
 * A bus in this process, on the simulation's clock: at least once, again with backoff until acknowledged, in order
 * within a key, dead letters with their reason. The same rules as the adapters, without their disks and sockets.
 */
export function createInProcessBus(options: {
  readonly clock: DiscreteClock;
  readonly topic: string;
  readonly subscribers: readonly Subscriber[];
  readonly random: () => number;
}): InProcessBus {
  const { clock, topic, subscribers, random } = options;
  let faults = noBusFaults;
  let count = 0;
  let waiting = 0;
  const deadLetters: DeadMessage[] = [];
  /** The last message of each subscription and key: the next one waits for it. */
  const tails = new Map<string, Promise<void>>();

  const drawDelay = (): number => (random() < faults.delay ? Math.floor(random() * faults.latest) : 0);

  async function deliver(subscriber: Subscriber, messageId: string, message: BusMessage): Promise<void> {
    const publishTime = clock.now();
    for (let attempt = 1; ; attempt++) {
      const reason = await push(subscriber, messageId, message, publishTime, attempt);
      if (reason === null) break;
      if (attempt === ATTEMPTS) {
        deadLetters.push({ ...message, reason });
        break;
      }
      await clock.sleep(Math.min(MAX_STEP, FIRST_STEP * 2 ** (attempt - 1)));
    }
    waiting--;
  }

  async function push(
    { name, handler }: Subscriber,
    messageId: string,
    message: BusMessage,
    publishTime: number,
    deliveryAttempt: number,
  ): Promise<string | null> {
    const body = Buffer.from(
      writePushEnvelope({ ...message, messageId, publishTime, subscription: name, deliveryAttempt }),
    );
    try {
      const response = await within<HandlerResponse | null>(
        clock,
        ACK_DEADLINE,
        handler()(requestOf("POST", "http://function/", {}, body)),
        () => null,
      );
      if (response === null) return `no answer within ${ACK_DEADLINE} ms`;
      return response.ok ? null : `HTTP ${response.status}: ${(await response.text()).trim()}`;
    } catch (error) {
      return error instanceof Error ? error.message : "unknown error";
    }
  }

  function enqueue(subscriber: Subscriber, messageId: string, message: BusMessage, wait: number): void {
    waiting++;
    // A message that is delayed on the way is overtaken by the later ones of its key: that is the disorder.
    if (wait > 0) {
      clock.schedule(clock.now() + wait, () => void deliver(subscriber, messageId, message));
      return;
    }
    if (message.orderingKey === "") {
      void deliver(subscriber, messageId, message);
      return;
    }
    const key = `${subscriber.name} ${message.orderingKey}`;
    const mine = (tails.get(key) ?? Promise.resolve()).then(() => deliver(subscriber, messageId, message));
    tails.set(key, mine);
    void mine.then(() => {
      if (tails.get(key) === mine) tails.delete(key);
    });
  }

  async function publish(to: string, message: BusMessage): Promise<{ readonly messageId: string }> {
    if (random() < faults.refuse) throw new Error("the bus is down");
    const messageId = String(++count);
    if (to !== topic) {
      deadLetters.push({ ...message, reason: message.attributes.reason ?? "unknown" });
      return { messageId };
    }
    for (const subscriber of subscribers) {
      enqueue(subscriber, messageId, message, drawDelay());
      if (random() < faults.duplicate)
        enqueue(
          subscriber,
          messageId,
          message,
          1 + Math.floor(random() * (faults.latestDuplicate ?? faults.latest)),
        );
    }
    return { messageId };
  }

  return {
    deadLetters,
    waiting: () => waiting,
    setFaults(next) {
      faults = next;
    },
    publish,
    async replayDeadLetters() {
      const again = deadLetters.splice(0);
      let published = 0;
      for (const dead of again) {
        const { reason: _, ...message } = dead;
        try {
          await publish(topic, message);
          published++;
        } catch {
          // It is a dead letter still, and the next attempt finds it.
          deadLetters.push(dead);
        }
      }
      return published;
    },
  };
}
