import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DEAD_TOPIC,
  LEDGER_SUBSCRIPTION,
  MODEL_SUBSCRIPTION,
  subscriptionsOf,
  TOPIC,
} from "@mrdata/functions";
import { bundleEntry, bundleFunctions } from "@mrdata/functions/bundle";
import type { DocumentStore } from "@mrdata/platform";
import { openGoogleBus, openGoogleStore } from "@mrdata/platform/google";
import { emulators } from "../emulators/emulators.ts";
import { pubsubAdmin } from "../emulators/pubsub-admin.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";
import { aside, atLeast, atMost, type Figure, median } from "./figure.ts";

const BURST = 2_000;
const ROUNDS = 3;
const root = join(import.meta.dirname, "../..");

type Hosts = { readonly pubsubHost: string; readonly firestoreHost: string };
/** Who takes the pushes of each subscription, and the collections that are full once all is done. */
type Contender = {
  readonly name: "pipeline" | "baseline";
  readonly start: (
    project: string,
    env: Readonly<Record<string, string>>,
  ) => Promise<Readonly<Record<string, FunctionProcess>>>;
  readonly collections: readonly string[];
};

/**
 * 2,000 incidents published at once to the topic with its two subscriptions, until all their documents are there:
 * `respond` and `record` beside two functions that do one Firestore transaction each, in turns, on the same emulators.
 */
export async function benchEmulatorBurst(): Promise<readonly Figure[]> {
  const hosts = await emulators();
  if (!hosts.available) {
    process.stderr.write(`  skipped: ${hosts.reason}\n  provide it with: ${hosts.command}\n`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "mrdata-burst-"));
  try {
    await bundleFunctions(folder);
    const least = join(folder, "oneTransaction");
    await bundleEntry(join(root, "test/bench/entries/one-transaction.ts"), join(least, "index.js"));
    writeFileSync(join(least, "package.json"), JSON.stringify({ main: "index.js" }));

    const pipeline: Contender = {
      name: "pipeline",
      collections: ["predictions", "incidents"],
      start: async (project, env) => {
        const settings = { ...env, MRDATA_TARGET: `gcp:${project}/(default)` };
        const start = (name: string) => startFunction(join(folder, name), name, settings);
        return { [MODEL_SUBSCRIPTION]: await start("respond"), [LEDGER_SUBSCRIPTION]: await start("record") };
      },
    };
    const baseline: Contender = {
      name: "baseline",
      collections: ["left", "right"],
      start: async (project, env) => {
        const start = (collection: string) =>
          startFunction(least, "oneTransaction", {
            ...env,
            BENCH_PROJECT: project,
            BENCH_COLLECTION: collection,
          });
        return { [MODEL_SUBSCRIPTION]: await start("left"), [LEDGER_SUBSCRIPTION]: await start("right") };
      },
    };
    const seconds = { pipeline: [] as number[], baseline: [] as number[] };
    let lost = 0;
    // The first round is for the emulators alone: they push slowly until they are warm.
    for (let round = 0; round <= ROUNDS; round++) {
      // Who comes second finds them a little warmer: each comes second in turn.
      for (const contender of round % 2 === 0 ? [baseline, pipeline] : [pipeline, baseline]) {
        const took = await burst(contender, hosts, `bench-${contender.name}-${round}`);
        if (contender === pipeline) lost += took.lost;
        if (round > 0) seconds[contender.name].push(took.seconds);
        process.stderr.write(
          `  ${round === 0 ? "warming" : `round ${round} of ${ROUNDS}`}: ${contender.name} ${took.seconds.toFixed(1)} s\n`,
        );
      }
    }
    return [
      atLeast(
        "emulator.burst",
        // Of each round by itself: what slowed the machine for one of them slowed both.
        median(seconds.baseline.map((took, i) => took / (seconds.pipeline[i] ?? Number.NaN))),
        "of one transaction",
        0.8,
      ),
      aside("emulator.burst.seconds", median(seconds.pipeline), "s"),
      aside("emulator.burst.baseline", median(seconds.baseline), "s"),
      atMost("emulator.burst.lost", lost, "incidents", 0),
    ];
  } finally {
    await hosts.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function burst(
  { start, collections }: Contender,
  { pubsubHost, firestoreHost }: Hosts,
  project: string,
): Promise<{ readonly seconds: number; readonly lost: number }> {
  const admin = pubsubAdmin(pubsubHost, project);
  for (const topic of [TOPIC, DEAD_TOPIC]) await admin.topic(topic);
  const functions = await start(project, {
    PUBSUB_EMULATOR_HOST: pubsubHost,
    FIRESTORE_EMULATOR_HOST: firestoreHost,
  });
  const bus = openGoogleBus({ project, host: pubsubHost });
  const store = openGoogleStore({ project, database: "(default)", host: firestoreHost });
  const subscriptions = subscriptionsOf("").map((subscription) => ({
    ...subscription,
    pushEndpoint: `${functions[subscription.name]?.url}/`,
  }));
  try {
    for (const subscription of subscriptions) await admin.pushSubscription(subscription);
    const publish = (i: number) =>
      bus.publish(TOPIC, { data: messageOf(i), attributes: {}, orderingKey: "" });
    const latest = performance.now() + 180_000;
    // A function opens what it needs at its first message: how long that takes is `cold`.
    await publish(BURST);
    const ready = await fill(store, collections, { wanted: 1, latest });
    const started = performance.now();
    await Promise.all(Array.from({ length: BURST }, (_, i) => publish(i)));
    const done = await fill(store, collections, { wanted: BURST + 1, latest });
    return { seconds: (performance.now() - started) / 1_000, lost: BURST + ready - done };
  } finally {
    for (const { name } of subscriptions) await admin.deleteSubscription(name);
    await Promise.all(Object.values(functions).map((one) => one.stop()));
    await Promise.all([bus.close(), store.close()]);
  }
}

/** Waits until every collection holds so many; the least that any of them holds. */
async function fill(
  store: DocumentStore,
  collections: readonly string[],
  { wanted, latest }: { readonly wanted: number; readonly latest: number },
): Promise<number> {
  const started = performance.now();
  for (;;) {
    const counts = await Promise.all(collections.map((collection) => store.count({ collection })));
    const least = Math.min(...counts);
    const now = performance.now();
    if (least >= wanted || now > latest) return least;
    // Each look costs the emulator, too: often only where the end is near.
    const left = ((now - started) * (wanted - least)) / Math.max(least, 1);
    await sleep(Math.min(1_000, Math.max(50, left / 2)));
  }
}

/** Twenty services, eight alert types each. */
const messageOf = (i: number): Buffer =>
  bytesOf(
    webhook({
      type: "triggered",
      incident: `PB${i}`,
      at: Date.now(),
      service: `PSVC${i % 20}`,
      title: `Alarm ${"abcdefgh"[i % 8]} on host-${i}`,
    }),
  );
