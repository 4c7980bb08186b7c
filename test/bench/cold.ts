import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LEDGER_SUBSCRIPTION, MODEL_SUBSCRIPTION, TOPIC } from "@mrdata/functions";
import { bundleEntry, bundleFunctions, manifests } from "@mrdata/functions/bundle";
import { signBody } from "@mrdata/pagerduty";
import { writePushEnvelope } from "@mrdata/platform";
import type { Manifest } from "@mrdata/runtime";
import { emulators } from "../emulators/emulators.ts";
import { startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";
import { aside, atMost, type Figure, median } from "./figure.ts";

const SECRET = "secret-of-the-benchmark";
const ROUNDS = 7;
const root = join(import.meta.dirname, "../..");

/**
 * Spawn to first answered request, which does its real work against the emulators: the deployed archive, built, beside the
 * same handler whose libraries come from node_modules, in turns on the same core, and a bare node:http hello. Of the functions
 * that people wait for; nobody waits for what learns or reports.
 */
export async function benchCold(): Promise<readonly Figure[]> {
  const hosts = await emulators();
  if (!hosts.available) {
    process.stderr.write(`  skipped: ${hosts.reason}\n  provide it with: ${hosts.command}\n`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "mrdata-cold-"));
  try {
    const env = {
      MRDATA_TARGET: "gcp:mrdata-bench/(default)",
      MRDATA_WEBHOOK_SECRET: SECRET,
      PUBSUB_EMULATOR_HOST: hosts.pubsubHost,
      FIRESTORE_EMULATOR_HOST: hosts.firestoreHost,
    };
    await makeTopic(hosts.pubsubHost);
    for (const archive of await bundleFunctions(join(folder, "bundled")))
      execFileSync(process.execPath, ["keep-compiled.js"], { cwd: archive.folder });
    const figures: Figure[] = [];
    const hello: number[] = [];
    for (let round = 0; round < ROUNDS; round++) hello.push(await bareHello(folder));
    for (const { name } of manifests.filter(isWaitedFor)) {
      const loose = join(folder, "loose", name);
      await bundleEntry(join(root, "packages/functions/src", name, "entry.ts"), join(loose, "index.js"), {
        libraries: "external",
      });
      writeFileSync(join(loose, "package.json"), JSON.stringify({ main: "index.js" }));
      linkLibraries(join(loose, "node_modules"));
      const took: { bundled: number[]; loose: number[] } = { bundled: [], loose: [] };
      for (let round = 0; round <= ROUNDS; round++) {
        for (const kind of ["bundled", "loose"] as const) {
          const milliseconds = await coldStart(join(folder, kind, name), name, env, `${kind}${round}`);
          // The first of each fills the disk's cache.
          if (round > 0) took[kind].push(milliseconds);
        }
      }
      figures.push(
        atMost(`cold.${name}`, median(took.bundled) / median(took.loose), "of node_modules", 0.95),
        aside(`cold.${name}.milliseconds`, median(took.bundled), "ms"),
        aside(`cold.${name}.node_modules`, median(took.loose), "ms"),
      );
    }
    return [...figures, aside("cold.hello", median(hello), "ms, bare node:http")];
  } finally {
    await hosts.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Not so where the manifest says that no page waits for it. */
const isWaitedFor = (manifest: Manifest): boolean => manifest.wakesPeople !== false;

async function coldStart(
  folder: string,
  name: string,
  env: Readonly<Record<string, string>>,
  run: string,
): Promise<number> {
  const started = performance.now();
  const server = await startFunction(folder, name, env, { core: 1 });
  try {
    const { body, headers } = requestFor(name, run);
    const answer = await fetch(server.url, { method: "POST", headers, body: new Uint8Array(body) });
    if (!answer.ok)
      throw new Error(`${name} answered ${answer.status}: ${await answer.text()}\n${server.output()}`);
    return performance.now() - started;
  } finally {
    await server.stop();
  }
}

function requestFor(
  name: string,
  run: string,
): { readonly body: Buffer; readonly headers: Record<string, string> } {
  const event = bytesOf(webhook({ type: "triggered", incident: `PCOLD${run}`, at: Date.now() }));
  const headers = { "content-type": "application/json" };
  if (name === "receive")
    return { body: event, headers: { ...headers, "x-pagerduty-signature": signBody(event, SECRET) } };
  const subscription = name === "respond" ? MODEL_SUBSCRIPTION : LEDGER_SUBSCRIPTION;
  const message = {
    data: event,
    attributes: {},
    orderingKey: "",
    messageId: run,
    publishTime: Date.now(),
    subscription,
    deliveryAttempt: null,
  };
  return { body: Buffer.from(writePushEnvelope(message)), headers };
}

async function makeTopic(host: string): Promise<void> {
  const answer = await fetch(`http://${host}/v1/projects/mrdata-bench/topics/${TOPIC}`, { method: "PUT" });
  if (!answer.ok && answer.status !== 409)
    throw new Error(`the emulator refused the topic: ${answer.status}`);
}

/** The libraries that the functions use, as an installation beside the code would have them. */
function linkLibraries(folder: string): void {
  mkdirSync(join(folder, "@google-cloud"), { recursive: true });
  for (const name of [
    "zod",
    "google-auth-library",
    "@google-cloud/pubsub",
    "@google-cloud/firestore",
    "@google-cloud/storage",
  ]) {
    symlinkSync(join(root, "packages/platform/node_modules", name), join(folder, name));
  }
}

/** Spawn to first answer of the least server that there is. */
async function bareHello(folder: string): Promise<number> {
  const file = join(folder, "hello.cjs");
  writeFileSync(
    file,
    'require("node:http").createServer((q, a) => a.end("hello")).listen(0, "127.0.0.1", function () { console.log(this.address().port) })',
  );
  const started = performance.now();
  const child = spawn("taskset", ["-c", "1", process.execPath, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = await once(createInterface({ input: child.stdout }), "line");
    await (await fetch(`http://127.0.0.1:${String(port)}`)).text();
    return performance.now() - started;
  } finally {
    child.kill("SIGKILL");
  }
}
