import { randomUUID } from "node:crypto";
import { writePushEnvelope } from "@mrdata/platform";
import { afterAll, beforeAll, expect } from "vitest";
import type { EmulatorHosts } from "../emulators/emulators.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import type { DeclaredFunction } from "./declared-system.ts";
import { isNoted, type Laptop, openLaptop, webhooksTo } from "./laptop.ts";
import { SECRET, send, sendProbe, story } from "./webhooks.ts";

/** In place of a status: the function answers well, and does less than it is declared for. */
const OFF = 599;

/** What holds of the least stack on a machine with these emulators, or without any. */
export function theLeastStack(emulators: EmulatorHosts): void {
  // Emulators may outlive a run: each has a project of its own.
  const project = `laptop-${randomUUID().slice(0, 12)}`;
  let laptop: Laptop;

  beforeAll(async () => {
    if (!engine.available) return;
    laptop = await openLaptop({
      stack: "least",
      binary: engine.binary,
      emulators,
      config: () => ({
        "gcp:project": project,
        "mrdata:projectNumber": "111111111111",
        "mrdata:suffix": "lap",
        // Not the default: a function that was not told would judge by another window.
        "mrdata:window": "10m",
        "mrdata:webhookSecret": SECRET,
      }),
    });
  }, 300_000);
  afterAll(async () => {
    if (engine.available) await laptop.close();
  });

  engineTest(
    "what is declared takes a signed webhook through to the stored prediction and outcome",
    async () => {
      const wires = await laptop.wire();
      const running = await laptop.startAll(wires);
      const receive = running.get(laptop.functionOf("receive").service)?.url ?? "";
      for (const body of story("PLAP001")) expect(await send(receive, body)).toBe(200);
      await expect.poll(async () => (await wires.ledger.prediction("PLAP001"))?.decision).toBe("page");
      await expect
        .poll(async () => (await wires.ledger.incident("PLAP001"))?.state.outcome)
        .toBe("self-resolved");
      // What the scheduler does every minute.
      const sweep = running.get(laptop.functionOf("sweep").service);
      expect((await fetch(sweep?.url ?? "", { method: "POST" })).status).toBeLessThan(300);

      // And every five minutes.
      const probe = running.get(laptop.functionOf("probe").service);
      expect((await fetch(probe?.url ?? "", { method: "POST" })).status).toBe(200);
      for (const name of ["respond", "record"] as const)
        await expect.poll(() => wires.ledger.lastSeen(`probe-${name}`)).toBeGreaterThan(0);

      expect(await laptop.mrdata(wires, "explain", "PLAP001")).toMatchObject([
        { incident: "PLAP001", decision: "page", outcome: "self-resolved" },
      ]);
    },
  );

  engineTest("without one of its subscriptions, what it is for does not happen", async () => {
    for (const { name, topic } of laptop.system.pushes) {
      // What learns does nothing for an incident.
      if (!topic.startsWith("pd-notify")) continue;
      const wires = await laptop.wire();
      const incident = `PLAP-${name}`.replaceAll(/[^A-Z0-9]/gi, "").toUpperCase();
      const running = await laptop.startAll(wires, name);
      for (const body of story(incident))
        expect(await send(running.get(laptop.functionOf("receive").service)?.url ?? "", body)).toBe(200);
      const whole = async () =>
        (await wires.ledger.prediction(incident)) !== null &&
        (await wires.ledger.incident(incident))?.state.outcome === "self-resolved";
      const other = async () =>
        (await wires.ledger.prediction(incident)) !== null ||
        (await wires.ledger.incident(incident)) !== null;
      // The other subscription has done its part: by then this one would have too, or is about to.
      await expect.poll(other).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(await whole(), `without ${name}`).toBe(false);
      await wires.close();
      for (const one of running.values()) await one.stop();
    }
  });

  engineTest("without any one of its variables or secrets, a function refuses or does less", async () => {
    const wires = await laptop.wire();
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
    /**
     * Whether a function that was started without this variable refuses a good message, cannot bury a bad one, or does
     * not note the variable.
     */
    const receive = await laptop.start(laptop.functionOf("receive"), wires);
    const { MRDATA_PROBE_SECRET = "" } = laptop.functionOf("probe").secrets;
    const refuses = async (one: DeclaredFunction, name: string): Promise<boolean> => {
      const running = await laptop.start(one, wires, name, webhooksTo(one, receive));
      const ask = async (text: string) => {
        const headers = { "content-type": "application/json" };
        const answered = await fetch(running.url, { method: "POST", headers, body: text });
        // A training that begins never, which is what `retrain` does that nobody told how often.
        return (await answered.text()).includes('"state":"off"') ? OFF : answered.status;
      };
      const statuses =
        one.entryPoint === "receive"
          ? [await send(running.url, body), await sendProbe(running.url, MRDATA_PROBE_SECRET)]
          : [await ask(envelope(body)), await ask(envelope(Buffer.from("{")))];
      await running.stop();
      const isRefused = (status: number) => status >= 500 || (one.entryPoint === "receive" && status !== 200);
      return statuses.some(isRefused) || !(await isNoted(one, wires));
    };
    const refused: string[] = [];
    const expected: string[] = [];
    for (const one of laptop.system.functions) {
      expect(await refuses(one, "nothing"), `${one.entryPoint} with all that is declared`).toBe(false);
      for (const name of Object.keys({ ...one.environment, ...one.secrets })) {
        // The embedded stand-in takes the place of the target, and its topics have no suffix.
        if (!emulators.available && name === "MRDATA_TARGET") continue;
        if (!emulators.available && name === "MRDATA_SUFFIX" && one.entryPoint !== "sweep") continue;
        expected.push(`${one.entryPoint} ${name}`);
        if (await refuses(one, name)) refused.push(`${one.entryPoint} ${name}`);
      }
    }
    expect(refused).toEqual(expected);
    expect(expected.length).toBeGreaterThan(10);
  });
}
