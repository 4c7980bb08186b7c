import { armedServices, type Ledger, type Settings, withMode, writePushEnvelope } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import {
  armed,
  byTest,
  clearNow,
  doneByBot,
  MINUTE,
  pagedAfter,
  raise,
  SECOND,
  START,
  simulate,
  simulateAfterHistory,
  WINDOW,
} from "../simulation/armed-service.ts";
import { type Simulation, type SimulationOptions, TOKEN } from "../simulation/simulated-bot.ts";
import { ALEX, ROBIN, SERVICE } from "../simulation/small-account.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

const seconds = (simulation: Simulation, count: number) =>
  simulation.clock.run(simulation.clock.now() + count * SECOND);
const isPaged = ({ pagerduty }: Simulation, incident: string) =>
  pagerduty.notifications.some((one) => one.incident === incident && one.user !== "PBOT");

/** Two incidents held since a minute ago: another title of the service, so that each has a past of its own. */
async function holdingTwo(
  options: Partial<SimulationOptions> = {},
  settings: Settings = armed,
): Promise<Simulation & { readonly first: string; readonly second: string }> {
  const simulation = await simulateAfterHistory(options);
  await simulation.ledger.saveSettings(settings);
  const first = raise(simulation);
  const second = raise(simulation, "Disk 92% full on db-4");
  await simulation.clock.run(START + MINUTE);
  for (const incident of [first, second]) {
    expect((await simulation.ledger.prediction(incident))?.holdUntil).toBe(START + WINDOW);
    expect(isPaged(simulation, incident)).toBe(false);
  }
  return Object.assign(simulation, { first, second });
}

/** Predictions are written at one moment: whoever decides before it has seen none of the others. */
async function storingTogether(at: number): Promise<Simulation> {
  let wait = async (): Promise<void> => {};
  const simulation = await simulateAfterHistory({
    ledger: (ledger: Ledger) => ({
      ...ledger,
      createPrediction: async (prediction) => {
        await wait();
        return ledger.createPrediction(prediction);
      },
    }),
  });
  const { clock } = simulation;
  wait = async () => {
    if (clock.now() < at) await clock.sleep(at - clock.now());
  };
  return simulation;
}

describe("a hold ends before its window", () => {
  test("when a sibling on the same service turns out to need a human: all that is held there is paged", async () => {
    const simulation = await holdingTwo();
    simulation.pagerduty.reassign(simulation.first, ROBIN, [ALEX]);
    await seconds(simulation, 10);
    expect(isPaged(simulation, simulation.second)).toBe(true);
    expect((await simulation.ledger.prediction(simulation.second))?.ended?.why).toMatch(/needs a human/);
  });

  test("when another incident is merged into it", async () => {
    const simulation = await holdingTwo();
    simulation.pagerduty.merge(simulation.first, [simulation.second], ROBIN);
    await seconds(simulation, 10);
    expect(isPaged(simulation, simulation.first)).toBe(true);
  });

  test("when a storm begins", async () => {
    const simulation = await holdingTwo();
    for (let i = 0; i < 12; i++) raise(simulation, `Checkout ${"x".repeat(i + 1)} answers 503`);
    await seconds(simulation, 1);
    raise(simulation, "Checkout answers 504");
    await seconds(simulation, 10);
    expect(isPaged(simulation, simulation.first)).toBe(true);
    expect(isPaged(simulation, simulation.second)).toBe(true);
    expect((await simulation.ledger.prediction(simulation.first))?.ended?.why).toMatch(/storm/i);
  });

  test("when it resolves: it no longer counts as held from then on", async () => {
    const simulation = await holdingTwo();
    clearNow(simulation);
    await seconds(simulation, 10);
    expect((await simulation.ledger.prediction(simulation.second))?.ended).toEqual({
      at: START + MINUTE,
      why: "resolved by integration",
    });
    expect(isPaged(simulation, simulation.second)).toBe(false);
  });

  test("is noted although the page fails, so that the sweep tries again", async () => {
    const simulation = await holdingTwo();
    simulation.pagerduty.addNote(simulation.first, ROBIN, "what is this?");
    simulation.pagerduty.faults.set({ rest: "500" });
    await seconds(simulation, 40);
    expect(isPaged(simulation, simulation.first)).toBe(false);
    expect((await simulation.ledger.prediction(simulation.first))?.ended).toBeDefined();
  });
});

