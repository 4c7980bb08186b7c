import { outcomeOf } from "@mrdata/incident";
import { armedServices, disarmAll, withMode } from "@mrdata/platform";
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
import { type Simulation, sweepNow, TOKEN } from "../simulation/simulated-bot.ts";
import { ARMED_POLICY, BOT, ROBIN, SERVICE } from "../simulation/small-account.ts";

const sweep = async (simulation: Simulation): Promise<void> => {
  const { clock } = simulation;
  let done = false;
  void sweepNow(simulation.handlers.sweep).then(() => {
    done = true;
  });
  // It may wait a few seconds for what has just opened.
  for (let i = 0; i < 30 && !done; i++) await clock.run(clock.now() + SECOND);
  if (!done) throw new Error("the sweep did not end");
};
const logs = ({ logged }: Simulation, event: string) => logged.filter((entry) => entry.event === event);

/** Arms the service of one that is after its history; answers with an incident that is held since a minute ago. */
async function holding(simulation: Simulation): Promise<string> {
  await simulation.ledger.saveSettings(armed);
  const incident = raise(simulation);
  await simulation.clock.run(START + MINUTE);
  expect((await simulation.ledger.prediction(incident))?.holdUntil).toBe(START + WINDOW);
  return incident;
}

describe("the sweep", () => {
  test("pages within a minute what no webhook told of, and writes the decision that is missing", async () => {
    const simulation = await simulate({ sweeps: true });
    const { pagerduty, clock, ledger } = simulation;
    pagerduty.faults.set({ webhooks: "lost" });
    await clock.run(clock.now() + 20 * SECOND);
    const incident = raise(simulation);
    await clock.run(clock.now() + 61 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThanOrEqual(MINUTE);
    expect(await ledger.prediction(incident)).toMatchObject({
      decision: "page",
      decidedBy: "sweep",
      service: SERVICE,
      abstained: "the bot was not told when the incident opened",
      taken: { action: "paged" },
    });
  });

  test("leaves a live hold alone, and what respond may still be deciding", async () => {
    const simulation = await simulateAfterHistory();
    const incident = await holding(simulation);
    const another = raise(simulation, "Disk 92% full on db-4");
    await sweep(simulation);
    expect(pagedAfter(simulation, incident)).toBeNull();
    expect(pagedAfter(simulation, another)).toBeNull();
    expect((await simulation.ledger.prediction(another))?.decidedBy).toBe("threshold");
    expect(logs(simulation, "sweep.done").at(-1)).toMatchObject({ severity: "INFO", waiting: 2, paged: 0 });
  });

  test("pages what is held once the settings name a guard rail that is not known, and says which; nothing new is held", async () => {
    const simulation = await simulateAfterHistory();
    const incident = await holding(simulation);
    await simulation.ledger.changeSettings((before) => ({
      ...before,
      rails: { "of-later": { minutes: 5 } },
    }));
    await sweep(simulation);
    expect(pagedAfter(simulation, incident)).toBeLessThanOrEqual(2 * MINUTE);
    expect(logs(simulation, "settings.rail-unreadable")[0]).toMatchObject({
      severity: "ERROR",
      reason: expect.stringContaining("rails.of-later"),
    });
    const another = raise(simulation, "Disk 92% full on db-4");
    await simulation.clock.run(simulation.clock.now() + MINUTE);
    const decided = await simulation.ledger.prediction(another);
    expect(decided).toMatchObject({ decision: "page", decidedBy: "settings", taken: { action: "paged" } });
    expect(decided?.verdicts[0]?.sentence).toContain("rails.of-later");
    // What is kept is kept whole.
    expect((await simulation.ledger.settings()).rails).toEqual({ "of-later": { minutes: 5 } });
  });

  test("pages what is held once the bot is disarmed, though nothing else happens", async () => {
    const simulation = await simulateAfterHistory();
    const incident = await holding(simulation);
    await simulation.ledger.saveSettings(disarmed);
    await sweep(simulation);
    expect(pagedAfter(simulation, incident)).toBeLessThan(MINUTE + 10 * SECOND);
    expect((await simulation.ledger.prediction(incident))?.ended).toBeDefined();
  });

  test("pages what is held when the settings or the ledger cannot be read", async () => {
    let broken: "settings" | "prediction" | null = null;
    for (const what of ["settings", "prediction"] as const) {
      broken = null;
      const simulation = await simulateAfterHistory({
        ledger: (ledger) => ({
          ...ledger,
          settings: async () => {
            if (broken === "settings") throw new Error("settings/bot: schema: is 9");
            return ledger.settings();
          },
          prediction: async (incident) => {
            if (broken === "prediction") throw new Error("the ledger is down");
            return ledger.prediction(incident);
          },
        }),
      });
      const incident = await holding(simulation);
      broken = what;
      await sweep(simulation);
      expect(pagedAfter(simulation, incident), what).toBeLessThan(MINUTE + 10 * SECOND);
    }
  });

  test("releases what is held when a storm begins", async () => {
    const simulation = await simulateAfterHistory();
    const incident = await holding(simulation);
    // Only recorded: the storm is seen by nobody but the sweep.
    for (let i = 0; i < 12; i++)
      await simulation.ledger.recordEvent(
        {
          id: `S${i}`,
          incident: `PSTORM${i}`,
          type: "triggered",
          occurredAt: START + 50 * SECOND,
          actor: "integration",
          actorId: null,
          note: null,
          mergedInto: null,
          snapshot: {
            title: "Checkout answers 503",
            service: "PSHOP",
            serviceName: null,
            status: "triggered",
            urgency: "high",
            priority: null,
            assignees: [],
            escalationPolicy: null,
            teams: [],
            number: null,
            htmlUrl: null,
            createdAt: null,
          },
        },
        { windowMs: WINDOW },
      );
    await sweep(simulation);
    expect(pagedAfter(simulation, incident)).toBeLessThan(MINUTE + 10 * SECOND);
    expect((await simulation.ledger.prediction(incident))?.ended?.why).toBe("A storm.");
  });

  test("pages what came back to the bot within its window, though no webhook told of it", async () => {
    const simulation = await simulateAfterHistory({ sweeps: true });
    const incident = await holding(simulation);
    const { pagerduty, clock, ledger } = simulation;
    pagerduty.faults.set({ webhooks: "lost" });
    await clock.run(START + 90 * SECOND);
    pagerduty.delegate(incident, ROBIN, ARMED_POLICY);
    await clock.run(START + 150 * SECOND);
    expect(pagedAfter(simulation, incident)).toBeLessThanOrEqual(150 * SECOND);
    expect((await ledger.prediction(incident))?.ended?.why).toBe("It came back to the bot.");
  });

  test("has no heartbeat while PagerDuty does not answer", async () => {
    const simulation = await simulate();
    simulation.pagerduty.faults.set({ rest: "500" });
    await sweep(simulation);
    expect(logs(simulation, "sweep.done")).toEqual([]);
    expect(logs(simulation, "sweep.failed")[0]).toMatchObject({ severity: "ERROR" });
    simulation.pagerduty.faults.set({ rest: "ok" });
    await sweep(simulation);
    expect(logs(simulation, "sweep.done")).toHaveLength(1);
  });
});

describe("maintenance", () => {
  const during = (from: number, to: number) => ({
    ...armed,
    maintenance: [{ service: SERVICE, from, to, why: "a new rack" }],
  });

  test("that begins in a hold's window makes it no miss, and stays with the incident when the settings change", async () => {
    const simulation = await simulateAfterHistory();
    const { clock, ledger } = simulation;
    const held = await holding(simulation);
    await ledger.saveSettings(during(clock.now(), clock.now() + MINUTE));
    await clock.run(START + 20 * MINUTE);
    await sweep(simulation);
    expect((await ledger.prediction(held))?.unsettled).toBeUndefined();
    expect((await ledger.prediction(held))?.missedAt).toBeUndefined();
    // PagerDuty escalated it at the window's end: that event was recorded with the maintenance.
    await ledger.saveSettings(armed);
    const events = (await ledger.incident(held))?.events ?? [];
    expect(outcomeOf(events, { windowMs: WINDOW })?.outcome).toBe("unknown");
  });

  test("is recorded with what opens in it: it counts neither as noise nor as real", async () => {
    const simulation = await simulate();
    const { clock, ledger } = simulation;
    await clock.run(START);
    await ledger.saveSettings(during(START - MINUTE, START + 10 * MINUTE));
    const opened = raise(simulation);
    await clock.run(START + 2 * MINUTE);
    clearNow(simulation);
    await clock.run(START + 4 * MINUTE);
    expect((await ledger.incident(opened))?.state.outcome).toBe("unknown");
  });
});

describe("the miss budget", () => {
  test("is spent by a miss too many: the bot disarms itself, says so, and stays off until a person arms it", async () => {
    const simulation = await simulateAfterHistory();
    const { clock, ledger } = simulation;
    const missed = await holding(simulation);
    await clock.run(START + 20 * MINUTE);
    // PagerDuty escalated it when the window ended: somebody was paged late.
    expect(pagedAfter(simulation, missed)).toBe(WINDOW);
    // Within the hour that alert would be paged for having been held to the end.
    await clock.run(START + 70 * MINUTE);
    raise(simulation, "Disk 93% full on db-5");
    await clock.run(clock.now() + MINUTE);
    const heldThen = (await ledger.predictions({ limit: 1 }))[0]?.incident ?? "";
    expect((await ledger.prediction(heldThen))?.decision).toBe("hold");
    await sweep(simulation);
    expect((await ledger.prediction(missed))?.missedAt).toBe(START + WINDOW);
    // One miss of one is the whole share, and next to no evidence that the rate is above a tenth.
    expect(armedServices(await ledger.settings())).toEqual([SERVICE]);
    await ledger.changeSettings((before) => ({ ...before, missBudget: 0 }));
    await sweep(simulation);
    const settings = await ledger.settings();
    expect(armedServices(settings)).toEqual([]);
    expect(settings.disarmed).toMatchObject({
      who: "Mr Data",
      why: expect.stringMatching(/miss budget is spent/),
    });
    expect(logs(simulation, "budget.spent")[0]).toMatchObject({ severity: "CRITICAL", misses: 1 });
    expect(simulation.pagerduty.incident(heldThen).assignees).toEqual([ROBIN]);

    const later = raise(simulation);
    await clock.run(clock.now() + 10 * SECOND);
    expect(pagedAfter(simulation, later)).toBeLessThan(10 * SECOND);
    expect(simulation.pagerduty.incident(later).notes[0]).toMatch(
      /^Mr Data: paged at once\. The bot is disarmed, by Mr Data .*miss budget is spent/,
    );
    await ledger.changeSettings((before) =>
      withMode(before, SERVICE, { mode: "armed", policy: ARMED_POLICY }, byTest),
    );
    expect((await ledger.settings()).disarmed).toBeNull();
  });

  test("is not touched by a hold that resolved itself", async () => {
    const simulation = await simulateAfterHistory();
    const incident = await holding(simulation);
    clearNow(simulation);
    await simulation.clock.run(START + 20 * MINUTE);
    await sweep(simulation);
    const prediction = await simulation.ledger.prediction(incident);
    expect(prediction?.missedAt).toBeUndefined();
    expect(prediction?.unsettled).toBeUndefined();
    expect(prediction?.ended).toMatchObject({ at: START + MINUTE });
    expect(armedServices(await simulation.ledger.settings())).toEqual([SERVICE]);
  });
});

describe("a hold that was taken for a miss", () => {
  test("because nothing was recorded of it: in doubt it is one, until more is known", async () => {
    let dead = false;
    const simulation = await simulateAfterHistory({
      handler: (name, handler) => async (request) =>
        dead && name === "record" ? new Response(null, { status: 503 }) : handler(request),
    });
    const { clock, ledger } = simulation;
    await ledger.saveSettings(armed);
    dead = true;
    const incident = raise(simulation);
    await clock.run(START + 66 * MINUTE);
    await sweep(simulation);
    expect(await ledger.prediction(incident)).toMatchObject({ missedAt: START + WINDOW });
    expect(logs(simulation, "hold.missed").at(-1)).toMatchObject({ incident, known: false });
    expect(await ledger.missTrail([{ service: SERVICE, since: 0, missesSince: 0 }])).toContainEqual({
      incident,
      openedAt: START,
      missed: true,
    });
  });

  test("because its end was told late: it is settled again", async () => {
    const simulation = await simulateAfterHistory();
    const { clock, ledger, pagerduty } = simulation;
    const incident = await holding(simulation);
    pagerduty.faults.set({ webhooks: "delay", webhookDelay: 10 * MINUTE });
    clearNow(simulation);
    await clock.run(START + 8 * MINUTE);
    await sweep(simulation);
    expect(await ledger.prediction(incident)).toMatchObject({ missedAt: START + WINDOW });
    await clock.run(START + 15 * MINUTE);
    expect(await ledger.prediction(incident)).toMatchObject({ unsettled: true });
    await sweep(simulation);
    const prediction = await ledger.prediction(incident);
    expect([prediction?.missedAt, prediction?.unsettled]).toEqual([undefined, undefined]);
    expect((await ledger.missCounts([{ service: SERVICE, since: START, missesSince: START }])).misses).toBe(
      0,
    );
  });
});

describe("without a key that PagerDuty takes", () => {
  test.each([
    ["taken away", null],
    ["revoked", "revoked"],
  ])("%s: the sweep has no heartbeat, and the next checks disarm and alarm", async (_, left) => {
    let token: string | null = TOKEN;
    const simulation = await simulateAfterHistory({ checks: true, token: () => token });
    await simulation.ledger.saveSettings(armed);
    await simulation.clock.run(START + 8 * MINUTE);
    token = left;
    await sweep(simulation);
    expect(logs(simulation, "sweep.done")).toEqual([]);
    expect(logs(simulation, "sweep.failed")).toHaveLength(1);
    await simulation.clock.run(START + 15 * MINUTE);
    await sweep(simulation);
    expect(armedServices(await simulation.ledger.settings())).toEqual([]);
    expect(logs(simulation, "check.failed")[0]).toMatchObject({ severity: "CRITICAL", check: "token" });
  });
});

describe("the needed checks", () => {
  test("run every ten minutes: one that fails disarms the service, pages what is held and alarms", async () => {
    const simulation = await simulateAfterHistory({ checks: true });
    await simulation.ledger.saveSettings(armed);
    await simulation.ledger.noteLastChecks({ answeredAt: START + 5 * MINUTE, unknown: [] });
    await simulation.clock.run(START + 13 * MINUTE);
    const incident = raise(simulation);
    await simulation.clock.run(START + 14 * MINUTE);
    await sweep(simulation);
    expect(armedServices(await simulation.ledger.settings())).toEqual([SERVICE]);
    expect(pagedAfter(simulation, incident)).toBeNull();
    await simulation.clock.run(START + 15 * MINUTE);
    // No model version is champion: the first of the checks that fails.
    for (let i = 0; i < 3 && armedServices(await simulation.ledger.settings()).length > 0; i++)
      await sweep(simulation);
    const { services } = await simulation.ledger.settings();
    expect(services[SERVICE]).toMatchObject({ mode: "shadow", policy: ARMED_POLICY, who: "Mr Data" });
    expect(services[SERVICE]?.why).toMatch(/^the check [a-z-]+ failed\. /);
    expect(logs(simulation, "check.failed")[0]).toMatchObject({ severity: "CRITICAL", service: SERVICE });
    expect(simulation.pagerduty.incident(incident).assignees).not.toContain(BOT.id);
  });
});

test("a bot that is disarmed before anything is held has nothing to release", async () => {
  const simulation = await simulate();
  await simulation.ledger.saveSettings(disarmAll(cautious, byTest));
  await sweep(simulation);
  expect(simulation.pagerduty.events.filter(({ agent }) => agent === BOT.id)).toEqual([]);
  expect(doneByBot(simulation, "PNONE")).toEqual([]);
});
