import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signBody } from "@mrdata/pagerduty";
import { writePushEnvelope } from "@mrdata/platform";
import { afterAll, beforeAll, expect, inject, onTestFinished } from "vitest";
import { type EngineStack, openEngineStack } from "../engine/support/engine-stack.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { type FunctionProcess, startFunction } from "../support/function-process.ts";
import { jsonLines, mrdata } from "../support/mrdata.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";
import { type DeclaredFunction, type DeclaredSystem, declaredSystem } from "./declared-system.ts";
import { homeIn, type Wires, wiresOf } from "./wire.ts";

const SECRET = "signing-secret-of-the-laptop";
const emulators = inject("emulators");
const folder = mkdtempSync(join(tmpdir(), "mrdata-laptop-"));
// Emulators may outlive a run: each has a project of its own.
const project = `laptop-${randomUUID().slice(0, 12)}`;
let on: EngineStack;
let system: DeclaredSystem;

beforeAll(async () => {
  if (!engine.available) return;
  on = await openEngineStack("least", engine.binary);
  await on.configure({
    "gcp:project": project,
    "mrdata:projectNumber": "111111111111",
    "mrdata:suffix": "lap",
    // Not the default: a function that was not told would judge by another window.
    "mrdata:window": "10m",
    "mrdata:webhookSecret": SECRET,
  });
  await on.stack.must(["up", "--yes", "--skip-preview"]);
  const { stdout } = await on.stack.must(["stack", "export", "--show-secrets"]);
  system = declaredSystem(stdout, join(on.project.folder, "infra"));
  for (const one of system.functions) one.unpack(join(folder, one.entryPoint));
}, 300_000);
afterAll(async () => {
  if (engine.available) await on.remove();
  rmSync(folder, { recursive: true, force: true });
});

const without = (env: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([key]) => key !== name));

/** Starts a declared function as the platform does, with exactly its declared environment and secrets. */
async function start(
  { service, entryPoint, environment, secrets }: DeclaredFunction,
  wires: Wires,
  leftOut = "",
): Promise<FunctionProcess> {
  const env = without({ ...environment, ...secrets, ...wires.env }, leftOut);
  const running = await startFunction(join(folder, entryPoint), entryPoint, { K_SERVICE: service, ...env });
  onTestFinished(() => running.stop());
  return running;
}

async function wire(): Promise<Wires> {
  const wires = await wiresOf(system, emulators, homeIn(mkdtempSync(join(folder, "wires-"))));
  onTestFinished(() => wires.close());
  return wires;
}

/** All functions, and the declared subscriptions but for one that is left out, pushing to them. */
async function startAll(wires: Wires, leftOut = ""): Promise<ReadonlyMap<string, FunctionProcess>> {
  const running = new Map<string, FunctionProcess>();
  for (const one of system.functions) running.set(one.service, await start(one, wires));
  const pushes = system.pushes
    .filter(({ name }) => name !== leftOut)
    .map((push) => {
      const to = [...running].find(([service]) => push.pushEndpoint.startsWith(`https://${service}-`))?.[1];
      if (to === undefined) throw new Error(`${push.name} pushes to ${push.pushEndpoint}, where nobody is`);
      return { ...push, pushEndpoint: `${to.url}/` };
    });
  await wires.push(pushes);
  return running;
}

const functionOf = (entryPoint: string): DeclaredFunction => {
  const found = system.functions.find((one) => one.entryPoint === entryPoint);
  if (found === undefined) throw new Error(`no function ${entryPoint} is declared`);
  return found;
};

async function send(url: string, body: Buffer, secret = SECRET): Promise<number> {
  const headers = { "content-type": "application/json", "x-pagerduty-signature": signBody(body, secret) };
  const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
  await answer.arrayBuffer();
  return answer.status;
}

/** An incident that resolved itself after seven minutes: within the declared window of ten, and not within five. */
function story(incident: string): readonly Buffer[] {
  const at = Date.now() - 3_600_000;
  return [
    webhook({ type: "triggered", incident, at }),
    webhook({ type: "resolved", incident, at: at + 7 * 60_000 }),
  ].map(bytesOf);
}

