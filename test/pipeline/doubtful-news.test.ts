import type { HandlerRequest } from "@mrdata/runtime";
import { describe, expect, test } from "vitest";
import {
  armed,
  clearNow,
  doneByBot,
  MINUTE,
  pagedAfter,
  raise,
  SECOND,
  START,
  simulateAfterHistory,
  WINDOW,
} from "../simulation/armed-service.ts";
import type { Simulation, SimulationOptions } from "../simulation/simulated-bot.ts";
import { ALEX, BOT, ROBIN } from "../simulation/small-account.ts";

async function armedSimulation(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const simulation = await simulateAfterHistory(options);
  await simulation.ledger.saveSettings(armed);
  return simulation;
}

const notesOn = ({ pagerduty }: Simulation, incident: string) =>
  pagerduty.incident(incident).notes.filter((note) => note.startsWith("Mr Data"));

describe("what follows a stored hold", () => {
  test("comes with the next delivery where the process ended right after storing it: one note", async () => {
    let ends = false;
    const simulation: Simulation = await armedSimulation({
      ledger: (ledger) => ({
        ...ledger,
        createPrediction: async (prediction) => {
          const created = await ledger.createPrediction(prediction);
          if (ends) await simulation.restart();
          ends = false;
          return created;
        },
      }),
    });
    ends = true;
    const incident = raise(simulation);
    await simulation.clock.run(START + 4 * MINUTE);
    expect(await simulation.ledger.prediction(incident)).toMatchObject({ holdUntil: START + WINDOW });
    expect(notesOn(simulation, incident)).toHaveLength(1);
    expect(pagedAfter(simulation, incident)).toBeNull();
  });

  test("is its end, where the resolve was told before the opening", async () => {
    const kept: HandlerRequest[] = [];
    let keeps = false;
    const simulation = await armedSimulation({
      handler: (name, handler) => async (request) => {
        if (name !== "respond" || !keeps) return handler(request);
        kept.push(request);
        return new Response(null, { status: 204 });
      },
    });
    const { clock, ledger, handlers } = simulation;
    keeps = true;
    const incident = raise(simulation);
    await clock.run(START + 5 * SECOND);
    clearNow(simulation);
    await clock.run(START + 7 * SECOND);
    keeps = false;
    for (const request of kept.toReversed()) {
      const answered = handlers.respond(request);
      await clock.run(clock.now() + SECOND);
      expect((await answered).status).toBe(204);
    }
    expect(await ledger.prediction(incident)).toMatchObject({
      decision: "hold",
      ended: { at: START + 5 * SECOND, why: "resolved by integration" },
    });
    expect(notesOn(simulation, incident)).toEqual([]);
  });
});

describe("an incident that two deliveries judge differently", () => {
  test("is no hold once one of them paged it", async () => {
    const told: Uint8Array<ArrayBuffer>[] = [];
    let blind = false;
    const simulation = await armedSimulation({
      handler: (name, handler) => async (request) => {
        if (name !== "respond") return handler(request);
        const body = new Uint8Array(await request.bytes());
        told.push(body);
        return handler(new Request("http://function/", { method: "POST", body }));
      },
      ledger: (ledger) => ({
        ...ledger,
        prediction: async (incident) => (blind ? null : ledger.prediction(incident)),
        holdsSince: async (at) => {
          if (blind) throw new Error("the holds cannot be read");
          return ledger.holdsSince(at);
        },
      }),
    });
    const { clock, ledger } = simulation;
    told.length = 0;
    const incident = raise(simulation);
    await clock.run(START + 5 * SECOND);
    expect((await ledger.prediction(incident))?.holdUntil).toBe(START + WINDOW);
    blind = true;
    const [opening] = told;
    if (opening === undefined) throw new Error("nothing was told");
    const answered = simulation.handlers.respond(
      new Request("http://function/", { method: "POST", body: opening }),
    );
    await clock.run(START + 10 * SECOND);
    expect((await answered).status).toBe(204);
    blind = false;
    expect(pagedAfter(simulation, incident)).toBeLessThan(10 * SECOND);
    expect(await ledger.prediction(incident)).toMatchObject({
      taken: { action: "paged" },
      ended: { why: expect.stringContaining("another delivery") },
    });
  });
});