describe("what a person says in a note", () => {
  test("'mrdata: real' pages the incident at once, and what is held beside it", async () => {
    const simulation = await holdingTwo();
    simulation.pagerduty.addNote(simulation.first, ROBIN, "mrdata: real");
    await seconds(simulation, 10);
    expect(pagedAfter(simulation, simulation.first)).toBeLessThan(MINUTE + 10 * SECOND);
    expect(isPaged(simulation, simulation.second)).toBe(true);
  });

  test("'mrdata: disarm' disarms everything, pages all that is held, and is not done twice", async () => {
    const simulation = await holdingTwo();
    simulation.pagerduty.addNote(simulation.first, ROBIN, "mrdata: disarm");
    await seconds(simulation, 10);
    expect(isPaged(simulation, simulation.first)).toBe(true);
    expect(isPaged(simulation, simulation.second)).toBe(true);
    const { ledger } = simulation;
    expect((await ledger.settings()).disarmed).toMatchObject({
      who: ROBIN,
      why: `a note on ${simulation.first}`,
    });
    const later = raise(simulation);
    await seconds(simulation, 10);
    expect(pagedAfter(simulation, later)).toBeLessThan(10 * SECOND);
    // A person arms it again; the note, delivered once more, changes nothing.
    const said = START + MINUTE;
    const deliver = async (at: number) => {
      const answering = simulation.handlers.respond(
        new Request("http://function/", {
          method: "POST",
          body: writePushEnvelope({
            data: bytesOf(
              webhook({
                type: "annotated",
                incident: simulation.first,
                at,
                agent: { id: ROBIN, type: "user_reference", summary: "Robin" },
                note: "mrdata: disarm",
              }),
            ),
            messageId: "again",
            attributes: {},
            orderingKey: "",
            publishTime: at,
            subscription: "s",
            deliveryAttempt: 2,
          }),
        }),
      );
      await seconds(simulation, 1);
      return answering;
    };
    const armAt = (at: number, service = SERVICE) =>
      ledger.changeSettings((settings) =>
        withMode(settings, service, { mode: "armed", policy: "PARMED" }, { ...byTest, at }),
      );
    await armAt(said + 20 * MINUTE);
    expect((await deliver(said)).status).toBe(204);
    expect(armedServices(await ledger.settings())).toEqual([SERVICE]);
    // The arming is dated by PagerDuty's clock, as the note is, and may lie in the future of a clock here that is behind: the later
    // counts, and at the same moment the note.
    await armAt(said + 2 * MINUTE);
    expect((await deliver(said + MINUTE)).status).toBe(204);
    expect(armedServices(await ledger.settings())).toEqual([SERVICE]);
    expect((await deliver(said + 2 * MINUTE)).status).toBe(204);
    expect(armedServices(await ledger.settings())).toEqual([]);
    // Another note comes an hour late: it means the service that was armed before it, and not the one armed since.
    await armAt(said + 2 * MINUTE, "PSHOP");
    await armAt(said + 50 * MINUTE);
    expect((await deliver(said + 3 * MINUTE)).status).toBe(204);
    expect(armedServices(await ledger.settings())).toEqual([SERVICE]);
    expect((await ledger.settings()).services.PSHOP).toMatchObject({ mode: "shadow", who: ROBIN });
  });

  test("'mrdata: never hold this' pages the alert from the next incident on, until 'ok to hold'", async () => {
    const simulation = await holdingTwo();
    const say = async (text: string, who: string = ROBIN) => {
      simulation.pagerduty.addNote(simulation.first, who, text);
      await seconds(simulation, 10);
    };
    await say("mrdata: never hold this");
    clearNow(simulation);
    await simulation.clock.run(START + 120 * MINUTE);
    // What a tool carries over under a user's name allows nothing.
    simulation.pagerduty.setUser({
      id: "PSYNC",
      name: "Tickets",
      email: "tickets@example.com",
      contactMethods: ["email"],
    });
    await say("mrdata: ok to hold", "PSYNC");
    const next = raise(simulation);
    await seconds(simulation, 10);
    expect(await simulation.ledger.prediction(next)).toMatchObject({
      decision: "page",
      decidedBy: "feedback",
    });
    clearNow(simulation);
    await say("mrdata: ok to hold");
    const after = raise(simulation);
    await seconds(simulation, 10);
    expect(
      (await simulation.ledger.prediction(after))?.verdicts.find(({ name }) => name === "feedback"),
    ).toMatchObject({
      allowsHold: true,
      sentence: expect.stringContaining(ROBIN),
    });
  });

  test.each([
    ["that fails", { rest: "500" }],
    ["that hangs", { rest: "hang" }],
    ["that does not know the key", { rest: "ok" }],
  ] as const)("'mrdata: disarm' is heard with a PagerDuty %s", async (_, faults) => {
    let token = TOKEN;
    const simulation = await holdingTwo({ token: () => token, sweeps: true });
    simulation.pagerduty.faults.set(faults);
    if (faults.rest === "ok") token = "revoked";
    simulation.pagerduty.addNote(simulation.first, ROBIN, "mrdata: disarm");
    await seconds(simulation, 30);
    expect((await simulation.ledger.settings()).disarmed).toMatchObject({ who: ROBIN });
    simulation.pagerduty.faults.set({ rest: "ok" });
    token = TOKEN;
    await seconds(simulation, 70);
    // What could not be paged then is tried again, by the note's next delivery or the sweep.
    expect(isPaged(simulation, simulation.first)).toBe(true);
    expect(isPaged(simulation, simulation.second)).toBe(true);
  });

  test.each([
    ["'mrdata: disarm' is kept, and what is held is paged", "mrdata: disarm"],
    ["'mrdata: real' pages the siblings", "mrdata: real"],
  ])("%s, though the settings cannot be read at that moment", async (_, word) => {
    let failing = false;
    const simulation = await holdingTwo({
      ledger: (ledger: Ledger) => ({
        ...ledger,
        settings: async () => {
          if (failing) throw new Error("14 UNAVAILABLE");
          return ledger.settings();
        },
      }),
    });
    failing = true;
    simulation.pagerduty.addNote(simulation.first, ROBIN, word);
    await seconds(simulation, 3);
    failing = false;
    await seconds(simulation, 60);
    expect(isPaged(simulation, simulation.second)).toBe(true);
    const { disarmed } = await simulation.ledger.settings();
    expect(disarmed).toEqual(word === "mrdata: disarm" ? expect.objectContaining({ who: ROBIN }) : null);
  });

  test("of an incident that the bot never heard of is kept with its alert", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    simulation.pagerduty.faults.set({ webhooks: "lost" });
    const unheard = raise(simulation);
    await seconds(simulation, 10);
    simulation.pagerduty.acknowledge(unheard, ROBIN);
    await seconds(simulation, 10);
    simulation.pagerduty.faults.set({ webhooks: "ok" });
    simulation.pagerduty.addNote(unheard, ROBIN, "mrdata: never hold this");
    clearNow(simulation);
    await simulation.clock.run(START + 120 * MINUTE);
    const next = raise(simulation);
    await seconds(simulation, 10);
    expect((await simulation.ledger.prediction(next))?.decidedBy).toBe("feedback");
  });

  test("from the bot itself or a monitor is nothing", async () => {
    const simulation = await holdingTwo();
    simulation.pagerduty.addNote(simulation.first, "PBOT", "mrdata: disarm");
    await seconds(simulation, 10);
    expect(armedServices(await simulation.ledger.settings())).toEqual([SERVICE]);
  });
});

