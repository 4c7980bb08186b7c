import { armedServices, type Ledger } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import {
  armed,
  byTest,
  clearNow,
  MINUTE,
  pagedAfter,
  raise,
  SECOND,
  simulateAfterHistory,
} from "../simulation/armed-service.ts";
import type { Simulation, SimulationOptions } from "../simulation/simulated-bot.ts";
import { ROBIN, SERVICE } from "../simulation/small-account.ts";

const HOUR = 60 * MINUTE;
const pass = ({ clock }: Simulation, time: number) => clock.run(clock.now() + time);
const disarmedNow = async ({ ledger }: Simulation) => (await ledger.settings()).disarmed;
const says = ({ pagerduty }: Simulation, incident: string, text: string) =>
  pagerduty.addNote(incident, ROBIN, text);

async function armedBot(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const simulation = await simulateAfterHistory(options);
  await simulation.ledger.saveSettings(armed);
  return simulation;
}

/** A ledger that fails every call while `isDown`. */
function fallible() {
  const down = {
    isDown: false,
    faulty: (ledger: Ledger): Ledger =>
      new Proxy(ledger, {
        get: (of, name, receiver) =>
          down.isDown && name !== "close"
            ? async () => {
                throw new Error("14 UNAVAILABLE");
              }
            : Reflect.get(of, name, receiver),
      }),
  };
  return down;
}

/** An incident whose opening fails, and has failed for so long that its next delivery is many minutes away. */
async function patientBehind(simulation: Simulation): Promise<string> {
  const incident = raise(simulation);
  await pass(simulation, HOUR);
  expect(simulation.bus.waiting()).toBeGreaterThan(0);
  return incident;
}

describe("'mrdata: disarm' is obeyed within 60 s of its webhook, with the deployed numbers of deliveries", () => {
  /** Ways in which an opening keeps failing: whoever waits in its order waits for more than two hours. */
  const failing: readonly [string, Partial<SimulationOptions>, (simulation: Simulation) => void][] = [
    ["PagerDuty refuses everything", {}, ({ pagerduty }) => pagerduty.faults.set({ rest: "500" })],
    ["PagerDuty limits everything", {}, ({ pagerduty }) => pagerduty.faults.set({ rest: "429" })],
    ["PagerDuty answers nothing", {}, ({ pagerduty }) => pagerduty.faults.set({ rest: "hang" })],
    [
      "respond is dead",
      {
        handler: (name, handler) =>
          name === "respond" ? async () => new Response("", { status: 500 }) : handler,
      },
      () => {},
    ],
    [
      "respond never answers",
      { handler: (name, handler) => (name === "respond" ? () => new Promise(() => {}) : handler) },
      () => {},
    ],
    [
      "record is dead",
      {
        handler: (name, handler) =>
          name === "record" ? async () => new Response("", { status: 500 }) : handler,
      },
      ({ pagerduty }) => pagerduty.faults.set({ rest: "500" }),
    ],
    [
      "what is decided cannot be stored",
      {
        ledger: (ledger: Ledger) => ({
          ...ledger,
          createPrediction: async () => {
            throw new Error("the prediction cannot be stored");
          },
        }),
      },
      () => {},
    ],
  ];
  test.each(failing)("while %s", async (_, options, fail) => {
    const simulation = await armedBot({ sweeps: true, ...options });
    fail(simulation);
    const incident = await patientBehind(simulation);
    says(simulation, incident, "mrdata: disarm");
    await pass(simulation, 60 * SECOND);
    expect(await disarmedNow(simulation)).toMatchObject({ who: ROBIN, why: `a note on ${incident}` });
    expect(armedServices(await simulation.ledger.settings())).toEqual([]);
  });

  test("and stays off when everything that waited comes at last, in whatever order", async () => {
    const simulation = await armedBot({ sweeps: true });
    simulation.pagerduty.faults.set({ rest: "500" });
    const incident = await patientBehind(simulation);
    says(simulation, incident, "mrdata: ok to hold");
    says(simulation, incident, "mrdata: disarm");
    await pass(simulation, MINUTE);
    simulation.pagerduty.faults.set({ rest: "ok" });
    await pass(simulation, 3 * HOUR);
    expect(simulation.bus.waiting()).toBe(0);
    expect(await disarmedNow(simulation)).toMatchObject({ who: ROBIN });
    clearNow(simulation);
    const next = raise(simulation);
    await pass(simulation, MINUTE);
    expect(pagedAfter(simulation, next)).toBeLessThan(MINUTE);
  });

  test("and is kept where the settings cannot be read, for whoever can the next day", async () => {
    let isBroken = false;
    const unread = async () => {
      throw new Error("document settings/bot cannot be read");
    };
    const simulation = await armedBot({
      ledger: (ledger: Ledger) =>
        new Proxy(ledger, {
          get: (of, name, receiver) =>
            isBroken && (name === "settings" || name === "changeSettings")
              ? unread
              : Reflect.get(of, name, receiver),
        }),
    });
    isBroken = true;
    const incident = raise(simulation);
    await pass(simulation, MINUTE);
    expect(pagedAfter(simulation, incident)).toBeLessThan(MINUTE);
    says(simulation, incident, "mrdata: disarm");
    await pass(simulation, 4 * HOUR);
    expect(simulation.bus.deadLetters.length).toBeGreaterThan(0);
    isBroken = false;
    expect(await disarmedNow(simulation)).toMatchObject({ who: ROBIN, why: `a note on ${incident}` });
    expect(armedServices(await simulation.ledger.settings())).toEqual([]);
  });

  test("and is stored when the ledger answers again: until then nothing is held anyway", async () => {
    const ledger = fallible();
    const simulation = await armedBot({ sweeps: true, ledger: ledger.faulty });
    ledger.isDown = true;
    const incident = raise(simulation);
    await pass(simulation, MINUTE);
    expect(pagedAfter(simulation, incident)).toBeLessThan(MINUTE);
    says(simulation, incident, "mrdata: disarm");
    await pass(simulation, 30 * MINUTE);
    expect(await disarmedNow(simulation)).toBeNull();
    ledger.isDown = false;
    await pass(simulation, 11 * MINUTE);
    expect(await disarmedNow(simulation)).toMatchObject({ who: ROBIN });
  });

  test("and after a ledger that was down for six hours, when its message is a dead letter, within two minutes", async () => {
    const ledger = fallible();
    const simulation = await armedBot({ sweeps: true, ledger: ledger.faulty });
    await pass(simulation, 10 * MINUTE);
    ledger.isDown = true;
    const incident = raise(simulation);
    await pass(simulation, 5 * MINUTE);
    says(simulation, incident, "mrdata: disarm");
    await pass(simulation, HOUR);
    clearNow(simulation);
    await pass(simulation, 5 * HOUR);
    const dead = simulation.bus.deadLetters.filter(({ data }) =>
      Buffer.from(data).includes("mrdata: disarm"),
    );
    expect(dead.length).toBeGreaterThan(0);
    expect(await disarmedNow(simulation)).toBeNull();
    ledger.isDown = false;
    await pass(simulation, 2 * MINUTE);
    expect(await disarmedNow(simulation)).toMatchObject({ who: ROBIN, why: `a note on ${incident}` });
    expect(armedServices(await simulation.ledger.settings())).toEqual([]);
  });
});

