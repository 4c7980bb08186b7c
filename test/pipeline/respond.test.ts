import { withMode } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import {
  armed,
  byTest,
  cautious,
  clearNow,
  disarmed,
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
import {
  ALEX,
  ARMED_POLICY,
  BOT,
  FALLBACK_POLICY,
  ROBIN,
  SERVICE,
  smallAccount,
} from "../simulation/small-account.ts";

describe("an incident that is likely to resolve itself, on an armed service", () => {
  test("is held: nobody is told while it resolves itself inside the window", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + 2 * MINUTE);
    clearNow(simulation);
    await simulation.clock.run(START + 60 * MINUTE);
    expect(pagedAfter(simulation, incident)).toBeNull();
    expect(await simulation.ledger.prediction(incident)).toMatchObject({
      decision: "hold",
      prediction: true,
      holdUntil: START + WINDOW,
      taken: { action: "none" },
    });
    expect((await simulation.ledger.incident(incident))?.state.outcome).toBe("self-resolved");
  });

  test("costs at most the window when it does not, because PagerDuty itself escalates", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + 60 * MINUTE);
    expect(pagedAfter(simulation, incident)).toBe(WINDOW);
    expect(simulation.pagerduty.incident(incident).status).toBe("triggered");
  });

  test("gets one note, which says until when it is held", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + MINUTE);
    const { notes } = simulation.pagerduty.incident(incident);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^Mr Data: .*Held until 22:05:00 UTC/s);
  });
});

describe("never drops (invariant 1)", () => {
  test.each([
    ["that is dead", { receiver: () => async () => new Response(null, { status: 503 }) }],
    ["whose PagerDuty token is wrong", { token: "not-the-token" }],
    ["without a token", { token: null }],
  ] satisfies [string, Partial<SimulationOptions>][])(
    "a bot %s costs at most the window",
    async (_, options) => {
      const simulation = await simulate(options);
      const incident = raise(simulation);
      const opened = simulation.clock.now();
      await simulation.clock.run(opened + 60 * MINUTE);
      expect(pagedAfter(simulation, incident)).toBe(WINDOW);
    },
  );

  test("the bot acknowledges, resolves and lowers nothing, whatever comes", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    for (let i = 0; i < 5; i++) {
      raise(simulation, i % 2 === 0 ? "Disk 91% full on db-3" : "Checkout answers 503");
      await simulation.clock.run(simulation.clock.now() + 20 * MINUTE);
    }
    const types = new Set(
      simulation.pagerduty.events.filter((event) => event.agent === BOT.id).map((event) => event.type),
    );
    expect([...types].toSorted()).toEqual(["annotated", "escalated"]);
    expect(simulation.pagerduty.incidents().every(({ urgency }) => urgency === "high")).toBe(true);
  });
});

