import type { Clock } from "@mrdata/platform";
import { openEmbeddedBus } from "@mrdata/platform/embedded";
import { describe, expect, test } from "vitest";
import { subscriptionsOf } from "../local-stack.ts";
import { OUTAGE_MS } from "../sweep/read-notes-after-outage.ts";
import { deployedDelivery, localDelivery } from "./delivery.ts";

const START = 1_770_000_000_000;

type Delivered = {
  readonly ackDeadline: number;
  readonly retry: { readonly minimum: number; readonly maximum: number };
  readonly maxDeliveryAttempts: number;
};

const asDeployed: Delivered = {
  ackDeadline: deployedDelivery.ackDeadlineSeconds * 1_000,
  retry: {
    minimum: deployedDelivery.minimumBackoffSeconds * 1_000,
    maximum: deployedDelivery.maximumBackoffSeconds * 1_000,
  },
  maxDeliveryAttempts: deployedDelivery.maxDeliveryAttempts,
};

/** When a message that is always refused is pushed, milliseconds after it was published; played on the bus itself. */
async function pushesOf({ ackDeadline, retry, maxDeliveryAttempts }: Delivered): Promise<readonly number[]> {
  let now = START;
  // Time passes only where somebody waits for the next try.
  const clock: Clock = {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        if (milliseconds === ackDeadline) return;
        now += milliseconds;
        resolve();
      }),
  };
  const pushedAt: number[] = [];
  const deadLetterTopic = "dead";
  const bus = openEmbeddedBus({
    file: ":memory:",
    clock,
    random: () => 0,
    subscriptions: [
      // A deadline of its own, so that it can be distinguished from a wait before the next attempt.
      { name: "s", topic: "t", pushEndpoint: "-", ackDeadline, retry, maxDeliveryAttempts, deadLetterTopic },
    ],
    push: async () => {
      pushedAt.push(now - START);
      return { status: 503, text: "the ledger is locked" };
    },
  });
  await bus.publish("t", { data: Buffer.from("{}"), attributes: {}, orderingKey: "" });
  bus.start();
  await bus.idle();
  await bus.close();
  return pushedAt;
}

describe("a note that is refused for as long as the ledger takes no writes", () => {
  test.each([
    ["deployed", asDeployed],
    ["on one machine", { ...localDelivery, ackDeadline: 60_001 }],
  ])(
    "comes again afterwards or is read again by the sweep: %s, after every length of outage",
    async (_, how) => {
      const pushes = await pushesOf(how);
      const last = Math.max(...pushes);
      expect(pushes).toHaveLength(how.maxDeliveryAttempts);
      for (let outage = 0; outage <= 180 * 60_000; outage += 60_000)
        expect({ outage, isHeard: outage < last || outage >= OUTAGE_MS }).toEqual({ outage, isHeard: true });
      // Well beyond it: a ledger that comes back for a moment, just long enough for the sweep to note it, loses nothing either.
      expect(last).toBeGreaterThan(4 * OUTAGE_MS);
    },
  );

  test("both subscriptions of one machine deliver so", () => {
    for (const subscription of subscriptionsOf("")) expect(subscription).toMatchObject(localDelivery);
  });
});
