import { randomUUID } from "node:crypto";
import type { PushedMessage } from "@mrdata/platform";
import { afterAll, beforeAll, describe, expect, onTestFinished } from "vitest";
import { z } from "zod";
import { type EmulatorHosts, type Emulators, emulators } from "../emulators/emulators.ts";
import { engine, engineTest } from "../engine/support/engine-test.ts";
import { type Laptop, openLaptop } from "../laptop/laptop.ts";
import { SECRET, send } from "../laptop/webhooks.ts";
import { startReceiver } from "../support/push-receiver.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const told = z.object({ event: z.object({ event_type: z.string(), data: z.object({ id: z.string() }) }) });

/** `PINC1 triggered`, of a pushed webhook. */
function eventOf({ data }: PushedMessage): string {
  const { event } = told.parse(JSON.parse(Buffer.from(data).toString()));
  return `${event.data.id} ${event.event_type.replace("incident.", "")}`;
}

const hidden: EmulatorHosts = { available: false, reason: "hidden for this test", command: "" };
const google: Emulators = await emulators();
afterAll(async () => {
  if (google.available) await google.stop();
});

for (const [where, hosts] of [
  ["on Google's emulators", google],
  ["on the embedded bus", hidden],
] as const)
  describe(`what the declared subscriptions promise, ${where}`, () => {
    let laptop: Laptop;
    beforeAll(async () => {
      if (!engine.available) return;
      laptop = await openLaptop({
        stack: "least",
        binary: engine.binary,
        emulators: hosts,
        config: () => ({
          "gcp:project": `laptop-${randomUUID().slice(0, 12)}`,
          "mrdata:projectNumber": "111111111111",
          "mrdata:suffix": "lap",
          "mrdata:webhookSecret": SECRET,
        }),
      });
    }, 300_000);
    afterAll(async () => {
      if (engine.available) await laptop.close();
    });

    /** The subscriptions that webhooks go through; training has a topic of its own. */
    const webhookPushes = () => laptop.system.pushes.filter(({ topic }) => topic.startsWith("pd-notify"));

    async function wired() {
      const wires = await laptop.wire();
      const receive = await laptop.start(laptop.functionOf("receive"), wires);
      const tell = async (incident: string, type: string) => {
        const body = bytesOf(webhook({ type, incident, at: Date.now() }));
        expect(await send(receive.url, body)).toBe(200);
      };
      return { wires, tell };
    }

    engineTest("events of one incident come in order, however slowly the first is taken", async () => {
      const { wires, tell } = await wired();
      for (const { ordered, ...push } of webhookPushes()) {
        expect(ordered).toBe(true);
        const incident = `PORDER${push.name.length}`;
        const takenBefore: string[] = [];
        const receiver = await startReceiver({ onTestFinished }, async (pushed) => {
          takenBefore.push(receiver.taken.map(eventOf).join());
          if (eventOf(pushed).endsWith("triggered"))
            await new Promise((resolve) => setTimeout(resolve, 1_500));
          return 204;
        });
        await wires.push([{ ...push, pushEndpoint: receiver.url }], { ordered });
        const types = ["triggered", "acknowledged", "escalated", "resolved"];
        for (const type of types) await tell(incident, type);
        const events = types.map((type) => `${incident} ${type}`);
        await expect.poll(() => receiver.taken.map(eventOf)).toEqual(events);
        // Each was sent only when the one before it had been taken.
        expect(takenBefore).toEqual(events.map((_, i) => events.slice(0, i).join()));
      }
    });

    engineTest(
      "a message that keeps failing is tried as often as is declared, and then is in the declared place of dead letters",
      async () => {
        const { wires, tell } = await wired();
        const [declared] = webhookPushes();
        if (declared === undefined) throw new Error("no subscription is declared");
        const { ordered: _, ...push } = declared;
        let tries = 0;
        const receiver = await startReceiver({ onTestFinished }, (pushed) => {
          if (!eventOf(pushed).startsWith("PPOISON")) return 204;
          tries += 1;
          return 503;
        });
        // As declared, but for the pauses between tries: twenty of them take hours.
        const retry = { minimum: 1_000, maximum: 1_000 };
        await wires.push([{ ...push, pushEndpoint: receiver.url, retry }]);
        await tell("PPOISON", "triggered");
        await tell("PWHOLESOME", "triggered");
        await expect.poll(() => wires.deadLetters(), { interval: 1_000 }).toHaveLength(1);
        const [letter] = await wires.deadLetters();
        expect(letter?.source).toBe(push.name);
        expect(Buffer.from(letter?.data ?? []).toString()).toContain("PPOISON");
        expect(push.maxDeliveryAttempts).toBeGreaterThan(5);
        expect(tries).toBe(push.maxDeliveryAttempts);
        expect(receiver.taken.map(eventOf)).toEqual(["PWHOLESOME triggered"]);
      },
    );
  });
