import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  allIndexes,
  type DocumentStore,
  type ModelStore,
  memoryResults,
  type ResultStore,
  systemClock,
} from "@mrdata/platform";
import {
  type EmbeddedBus,
  openEmbeddedBus,
  openEmbeddedModels,
  openEmbeddedResults,
  openEmbeddedStore,
} from "@mrdata/platform/embedded";
import { openGoogleBus, openGoogleModels, openGoogleResults, openGoogleStore } from "@mrdata/platform/google";
import { inject, onTestFinished } from "vitest";
import { PATIENCE_MS } from "../emulators/patience.ts";
import { pubsubAdmin } from "../emulators/pubsub-admin.ts";
import { startStorageServer } from "../emulators/storage-server.ts";
import { createMemoryStore } from "../simulation/memory-store.ts";
import type { Adapter } from "./adapter.ts";
import type { BusUnderTest } from "./bus.contract.ts";

const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "mrdata-contract-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

const emulators = inject("emulators");
const hosts = emulators.available ? emulators : { pubsubHost: "", firestoreHost: "" };
const skip = emulators.available ? undefined : `${emulators.reason}; to have it run: ${emulators.command}`;

/** A project of its own keeps every test's documents and messages apart. */
const newProject = () => `test-${randomUUID().slice(0, 18)}`;

export const documentStores: readonly Adapter<DocumentStore>[] = [
  {
    name: "embedded",
    open: () => openEmbeddedStore({ file: join(folder(), "ledger.db"), indexes: allIndexes }),
  },
  // What simulations run on.
  { name: "memory", open: createMemoryStore },
  {
    name: "google",
    skip,
    open: () =>
      openGoogleStore({
        project: newProject(),
        database: "(default)",
        host: hosts.firestoreHost,
        timeout: PATIENCE_MS,
        transactionTimeout: PATIENCE_MS,
      }),
  },
];

export const buses: readonly Adapter<BusUnderTest>[] = [
  {
    name: "embedded",
    open() {
      const dir = mkdtempSync(join(tmpdir(), "mrdata-contract-"));
      let opened: EmbeddedBus | undefined;
      return {
        async start(subscriptions) {
          opened = openEmbeddedBus({ file: join(dir, "bus.db"), clock: systemClock, subscriptions });
          opened.start();
          return opened;
        },
        async close() {
          await opened?.close();
          rmSync(dir, { recursive: true, force: true });
        },
      };
    },
  },
  {
    name: "google",
    skip,
    open() {
      const project = newProject();
      const admin = pubsubAdmin(hosts.pubsubHost, project);
      const bus = openGoogleBus({
        project,
        host: hosts.pubsubHost,
        deadLetterSubscription: "dead-read",
        timeout: PATIENCE_MS,
      });
      const subscribed: string[] = [];
      return {
        async start(subscriptions, options = {}) {
          const topics = subscriptions.flatMap(({ topic, deadLetterTopic }) => [topic, deadLetterTopic]);
          for (const topic of new Set(topics)) await admin.topic(topic);
          await admin.pullSubscription("dead-read", "dead");
          for (const subscription of subscriptions) {
            await admin.pushSubscription(subscription, options);
            subscribed.push(subscription.name);
          }
          return bus;
        },
        async close() {
          for (const name of subscribed) await admin.deleteSubscription(name);
          await bus.close();
        },
      };
    },
  },
];

export const modelStores: readonly Adapter<ModelStore>[] = [
  { name: "embedded", open: () => openEmbeddedModels({ dir: join(folder(), "models") }) },
  {
    // Cloud Storage has no emulator of Google's: the client talks to a server that keeps its preconditions.
    name: "google",
    async open() {
      const server = await startStorageServer();
      onTestFinished(() => server.stop());
      return openGoogleModels({ bucket: "models", apiEndpoint: server.endpoint });
    },
  },
];

export const resultStores: readonly Adapter<ResultStore>[] = [
  { name: "embedded", open: () => openEmbeddedResults({ dir: join(folder(), "training") }) },
  // What a training in one process runs on.
  { name: "memory", open: memoryResults },
  {
    name: "google",
    async open() {
      const server = await startStorageServer();
      onTestFinished(() => server.stop());
      return openGoogleResults({ bucket: "models", apiEndpoint: server.endpoint });
    },
  },
];