engineTest(
  "what is declared takes a signed webhook through to the stored prediction and outcome",
  async () => {
    const wires = await wire();
    const running = await startAll(wires);
    const receive = running.get(functionOf("receive").service)?.url ?? "";
    for (const body of story("PLAP001")) expect(await send(receive, body)).toBe(200);
    await expect
      .poll(async () => (await wires.ledger.prediction("PLAP001"))?.decision, { timeout: 60_000 })
      .toBe("page");
    await expect
      .poll(async () => (await wires.ledger.incident("PLAP001"))?.state.outcome, { timeout: 60_000 })
      .toBe("self-resolved");
    // What the scheduler does every minute.
    const sweep = running.get(functionOf("sweep").service);
    expect((await fetch(sweep?.url ?? "", { method: "POST" })).status).toBeLessThan(300);

    const { MRDATA_SUFFIX = "", MRDATA_WINDOW = "" } = functionOf("record").environment;
    const env = { ...wires.env, MRDATA_SUFFIX, MRDATA_WINDOW, METADATA_SERVER_DETECTION: "none" };
    const { code, stdout, stderr } = await mrdata(
      ["explain", "PLAP001", "--target", wires.target, "--json"],
      {
        env,
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(jsonLines(stdout)).toMatchObject([
      { incident: "PLAP001", decision: "page", outcome: "self-resolved" },
    ]);
  },
);

engineTest("without one of its subscriptions, what it is for does not happen", async () => {
  for (const { name } of system.pushes) {
    const wires = await wire();
    const incident = `PLAP-${name}`.replaceAll(/[^A-Z0-9]/gi, "").toUpperCase();
    const running = await startAll(wires, name);
    for (const body of story(incident))
      expect(await send(running.get(functionOf("receive").service)?.url ?? "", body)).toBe(200);
    const whole = async () =>
      (await wires.ledger.prediction(incident)) !== null &&
      (await wires.ledger.incident(incident))?.state.outcome === "self-resolved";
    const other = async () =>
      (await wires.ledger.prediction(incident)) !== null || (await wires.ledger.incident(incident)) !== null;
    // The other subscription has done its part: by then this one would have too, or is about to.
    await expect.poll(other, { timeout: 60_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await whole(), `without ${name}`).toBe(false);
    await wires.close();
    for (const one of running.values()) await one.stop();
  }
});

engineTest("without any one of its variables or secrets, a function refuses and says which", async () => {
  const wires = await wire();
  const [body = Buffer.alloc(0)] = story("PLAP002");
  const envelope = (data: Buffer) =>
    writePushEnvelope({
      data,
      attributes: {},
      messageId: "1",
      orderingKey: "",
      publishTime: Date.now(),
      subscription: "any",
      deliveryAttempt: 1,
    });
  /** Whether a function that was started without this variable refuses a good message, or cannot bury a bad one. */
  const refuses = async (one: DeclaredFunction, name: string): Promise<boolean> => {
    const running = await start(one, wires, name);
    const ask = async (text: string) => {
      const headers = { "content-type": "application/json" };
      return (await fetch(running.url, { method: "POST", headers, body: text })).status;
    };
    const statuses =
      one.entryPoint === "receive"
        ? [await send(running.url, body)]
        : [await ask(envelope(body)), await ask(envelope(Buffer.from("{")))];
    await running.stop();
    return statuses.some((status) => status >= 500);
  };
  const refused: string[] = [];
  const expected: string[] = [];
  for (const one of system.functions) {
    expect(await refuses(one, "nothing"), `${one.entryPoint} with all that is declared`).toBe(false);
    for (const name of Object.keys({ ...one.environment, ...one.secrets })) {
      // The embedded stand-in takes the place of the target, and its topics have no suffix.
      if (!emulators.available && ["MRDATA_TARGET", "MRDATA_SUFFIX"].includes(name)) continue;
      // Only noted, so that doctor sees it: sweep publishes nothing.
      if (one.entryPoint === "sweep" && name === "MRDATA_SUFFIX") continue;
      expected.push(`${one.entryPoint} ${name}`);
      if (await refuses(one, name)) refused.push(`${one.entryPoint} ${name}`);
    }
  }
  expect(refused).toEqual(expected);
  expect(expected.length).toBeGreaterThan(10);
});