describe("no hold, no delay (invariant 2): a page goes out within seconds", () => {
  test.each([
    ["in shadow, which must not even be on the policy", null],
    ["when disarmed", disarmed],
    ["when armed, for an alert never seen before", armed],
  ])("%s", async (_, settings) => {
    const simulation = await simulateAfterHistory();
    if (settings !== null) await simulation.ledger.saveSettings(settings);
    const incident = raise(simulation, settings === armed ? "Never seen before" : "Disk 91% full on db-3");
    await simulation.clock.run(START + 10 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThan(10 * SECOND);
    expect(doneByBot(simulation, incident)).toContain("escalated");
  });

  test("with settings that it cannot read", async () => {
    const simulation = await simulateAfterHistory({
      ledger: (ledger) => ({
        ...ledger,
        settings: async () => {
          throw new Error("settings/bot: schema: is 9");
        },
      }),
    });
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + 10 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThan(10 * SECOND);
  });
});

describe("fails towards the page (invariant 3)", () => {
  test("a ledger that is down: the page goes out first, and the prediction is written when it is back", async () => {
    let down = false;
    const simulation = await simulateAfterHistory({
      ledger: (ledger) =>
        new Proxy(ledger, {
          get: (target, name, receiver) =>
            down
              ? async () => {
                  throw new Error("the ledger is down");
                }
              : Reflect.get(target, name, receiver),
        }),
    });
    await simulation.ledger.saveSettings(armed);
    down = true;
    const incident = raise(simulation);
    await simulation.clock.run(START + 10 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThan(10 * SECOND);
    expect(await simulation.ledger.prediction(incident)).toBeNull();
    down = false;
    await simulation.clock.run(START + 10 * MINUTE);
    // What was paged is no hold, although the opening that comes again still says that it waits on the bot.
    expect(await simulation.ledger.prediction(incident)).toMatchObject({
      decision: "page",
      decidedBy: "policy",
      holdUntil: null,
    });
    expect((await simulation.ledger.prediction(incident))?.unsettled).toBeUndefined();
    expect(simulation.pagerduty.incident(incident).notes).toEqual([]);
  });

  test("a crash between paging and writing: what comes again is no hold", async () => {
    let crashes = true;
    const simulation = await simulateAfterHistory({
      ledger: (ledger) => ({
        ...ledger,
        createPrediction: async (prediction) => {
          if (crashes) throw new Error("the process ends here");
          return ledger.createPrediction(prediction);
        },
      }),
    });
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + SECOND);
    crashes = false;
    await simulation.clock.run(START + MINUTE);
    expect(pagedAfter(simulation, incident)).toBeLessThan(SECOND);
    expect(await simulation.ledger.prediction(incident)).toMatchObject({ decision: "page", holdUntil: null });
  });

  test("of what is over when the news of it comes, nobody is told that it was paged", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    simulation.pagerduty.faults.set({ webhooks: "delay", webhookDelay: 3 * 60 * MINUTE });
    const incident = raise(simulation);
    await simulation.clock.run(START + MINUTE);
    simulation.pagerduty.resolve(incident, ROBIN);
    await simulation.clock.run(START + 200 * MINUTE);
    expect(await simulation.ledger.prediction(incident)).toMatchObject({
      decision: "page",
      taken: { action: "none", sentence: "The incident is resolved." },
    });
    expect(simulation.pagerduty.incident(incident).notes).toEqual([]);
  });

  test("a hold that cannot be stored is no hold", async () => {
    const simulation = await simulateAfterHistory({
      ledger: (ledger) => ({
        ...ledger,
        createPrediction: async () => {
          throw new Error("disk full");
        },
      }),
    });
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + 10 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThan(10 * SECOND);
  });

  test("news that comes late is paged at once, for its window has passed", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    simulation.pagerduty.faults.set({ webhooks: "delay", webhookDelay: 4 * MINUTE + 57 * SECOND });
    const incident = raise(simulation);
    await simulation.clock.run(START + 4 * MINUTE + 58 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThan(WINDOW);
  });
});

describe("hands off what a person owns (invariant 4)", () => {
  const owned: [string, (simulation: Simulation, incident: string) => unknown][] = [
    ["acknowledged by a person", ({ pagerduty }, id) => pagerduty.acknowledge(id, ROBIN)],
    ["reassigned to a person", ({ pagerduty }, id) => pagerduty.reassign(id, ALEX, [ROBIN])],
    ["assigned to the bot by hand", ({ pagerduty }, id) => pagerduty.reassign(id, ALEX, [BOT.id])],
    ["resolved", ({ pagerduty }, id) => pagerduty.resolve(id, ALEX)],
  ];
  test.each(owned)("%s before the bot acts: it does nothing", async (_, act) => {
    const simulation = await simulate();
    simulation.pagerduty.faults.set({ webhooks: "delay", webhookDelay: MINUTE });
    const incident = raise(simulation);
    const opened = simulation.clock.now();
    await simulation.clock.run(opened + 30 * SECOND);
    act(simulation, incident);
    await simulation.clock.run(opened + 4 * MINUTE);
    expect(doneByBot(simulation, incident).filter((type) => type !== "annotated")).toEqual([]);
  });

  test("between a try and its retry: the incident is read again before the retry", async () => {
    const simulation = await simulate();
    const { pagerduty, clock } = simulation;
    const opened = clock.now();
    const incident = raise(simulation);
    // Reading works; changing meets a 500, and before the retry a person takes the incident.
    pagerduty.faults.set({ rest: "500" });
    await clock.run(opened + 500);
    pagerduty.acknowledge(incident, ROBIN);
    pagerduty.faults.set({ rest: "ok" });
    await clock.run(opened + 10 * MINUTE);
    expect(doneByBot(simulation, incident).filter((type) => type !== "annotated")).toEqual([]);
  });
});

