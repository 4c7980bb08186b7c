import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LEDGER_SUBSCRIPTION, MODEL_SUBSCRIPTION, subscriptionsOf } from "@mrdata/functions";
import { subjectsOf } from "@mrdata/incident";
import { signBody } from "@mrdata/pagerduty";
import { allIndexes, createLedger, type Ledger, systemClock } from "@mrdata/platform";
import { openEmbeddedBus, openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { expect, it, onTestFinished } from "vitest";
import { bundledFunctions } from "../support/bundled.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const SECRET = "secret-of-the-killing";
const WINDOW = 300_000;
const SERVICE = "PSVC001";
const TITLE = "Disk full";

/** An incident of an hour ago, and its end: both are told while processes die. */
const story = (incident: string): readonly Buffer[] => {
  const at = Date.now() - 3_600_000;
  const common = { incident, service: SERVICE, title: TITLE };
  return [
    webhook({ ...common, type: "triggered", at }),
    webhook({ ...common, type: "resolved", at: at + 60_000 }),
  ].map(bytesOf);
};

const send = async (url: string, body: Buffer): Promise<boolean> => {
  try {
    const headers = { "content-type": "application/json", "x-pagerduty-signature": signBody(body, SECRET) };
    return (await fetch(url, { method: "POST", headers, body: new Uint8Array(body) })).ok;
  } catch {
    return false;
  }
};

/** Sends stories; the events of each incident that were accepted, which is what must never be lost. */
async function tell(url: string, incidents: readonly string[], accepted: Map<string, number>): Promise<void> {
  await Promise.all(
    incidents.map(async (incident) => {
      for (const body of story(incident))
        if (await send(url, body)) accepted.set(incident, (accepted.get(incident) ?? 0) + 1);
    }),
  );
}

/**
 * Waits until every accepted event is on its timeline and every opening has its prediction, then counts: each is there
 * once, however often it was delivered, and the track records know of as many events as the timelines.
 */
async function expectNothingLost(ledger: Ledger, accepted: ReadonlyMap<string, number>): Promise<void> {
  const missing = async () => {
    const kept = await Promise.all(
      [...accepted].map(async ([id, events]) => {
        const known = await ledger.incident(id);
        return (known?.events.length ?? 0) >= events && (await ledger.prediction(id)) !== null;
      }),
    );
    return kept.filter((found) => !found).length;
  };
  await expect.poll(missing, { interval: 250 }).toBe(0);
  let events = 0;
  for await (const one of ledger.pastIncidents()) {
    events += one.events.length;
    if (one.events.length === 2) expect(one.state.outcome).toBe("self-resolved");
  }
  for (const { versions } of await ledger.trackRecords(subjectsOf(SERVICE, TITLE), WINDOW))
    expect(Object.values(versions).reduce((sum, version) => sum + version, 0)).toBe(events);
}

const openLedgerOf = (home: string): Ledger => {
  const ledger = createLedger(openEmbeddedStore({ file: localFiles(home).ledger, indexes: allIndexes }));
  onTestFinished(() => ledger.close());
  return ledger;
};

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), "mrdata-kill-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

async function serve(home: string): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const child = spawn(
    process.execPath,
    ["packages/cli/src/main.ts", "serve", "--port", "0", "--home", home, "--json"],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, MRDATA_WEBHOOK_SECRET: SECRET } },
  );
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { process: child, url: JSON.parse(String(line)).webhookUrl };
}

/** So many incidents tell something. */
const ENOUGH = 100;

it("kill -9 of the server at any moment loses no webhook that was accepted, and counts none twice", async () => {
  const home = temporaryHome();
  const accepted = new Map<string, number>();
  // A busy machine has accepted little by then: rounds go on, each longer than the one before.
  for (let round = 0; round < 16 || accepted.size <= ENOUGH; round++) {
    const { process: server, url } = await serve(home);
    // From the first request on to long after the last, when all that is left is what the bus still has.
    const killed = new Promise<void>((resolve) =>
      setTimeout(() => server.kill("SIGKILL") && resolve(), 10 + round ** 2 * 5),
    );
    const incidents = Array.from({ length: 80 }, (_, i) => `P${round}X${i}`);
    await Promise.all([killed, tell(url, incidents, accepted)]);
  }
  const { process: last, url } = await serve(home);
  await tell(url, ["PLAST"], accepted);
  expect(accepted.get("PLAST")).toBe(2);
  expect(accepted.size).toBeGreaterThan(ENOUGH);
  await expectNothingLost(openLedgerOf(home), accepted);
  last.kill("SIGTERM");
  expect((await once(last, "exit"))[0]).toBe(0);
});

it("kill -9 of each function's own process, again and again, loses nothing that receive accepted", async () => {
  const home = temporaryHome();
  const archives = await bundledFunctions();
  const env = { MRDATA_TARGET: `local:${home}`, MRDATA_WEBHOOK_SECRET: SECRET };
  const running = new Map<string, FunctionProcess>();
  onTestFinished(async () => {
    for (const one of running.values()) await one.stop();
  });
  // A function that was killed comes back at another port, so the bus is asked to push there anew.
  const start = async (name: string) =>
    running.set(name, await startFunction(archives.get(name) ?? "", name, env));
  for (const name of ["receive", "respond", "record"]) await start(name);
  const openBus = () => {
    const urlOf: Readonly<Record<string, string>> = {
      [MODEL_SUBSCRIPTION]: running.get("respond")?.url ?? "",
      [LEDGER_SUBSCRIPTION]: running.get("record")?.url ?? "",
    };
    const subscriptions = subscriptionsOf("").map((one) => ({
      ...one,
      retry: { minimum: 50, maximum: 500 },
      // Dead letters are for what keeps failing, not for what is killed every second.
      maxDeliveryAttempts: 100,
      pushEndpoint: `${urlOf[one.name]}/`,
    }));
    const bus = openEmbeddedBus({ file: localFiles(home).bus, clock: systemClock, subscriptions });
    bus.start();
    return bus;
  };
  const accepted = new Map<string, number>();
  for (const [round, name] of ["respond", "record", "receive", "record", "respond", "receive"].entries()) {
    const bus = openBus();
    const incidents = Array.from({ length: 60 }, (_, i) => `P${round}Y${i}`);
    const told = tell(running.get("receive")?.url ?? "", incidents, accepted);
    await new Promise((resolve) => setTimeout(resolve, 40 + round * 70));
    running.get(name)?.process.kill("SIGKILL");
    await told;
    await bus.close();
    await start(name);
  }
  const bus = openBus();
  onTestFinished(() => bus.close());
  await tell(running.get("receive")?.url ?? "", ["PLAST"], accepted);
  expect(accepted.get("PLAST")).toBe(2);
  expect(accepted.size).toBeGreaterThan(ENOUGH);
  await expectNothingLost(openLedgerOf(home), accepted);
  expect(await bus.deadLetters()).toEqual([]);
});
