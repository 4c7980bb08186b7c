import { mkdirSync } from "node:fs";
import {
  allIndexes,
  type BusAdmin,
  createLedger,
  type Ledger,
  type Subscription,
  systemClock,
} from "@mrdata/platform";
import { openEmbeddedBus, openEmbeddedPublisher, openEmbeddedStore } from "@mrdata/platform/embedded";
import { openGoogleBus, openGoogleStore } from "@mrdata/platform/google";
import { localFiles } from "@mrdata/runtime";
import type { EmulatorHosts } from "../emulators/emulators.ts";
import { PATIENCE_MS } from "../emulators/patience.ts";
import { pubsubAdmin } from "../emulators/pubsub-admin.ts";
import type { DeclaredSystem } from "./declared-system.ts";

/** What stands in for Pub/Sub and Firestore on this machine. */
export type Wires = {
  /** Variables that lead a function there; everything else is as declared. */
  readonly env: Readonly<Record<string, string>>;
  /** As `mrdata --target` takes it. */
  readonly target: string;
  readonly ledger: Ledger;
  /** Makes these subscriptions and has them push; `ordered` as PubsubAdmin has it. */
  push(subscriptions: readonly Subscription[], options?: { readonly ordered: boolean }): Promise<void>;
  deadLetters(): ReturnType<BusAdmin["deadLetters"]>;
  close(): Promise<void>;
};

/** Google's emulators where they are; else the embedded bus and ledger. */
export function wiresOf(system: DeclaredSystem, emulators: EmulatorHosts, home: string): Promise<Wires> {
  return emulators.available ? onEmulators(system, emulators) : embedded(system, home);
}

/** Topics outlive the wires: they are made once a project. */
const prepared = new Map<string, Promise<void>>();

async function onEmulators(
  { database, topics, pulls }: DeclaredSystem,
  { pubsubHost, firestoreHost }: Extract<EmulatorHosts, { available: true }>,
): Promise<Wires> {
  const { project, name } = database;
  const admin = pubsubAdmin(pubsubHost, project);
  const prepare = async () => {
    for (const topic of topics) await admin.topic(topic);
    for (const pull of pulls) await admin.pullSubscription(pull.name, pull.topic);
  };
  const ready = prepared.get(project) ?? prepare();
  prepared.set(project, ready);
  await ready;
  const made: string[] = [];
  const [dead] = pulls;
  const bus = openGoogleBus({
    project,
    host: pubsubHost,
    ...(dead === undefined ? {} : { deadLetterSubscription: dead.name }),
  });
  const ledger = createLedger(
    openGoogleStore({
      project,
      database: name,
      host: firestoreHost,
      timeout: PATIENCE_MS,
      transactionTimeout: PATIENCE_MS,
    }),
  );
  return {
    env: { PUBSUB_EMULATOR_HOST: pubsubHost, FIRESTORE_EMULATOR_HOST: firestoreHost },
    target: `gcp:${project}/${name}`,
    ledger,
    async push(subscriptions, options) {
      for (const one of subscriptions) {
        await admin.pushSubscription(one, options);
        made.push(one.name);
      }
    },
    deadLetters: () => bus.deadLetters(),
    async close() {
      await bus.close();
      for (const one of made.splice(0)) await admin.deleteSubscription(one);
      await ledger.close();
    },
  };
}

async function embedded({ functions }: DeclaredSystem, home: string): Promise<Wires> {
  // A local target is of one stack alone: functions publish to names that no suffix ends.
  // Who meets no topic is not told of it.
  const suffix =
    functions.find(({ environment }) => environment.MRDATA_SUFFIX)?.environment.MRDATA_SUFFIX ?? "";
  const bare = (name: string): string =>
    name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
  mkdirSync(home, { recursive: true });
  const files = localFiles(home);
  const ledger = createLedger(openEmbeddedStore({ file: files.ledger, indexes: allIndexes }));
  const closing: (() => Promise<void>)[] = [];
  return {
    env: { MRDATA_TARGET: `local:${home}` },
    target: `local:${home}`,
    ledger,
    async push(subscriptions) {
      const bus = openEmbeddedBus({
        file: files.bus,
        clock: systemClock,
        subscriptions: subscriptions.map((one) => ({
          ...one,
          topic: bare(one.topic),
          deadLetterTopic: bare(one.deadLetterTopic),
        })),
      });
      bus.start();
      closing.push(() => bus.close());
    },
    async deadLetters() {
      const bus = openEmbeddedPublisher({ file: files.bus, clock: systemClock });
      try {
        return await bus.deadLetters();
      } finally {
        await bus.close();
      }
    },
    async close() {
      for (const close of closing.splice(0)) await close();
      await ledger.close();
    },
  };
}