describe("one hold per incident, ever (invariant 5)", () => {
  const back: [string, (simulation: Simulation, incident: string) => unknown][] = [
    [
      "reopened",
      ({ pagerduty }, id) => {
        pagerduty.resolve(id, ROBIN);
        pagerduty.reopen(id, ROBIN);
      },
    ],
    [
      "unacknowledged",
      ({ pagerduty }, id) => {
        pagerduty.acknowledge(id, ROBIN);
        pagerduty.unacknowledge(id, ROBIN);
      },
    ],
    [
      "delegated to a policy that begins with the bot",
      ({ pagerduty }, id) => pagerduty.delegate(id, ROBIN, ARMED_POLICY),
    ],
    ["given a priority", ({ pagerduty }, id) => pagerduty.setPriority(id, ROBIN, "P1")],
  ];
  test.each(back)("%s while held: whatever still waits on the bot is paged at once", async (_, act) => {
    const simulation = await simulateAfterHistory({
      account: smallAccount({ priorities: [{ id: "P1", name: "P1" }] }),
    });
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + MINUTE);
    expect(pagedAfter(simulation, incident)).toBeNull();
    act(simulation, incident);
    await simulation.clock.run(START + MINUTE + 10 * SECOND);
    expect(simulation.pagerduty.incident(incident).assignees).not.toContain(BOT.id);
    expect(pagedAfter(simulation, incident)).toBeLessThan(MINUTE + 10 * SECOND);
  });

  test("a hold ends when the bot is disarmed: the next event of the incident pages", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    await simulation.clock.run(START + MINUTE);
    await simulation.ledger.saveSettings(disarmed);
    simulation.pagerduty.addNote(incident, ROBIN, "what is this?");
    await simulation.clock.run(START + MINUTE + 10 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThan(MINUTE + 10 * SECOND);
  });

  test("a policy that comes round to the bot again is paged on at once", async () => {
    const simulation = await simulateAfterHistory();
    await simulation.ledger.saveSettings(armed);
    const incident = raise(simulation);
    // Level 1 for 5 minutes, levels 2 and 3 for 15 each, then round again.
    const again = START + 35 * MINUTE;
    await simulation.clock.run(again + 10 * SECOND);
    const told = simulation.pagerduty.notifications.filter(
      (one) => one.incident === incident && one.at >= again,
    );
    expect(told.map(({ user }) => user)).toEqual([BOT.id, ROBIN]);
  });
});

describe("paging", () => {
  test("passes over a level where nobody is on call", async () => {
    const simulation = await simulate({
      account: smallAccount({
        schedules: [{ id: "PEMPTY", name: "Nobody's", onCall: () => [] }],
        policies: [
          {
            id: ARMED_POLICY,
            name: "With a gap",
            repeat: 0,
            rules: [
              { delayMinutes: 5, targets: [{ type: "user", id: BOT.id }] },
              { delayMinutes: 15, targets: [{ type: "schedule", id: "PEMPTY" }] },
              { delayMinutes: 15, targets: [{ type: "user", id: ALEX }] },
            ],
          },
          {
            id: FALLBACK_POLICY,
            name: "People only",
            repeat: 0,
            rules: [{ delayMinutes: 15, targets: [{ type: "user", id: ALEX }] }],
          },
        ],
      }),
    });
    const incident = raise(simulation);
    await simulation.clock.run(simulation.clock.now() + 10 * SECOND);
    expect(simulation.pagerduty.incident(incident)).toMatchObject({ assignees: [ALEX], level: 3 });
  });

  test("moves to the fallback policy what PagerDuty would never escalate: an incident of low urgency", async () => {
    const account = smallAccount();
    const simulation = await simulate({
      account: { ...account, services: account.services.map((service) => ({ ...service, urgency: "low" })) },
    });
    const incident = raise(simulation);
    await simulation.clock.run(simulation.clock.now() + 10 * SECOND);
    expect(simulation.pagerduty.incident(incident)).toMatchObject({ assignees: [ALEX], urgency: "low" });
    expect(doneByBot(simulation, incident)).toContain("delegated");
  });

  test("a call that is applied and never answered pages once and leaves one note", async () => {
    const simulation = await simulate();
    await simulation.ledger.saveSettings(
      withMode(cautious, SERVICE, { mode: "annotate", policy: null }, byTest),
    );
    simulation.pagerduty.faults.set({ rest: "applied-not-answered", restProbability: 0.5 });
    const incidents: string[] = [];
    for (let i = 0; i < 20; i++) {
      incidents.push(raise(simulation, `Never seen before ${"x".repeat(i + 1)}`));
      await simulation.clock.run(simulation.clock.now() + 20 * MINUTE);
      clearNow(simulation);
    }
    simulation.pagerduty.faults.set({ rest: "ok" });
    await simulation.clock.run(simulation.clock.now() + 2 * 60 * MINUTE);
    for (const incident of incidents) {
      expect(
        doneByBot(simulation, incident).filter((type) => type === "escalated").length,
      ).toBeLessThanOrEqual(1);
      expect(simulation.pagerduty.incident(incident).notes.length).toBeLessThanOrEqual(1);
    }
  });

  test("the token is in no log entry", async () => {
    const simulation = await simulate();
    simulation.pagerduty.faults.set({ rest: "500" });
    raise(simulation);
    await simulation.clock.run(simulation.clock.now() + 10 * MINUTE);
    expect(simulation.logged.length).toBeGreaterThan(0);
    expect(JSON.stringify(simulation.logged)).not.toContain(TOKEN);
  });
});
