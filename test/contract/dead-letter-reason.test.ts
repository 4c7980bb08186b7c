import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRecord,
  DEAD_TOPIC,
  type DeadLetterBus,
  LEDGER_SUBSCRIPTION,
  openDeadLetters,
  TOPIC,
} from "@mrdata/functions";
import { type Bus, createLedger, type Subscription, systemClock } from "@mrdata/platform";
import { openEmbeddedBus } from "@mrdata/platform/embedded";
import { listen, localFiles, type Target } from "@mrdata/runtime";
import { describe, expect, inject, onTestFinished, vi } from "vitest";
import { pubsubAdmin } from "../emulators/pubsub-admin.ts";
import { createMemoryStore } from "../simulation/memory-store.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";
import { type Adapter, testOf } from "./adapter.ts";

/** Where a subscription of `record` delivers by a bus of its kind, and where its dead letters are read. */
type Delivering = { readonly target: Target; start(subscription: Subscription): Promise<void> };

const emulators = inject("emulators");

const deliveries: readonly Adapter<Delivering>[] = [
  {
    name: "embedded",
    open() {
      const directory = mkdtempSync(join(tmpdir(), "mrdata-reason-"));
      onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
      return {
        target: { kind: "local", directory },
        async start(subscription) {
          const { bus: file } = localFiles(directory);
          const bus = openEmbeddedBus({ file, clock: systemClock, subscriptions: [subscription] });
          onTestFinished(() => bus.close());
          bus.start();
        },
      };
    },
  },
  {
    name: "google",
    skip: emulators.available ? undefined : `${emulators.reason}; to have it run: ${emulators.command}`,
    open() {
      const host = emulators.available ? emulators.pubsubHost : "";
      const project = `test-${randomUUID().slice(0, 18)}`;
      const admin = pubsubAdmin(host, project);
      // As `mrdata dead-letters` finds an emulator.
      vi.stubEnv("PUBSUB_EMULATOR_HOST", host);
      onTestFinished(() => {
        vi.unstubAllEnvs();
      });
      return {
        target: { kind: "gcp", project, database: "(default)" },
        async start(subscription) {
          for (const topic of [TOPIC, DEAD_TOPIC]) await admin.topic(topic);
          await admin.pullSubscription("pd-notify-dead-read", DEAD_TOPIC);
          await admin.pushSubscription(subscription);
          onTestFinished(() => admin.deleteSubscription(subscription.name));
        },
      };
    },
  },
];

for (const adapter of deliveries) {
  const test = testOf(adapter);
  describe(`a dead letter (${adapter.name})`, () => {
    test("tells the last error of the function that refused it, whatever id it was forwarded under", async () => {
      const { target, start } = await adapter.open();
      const store = createMemoryStore();
      // A document that nobody of this program wrote: whoever reads it fails, today and tomorrow.
      await store.set("incidents/PBROKEN", { incident: "PBROKEN" });
      await store.set("incidents/PBROKEN/events/E0", { id: "E0" });
      const ledger = createLedger(store);
      const bus: { now: DeadLetterBus | null } = { now: null };
      const publishing: Bus = {
        publish: async (topic, message) => {
          if (bus.now === null) throw new Error("not open yet");
          return bus.now.publish(topic, message);
        },
      };
      const record = createRecord(
        { bus: publishing, ledger, clock: systemClock, log: () => {} },
        { botUser: null, automationUsers: [] },
        { windowMs: 300_000 },
      );
      const server = await listen({ record }, 0);
      onTestFinished(() => server.close());
      await start({
        name: LEDGER_SUBSCRIPTION,
        topic: TOPIC,
        pushEndpoint: `${server.url}/record`,
        ackDeadline: 10_000,
        retry: { minimum: 100, maximum: 1_000 },
        maxDeliveryAttempts: 5,
        deadLetterTopic: DEAD_TOPIC,
      });
      const opened = await openDeadLetters(target, { clock: systemClock, ledger });
      onTestFinished(() => opened.close());
      bus.now = opened;
      const data = bytesOf(webhook({ type: "triggered", incident: "PBROKEN", at: Date.now() }));
      const attributes = { event: "EBROKEN", incident: "PBROKEN" };
      const { messageId } = await opened.publish(TOPIC, { data, attributes, orderingKey: "" });
      const letters = await vi.waitUntil(
        async () => {
          const found = await opened.deadLetters();
          return found.length > 0 ? found : null;
        },
        { timeout: 240_000, interval: 500 },
      );
      expect(letters).toMatchObject([
        {
          attributes,
          reason: expect.stringContaining("document incidents/PBROKEN/events/E0 cannot be read"),
        },
      ]);
      // What made the reason be lost: the bus gives the forwarded message an id of its own.
      expect(letters[0]?.messageId).not.toBe(messageId);
      expect(await ledger.failure(`record EBROKEN`)).toMatchObject({ source: "record" });
    });
  });
}