describe("a page whose answer was lost", () => {
  const losing = (changes: () => boolean): Partial<SimulationOptions> => ({
    fetch: (pagerduty) => async (input, init) => {
      const answer = await pagerduty(input, init);
      if (init?.method === "PUT" && changes()) throw new TypeError("fetch failed");
      return answer;
    },
  });

  test("is written as the page that it was", async () => {
    let loses = false;
    const simulation = await armedSimulation(
      losing(() => {
        const now = loses;
        loses = false;
        return now;
      }),
    );
    loses = true;
    const incident = raise(simulation, "Never seen before");
    await simulation.clock.run(START + MINUTE);
    expect((await simulation.ledger.prediction(incident))?.taken).toMatchObject({
      action: "paged",
      sentence: "Escalated to level 2. PagerDuty's answer was lost.",
    });
    expect(doneByBot(simulation, incident).filter((type) => type === "escalated")).toHaveLength(1);
    expect(notesOn(simulation, incident)[0]).toMatch(/paged at once/);
  });

  test("is not claimed where a person moved the incident meanwhile", async () => {
    let moves = false;
    const simulation: Simulation = await armedSimulation({
      fetch: (pagerduty) => async (input, init) => {
        if (init?.method !== "PUT" || !moves) return pagerduty(input, init);
        const id = new URL(String(input)).pathname.split("/").at(-1) ?? "";
        simulation.pagerduty.reassign(id, ALEX, [ROBIN]);
        throw new Error("socket hang up");
      },
    });
    moves = true;
    const incident = raise(simulation, "Never seen before");
    await simulation.clock.run(START + MINUTE);
    expect((await simulation.ledger.prediction(incident))?.taken.action).toBe("none");
  });
});

describe("the sweep", () => {
  test("pages what it can read beside an incident of an odd shape, and says that there was one", async () => {
    let odd = false;
    const simulation = await armedSimulation({
      sweeps: true,
      fetch: (pagerduty) => async (input, init) => {
        const answer = await pagerduty(input, init);
        if (!odd || !String(input).includes("/incidents?")) return answer;
        const page = (await answer.text()).replace('"incidents":[', '"incidents":[{"id":17,"status":null},');
        return new Response(page.replace(",]", "]"), { status: answer.status });
      },
    });
    odd = true;
    simulation.pagerduty.faults.set({ webhooks: "lost" });
    const incident = raise(simulation, "Never seen before");
    await simulation.clock.run(START + 2 * MINUTE);
    expect(pagedAfter(simulation, incident)).toBeLessThanOrEqual(70 * SECOND);
    expect(simulation.logged.find(({ event }) => event === "sweep.failed")).toMatchObject({
      severity: "ERROR",
      reason: expect.stringContaining("1 incidents of an unexpected shape"),
    });
  });

  test("says on what a person assigned to the bot by hand that nobody is paged, once", async () => {
    const simulation = await armedSimulation({ sweeps: true });
    const incident = raise(simulation, "Never seen before");
    await simulation.clock.run(START + MINUTE);
    simulation.pagerduty.acknowledge(incident, ROBIN);
    simulation.pagerduty.faults.set({ webhooks: "lost" });
    const another = raise(simulation, "Never seen before either");
    simulation.pagerduty.reassign(another, ALEX, [BOT.id]);
    await simulation.clock.run(START + 10 * MINUTE);
    expect(notesOn(simulation, another)).toEqual([
      expect.stringMatching(/assigned to me by hand.*reassign it/),
    ]);
    expect(doneByBot(simulation, another)).toEqual(["annotated"]);
    expect(await simulation.ledger.prediction(another)).toMatchObject({
      decision: "page",
      decidedBy: "sweep",
      taken: { action: "none", sentence: expect.stringContaining("by hand") },
    });
    expect(simulation.logged.find(({ event }) => event === "assigned.by-hand")).toMatchObject({
      severity: "WARNING",
      incident: another,
    });
  });
});

test("says on what was held, and then assigned to the bot by hand, that nobody is paged for it any more", async () => {
  const simulation = await armedSimulation({ sweeps: true });
  const incident = raise(simulation);
  await simulation.clock.run(simulation.clock.now() + 30 * SECOND);
  simulation.pagerduty.reassign(incident, ROBIN, [BOT.id]);
  await simulation.clock.run(simulation.clock.now() + 10 * MINUTE);
  expect(notesOn(simulation, incident)).toEqual([
    expect.stringContaining("Held until"),
    expect.stringMatching(/assigned to me by hand.*reassign it/),
  ]);
});

test("a token of two lines stands in no log, no document and no answer", async () => {
  const simulation = await armedSimulation({ token: "first-line-of-the-key\nsecond-line-of-the-key" });
  const incident = raise(simulation, "Never seen before");
  await simulation.clock.run(START + 3 * MINUTE);
  const everything = JSON.stringify([simulation.logged, await simulation.ledger.prediction(incident)]);
  expect(everything).not.toMatch(/first-line-of|second-line-of/);
  expect(everything).toContain("the key is not one line of plain characters");
});