describe("what allows something keeps its place", () => {
  test("'mrdata: ok to hold' is heard after the opening before it, 'mrdata: never hold this' at once", async () => {
    const simulation = await armedBot();
    const seen = raise(simulation);
    await pass(simulation, MINUTE);
    const alertType = (await simulation.ledger.prediction(seen))?.alertType ?? "";
    clearNow(simulation);
    const word = async () => (await simulation.ledger.alertTypeFeedback(alertType)).hold?.allowed ?? null;
    simulation.pagerduty.faults.set({ rest: "500" });
    const incident = await patientBehind(simulation);
    says(simulation, incident, "mrdata: ok to hold");
    await pass(simulation, MINUTE);
    expect(await word()).toBeNull();
    says(simulation, incident, "mrdata: never hold this");
    await pass(simulation, MINUTE);
    expect(await word()).toBe(false);
    simulation.pagerduty.faults.set({ rest: "ok" });
    await pass(simulation, 3 * HOUR);
    // What was allowed was said before, and changes nothing when it is heard at last.
    expect(await word()).toBe(false);
  });
});

describe("with webhooks lost, 'mrdata: disarm' on an incident that waits on the bot", () => {
  type Read = { readonly at: number; readonly incident: string };
  /** A bot that holds, with every reading of an incident's notes. */
  async function holding(reads: Read[] = []) {
    const simulation = await armedBot({
      sweeps: true,
      fetch: (send, clock) => (url, request) => {
        const incident = /\/incidents\/([^/?]+)\/notes/.exec(url)?.[1];
        if (incident !== undefined && request.method === "GET") reads.push({ at: clock.now(), incident });
        return send(url, request);
      },
    });
    const incident = raise(simulation);
    const beside = raise(simulation, "Disk 92% full on db-4");
    await pass(simulation, 20 * SECOND);
    for (const one of [incident, beside]) expect(pagedAfter(simulation, one)).toBeNull();
    simulation.pagerduty.faults.set({ webhooks: "lost" });
    return { simulation, incident, beside, reads };
  }

  test.each([0, 15, 30, 45])(
    "is heard within 120 s, said %i s later, and all that is held is paged",
    async (later) => {
      const { simulation, incident, beside } = await holding();
      await pass(simulation, later * SECOND);
      const said = simulation.clock.now();
      says(simulation, incident, "mrdata: disarm");
      await pass(simulation, 120 * SECOND);
      expect(await disarmedNow(simulation)).toMatchObject({ who: ROBIN, why: `a note on ${incident}` });
      for (const one of [incident, beside]) {
        const { createdAt } = simulation.pagerduty.incident(one);
        const told = createdAt + (pagedAfter(simulation, one) ?? Number.POSITIVE_INFINITY);
        expect(told - said).toBeLessThanOrEqual(120 * SECOND);
      }
    },
  );

  test("is heard where the sweep itself finds the incident, and pages it, a moment after the note", async () => {
    const { simulation } = await holding();
    const unheard = raise(simulation, "Disk 94% full on db-6");
    await pass(simulation, 16 * SECOND);
    says(simulation, unheard, "mrdata: disarm");
    await pass(simulation, 120 * SECOND);
    expect(pagedAfter(simulation, unheard)).toBeLessThanOrEqual(60 * SECOND);
    expect(await disarmedNow(simulation)).toMatchObject({ who: ROBIN, why: `a note on ${unheard}` });
  });

  test.each(["mrdata: real", "mrdata: never hold this"])("so is '%s', which pages it", async (text) => {
    const { simulation, incident } = await holding();
    const said = simulation.clock.now();
    says(simulation, incident, text);
    await pass(simulation, 120 * SECOND);
    const { createdAt } = simulation.pagerduty.incident(incident);
    const told = createdAt + (pagedAfter(simulation, incident) ?? Number.POSITIVE_INFINITY);
    expect(told - said).toBeLessThanOrEqual(120 * SECOND);
    expect(await disarmedNow(simulation)).toBeNull();
  });

  test.each([
    ["by the bot itself", "PBOT", "mrdata: disarm"],
    ["that allows something", ROBIN, "mrdata: ok to hold"],
    ["that only talks of it", ROBIN, "shall we say mrdata: disarm?"],
  ])("a note %s is not heard so", async (_, who, text) => {
    const { simulation, incident } = await holding();
    simulation.pagerduty.addNote(incident, who, text);
    await pass(simulation, 120 * SECOND);
    expect(await disarmedNow(simulation)).toBeNull();
    expect(pagedAfter(simulation, incident)).toBeNull();
  });

  test("takes at most one call an incident and minute, also while nothing can be paged", async () => {
    const { simulation, incident, beside, reads } = await holding();
    reads.length = 0;
    await pass(simulation, 3 * MINUTE);
    const onceAMinute = (least: number): void => {
      for (const one of [incident, beside]) {
        const mine = reads.filter((read) => read.incident === one).map(({ at }) => at);
        expect(mine.length).toBeGreaterThanOrEqual(least);
        expect(mine.length).toBeLessThanOrEqual(3);
        for (const [i, at] of mine.slice(1).entries())
          expect(at - (mine[i] ?? Number.NaN)).toBeGreaterThan(50 * SECOND);
      }
    };
    onceAMinute(3);
    await simulation.ledger.changeSettings((now) => ({
      ...now,
      disarmed: { ...byTest, at: simulation.clock.now() },
    }));
    for (const path of ["/incidents/:id", "/incidents"])
      simulation.pagerduty.faults.add({ kind: "500", probability: 1, endpoint: { method: "PUT", path } });
    reads.length = 0;
    await pass(simulation, 3 * MINUTE);
    // A sweep tries to page for most of its minute, and PagerDuty's own timer ends the waiting.
    onceAMinute(1);
  });

  test.each(["a held incident", "the incident that cannot be paged"])(
    "is obeyed within two minutes on %s while nothing can be moved",
    async (where) => {
      const { simulation, incident } = await holding();
      const { pagerduty } = simulation;
      for (const path of ["/incidents/:id", "/incidents"])
        pagerduty.faults.add({ kind: "500", probability: 1, endpoint: { method: "PUT", path } });
      const unpaged = raise(simulation, "Nobody has seen this before");
      says(simulation, where === "a held incident" ? incident : unpaged, "mrdata: disarm");
      await pass(simulation, 2 * MINUTE);
      expect(await disarmedNow(simulation)).not.toBeNull();
    },
  );

  test("is not done again after a person has armed it again, by whichever instance", async () => {
    const { simulation, incident } = await holding();
    says(simulation, incident, "mrdata: disarm");
    await pass(simulation, 90 * SECOND);
    expect(await disarmedNow(simulation)).not.toBeNull();
    const { ledger, clock } = simulation;
    await ledger.saveSettings({
      ...armed,
      services: {
        [SERVICE]: {
          ...armed.services[SERVICE],
          mode: "armed",
          policy: "PARMED",
          ...byTest,
          at: clock.now(),
        },
      },
    });
    await simulation.restart();
    await pass(simulation, 3 * MINUTE);
    expect(armedServices(await ledger.settings())).toEqual([SERVICE]);
  });
});