/** Letters of which Kubernetes makes the ends of pods' names. */
const SAFE = "bcdfghjklmnpqrstvwxz2456789";

describe("holds add up (invariant 5)", () => {
  test("an alert that flaps is paged once it has been held for more than a window within the hour", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings({ ...armed, storm: { ...armed.storm, least: 100 } });
    const decisions: string[] = [];
    for (let i = 0; i < 4; i++) {
      const incident = raise(simulation);
      await seconds(simulation, 150);
      clearNow(simulation);
      await seconds(simulation, 30);
      const prediction = await simulation.ledger.prediction(incident);
      decisions.push(prediction?.decision === "hold" ? "hold" : (prediction?.decidedBy ?? "none"));
    }
    // 2.5 minutes each: after the third, 7.5 minutes were held.
    expect(decisions).toEqual(["hold", "hold", "hold", "held-before"].map((d, i) => (i === 2 ? "hold" : d)));
  });

  test.each([
    ["pods", (i: number) => `Pod shop/web-${SAFE[i]}vmvc crashed`],
    ["sites", (i: number) => `${SAFE[i]}hop.com answers slowly`],
  ])("twenty %s are one alarm that flaps: what one was held for counts for the next", async (_, titleOf) => {
    const simulation = await simulate();
    const titles = Array.from({ length: 20 }, (_, i) => titleOf(i));
    // Of the first eight each has a past by which it would be held.
    for (let i = 0; i < 40; i++) {
      raise(simulation, titles[i % 8]);
      await seconds(simulation, 30);
      clearNow(simulation);
      await seconds(simulation, 13 * 60);
    }
    await simulation.ledger.saveSettings({ ...armed, storm: { ...armed.storm, least: 100 } });
    const decisions: string[] = [];
    for (const title of titles) {
      const incident = raise(simulation, title);
      await seconds(simulation, 100);
      clearNow(simulation);
      await seconds(simulation, 20);
      const prediction = await simulation.ledger.prediction(incident);
      decisions.push(prediction?.decision === "hold" ? "hold" : (prediction?.decidedBy ?? "none"));
    }
    // 100 seconds each: after the fourth, more than a window was held, until the first is an hour ago.
    expect(decisions).toEqual([...Array(4).fill("hold"), ...Array(16).fill("held-before")]);
  });

  test("holds that were decided at the same moment see each other once they are stored", async () => {
    const simulation = await storingTogether(START + SECOND);
    await simulation.ledger.saveSettings({ ...armed, caps: { service: 1, all: 40 } });
    const incidents = [
      raise(simulation),
      raise(simulation, "Disk 92% full on db-4"),
      raise(simulation, "Disk 93% full on db-5"),
    ];
    await seconds(simulation, 20);
    const kept = incidents.filter((incident) => !isPaged(simulation, incident));
    expect(kept.length).toBeLessThanOrEqual(1);
    for (const incident of incidents)
      expect(simulation.pagerduty.incident(incident).notes[0]).toMatch(
        kept.includes(incident) ? /Held until/ : /^Mr Data: paged at once\. .*(most|cap|held)/i,
      );
  });
});

describe("one note for ever", () => {
  test("when two deliveries of the opening race, and after a restart", async () => {
    const simulation = await storingTogether(START + SECOND);
    await simulation.ledger.saveSettings(armed);
    simulation.pagerduty.faults.set({ restLatency: 100 });
    simulation.bus.setFaults({ duplicate: 1, delay: 0, latest: 1, refuse: 0 });
    const incident = raise(simulation);
    await seconds(simulation, 20);
    await simulation.restart();
    simulation.pagerduty.addNote(incident, ROBIN, "what is this?");
    await seconds(simulation, 20);
    const notes = simulation.pagerduty.incident(incident).notes.filter((note) => note.startsWith("Mr Data:"));
    expect(notes).toHaveLength(1);
    expect(doneByBot(simulation, incident).filter((type) => type === "escalated")).toHaveLength(1);
  });
});
