import type { Result } from "@mrdata/responder";
import { describe, expect, test } from "vitest";
import { readDecisions } from "../../packages/cli/src/decisions/ledger-of-decisions.ts";
import {
  armed,
  clearNow,
  DAY,
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
import {
  ALEX,
  ARMED_POLICY,
  BOT,
  FALLBACK_POLICY,
  ROBIN,
  SERVICE,
  smallAccount,
} from "../simulation/small-account.ts";

/** Noise that hides something real: the bot may be wrong here, and then it costs the window and no more. */
const AT_ONCE = 10 * SECOND;
const NOISE = "Disk 91% full on db-3";

/** An armed service whose disk alarm has always resolved itself, swept every minute. */
async function lulled(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const simulation = await simulateAfterHistory({ sweeps: true, ...options });
  await simulation.ledger.saveSettings(armed);
  return simulation;
}
/** What `mrdata decisions` would tell of all since the beginning, once the last window is over. */
async function report({ ledger, clock }: Simulation) {
  await clock.run(clock.now() + 2 * WINDOW);
  return readDecisions(ledger, { since: START, now: clock.now(), windowOf: async () => WINDOW });
}
/** As what the report counts these incidents. */
async function counted(simulation: Simulation, ...incidents: readonly string[]): Promise<readonly Result[]> {
  const { rows } = await report(simulation);
  const results = new Map(rows.map(({ incident, result }) => [incident, result]));
  return incidents.flatMap((incident) => results.get(incident) ?? []);
}
const user = (id: string) => ({ type: "user" as const, id });
const alarm = (
  { pagerduty }: Simulation,
  key: string,
  title: string,
  severity: "info" | "critical" = "critical",
) => {
  const { incident } = pagerduty.trigger({ serviceId: SERVICE, dedupKey: key, title, severity });
  if (incident === null) throw new Error("no incident was opened");
  return incident;
};

describe("noise that hides a real incident", () => {
  test("severity inverted: what never rang before is paged at once, though its monitor calls it information", async () => {
    const simulation = await lulled();
    const real = alarm(simulation, "quiet", "Ledger does not balance", "info");
    const noise = alarm(simulation, "loud", NOISE, "critical");
    await simulation.clock.run(START + 2 * MINUTE);
    expect(pagedAfter(simulation, real)).toBeLessThan(AT_ONCE);
    expect(pagedAfter(simulation, noise)).toBeNull();
    simulation.pagerduty.clear({ serviceId: SERVICE, dedupKey: "loud" });
    expect(await counted(simulation, real, noise)).toEqual(["correct page", "hit"]);
  });

  test("an alert type that used to be noise and is real now costs the window, is counted as a miss, and is paged at once from then on", async () => {
    const simulation = await lulled();
    const first = raise(simulation, NOISE);
    await simulation.clock.run(START + 30 * MINUTE);
    expect(pagedAfter(simulation, first)).toBe(WINDOW);
    expect(
      (
        await simulation.ledger.missCounts([
          { service: SERVICE, since: START - DAY, missesSince: START - DAY },
        ])
      ).misses,
    ).toBe(1);
    simulation.pagerduty.resolve(first, ROBIN);
    const second = raise(simulation, NOISE);
    await simulation.clock.run(START + 40 * MINUTE);
    expect(pagedAfter(simulation, second)).toBeLessThan(AT_ONCE);
    expect(await counted(simulation, first, second)).toEqual(["miss", "correct page"]);
  });

  test("flapping that is an outage: holds add up, so that it is paged within two windows of its beginning", async () => {
    const simulation = await lulled();
    const { clock, pagerduty } = simulation;
    for (let i = 0; i < 8; i++) {
      raise(simulation, NOISE);
      await clock.run(clock.now() + 2 * MINUTE);
      clearNow(simulation);
      await clock.run(clock.now() + 20 * SECOND);
    }
    const told = pagerduty.notifications.find(({ at, bot }) => at >= START && !bot);
    expect((told?.at ?? Number.POSITIVE_INFINITY) - START).toBeLessThanOrEqual(2 * WINDOW);
    // The last time it does not come back by itself.
    const outage = raise(simulation, NOISE);
    expect(await counted(simulation, outage)).toEqual(["correct page"]);
    const { counts, monitorsToFix } = await report(simulation);
    expect(counts).toMatchObject({ hit: 3, "unneeded page": 5, miss: 0 });
    expect(monitorsToFix).toHaveLength(1);
  });

  test("a storm of small ones with a big one inside: the big one is paged at once, and what is held is let go", async () => {
    const simulation = await lulled();
    const { clock } = simulation;
    const held = alarm(simulation, "small-0", NOISE);
    await clock.run(START + 5 * SECOND);
    for (let i = 1; i < 15; i++) alarm(simulation, `small-${i}`, `Disk ${60 + i}% full on db-${i}`);
    const big = alarm(simulation, "big", "Checkout is down");
    await clock.run(START + 2 * MINUTE);
    expect(pagedAfter(simulation, big)).toBeLessThan(AT_ONCE);
    expect(pagedAfter(simulation, held)).toBeLessThanOrEqual(MINUTE + 15 * SECOND);
    expect(await counted(simulation, big, held)).toEqual(["correct page", "miss"]);
  });

  test("a monitor that dies and looks like a recovery: the outage beside it is paged, whatever became of the first", async () => {
    const simulation = await lulled();
    const dead = raise(simulation, NOISE);
    const outage = alarm(simulation, "outage", "Database answers nobody");
    await simulation.clock.run(START + 90 * SECOND);
    clearNow(simulation);
    await simulation.clock.run(START + 30 * MINUTE);
    expect(pagedAfter(simulation, outage)).toBeLessThan(AT_ONCE);
    expect(await counted(simulation, dead, outage)).toEqual(["hit", "correct page"]);
  });
});

describe("what is not the bot's to hold", () => {
  test("an incident that a person owns already stays theirs", async () => {
    const simulation = await lulled();
    const incident = raise(simulation, NOISE);
    simulation.pagerduty.acknowledge(incident, ROBIN);
    await simulation.clock.run(START + 30 * MINUTE);
    expect(doneByBot(simulation, incident).filter((type) => type !== "annotated")).toEqual([]);
    expect(simulation.pagerduty.incident(incident)).toMatchObject({
      status: "acknowledged",
      assignees: [ROBIN],
    });
    // Held when it opened, and it took a person: that nobody was late is no merit of the bot's.
    expect(await counted(simulation, incident)).toEqual(["miss"]);
  });

  test("in maintenance, as the settings know it, nothing is held", async () => {
    const simulation = await lulled();
    const maintenance = [{ service: SERVICE, from: START - MINUTE, to: START + DAY, why: "a move" }];
    await simulation.ledger.saveSettings({ ...armed, maintenance });
    const incident = raise(simulation, NOISE);
    await simulation.clock.run(START + MINUTE);
    expect(pagedAfter(simulation, incident)).toBeLessThan(AT_ONCE);
    // What overlaps maintenance tells nothing either way.
    expect(await counted(simulation, incident)).toEqual(["neither"]);
  });

  test("low urgency, which PagerDuty never escalates, is moved to people at once", async () => {
    const account = smallAccount();
    const services = account.services.map((service) => ({ ...service, urgency: "low" as const }));
    const simulation = await lulled({ account: { ...account, services } });
    const incident = raise(simulation, NOISE);
    await simulation.clock.run(START + MINUTE);
    expect(pagedAfter(simulation, incident)).toBeLessThan(AT_ONCE);
    expect(await counted(simulation, incident)).toEqual(["correct page"]);
  });

  test("under a policy without the bot people are told by PagerDuty itself, and the bot does nothing", async () => {
    const simulation = await lulled();
    const [service] = smallAccount().services;
    if (service !== undefined) simulation.pagerduty.setService({ ...service, policyId: FALLBACK_POLICY });
    const incident = raise(simulation, NOISE);
    await simulation.clock.run(START + 10 * MINUTE);
    expect(pagedAfter(simulation, incident)).toBe(0);
    expect(doneByBot(simulation, incident).filter((type) => type !== "annotated")).toEqual([]);
    expect(await counted(simulation, incident)).toEqual(["correct page"]);
  });

  test("a policy that repeats holds once: each time that it comes round the bot passes it on at once", async () => {
    const simulation = await lulled();
    const incident = raise(simulation, NOISE);
    await simulation.clock.run(START + 2 * 60 * MINUTE);
    const told = simulation.pagerduty.notifications.filter((one) => one.incident === incident);
    const again = told.findIndex(({ at, user: who }) => at > START && who === BOT.id);
    expect(again).toBeGreaterThan(0);
    expect((told[again + 1]?.at ?? Number.POSITIVE_INFINITY) - (told[again]?.at ?? 0)).toBeLessThan(AT_ONCE);
    expect(await counted(simulation, incident)).toEqual(["miss"]);
  });

  test("a bot user that was deleted: PagerDuty passes over the empty level, and people are told at once", async () => {
    const simulation = await lulled();
    simulation.pagerduty.removeUser(BOT.id);
    const incident = raise(simulation, NOISE);
    await simulation.clock.run(START + 10 * MINUTE);
    expect(pagedAfter(simulation, incident)).toBe(0);
    expect(await counted(simulation, incident)).toEqual(["correct page"]);
  });

  test("a gap on level 2: what is held reaches level 3 when the window ends, what is paged reaches it at once", async () => {
    const account = smallAccount({
      schedules: [{ id: "PEMPTY", name: "Nobody's", onCall: () => [] }],
      policies: [
        {
          id: ARMED_POLICY,
          name: "With a gap",
          repeat: 0,
          rules: [
            { delayMinutes: 5, targets: [user(BOT.id)] },
            { delayMinutes: 15, targets: [{ type: "schedule", id: "PEMPTY" }] },
            { delayMinutes: 15, targets: [user(ALEX)] },
          ],
        },
        {
          id: FALLBACK_POLICY,
          name: "People only",
          repeat: 0,
          rules: [{ delayMinutes: 15, targets: [user(ALEX)] }],
        },
      ],
    });
    const simulation = await lulled({ account });
    const held = raise(simulation, NOISE);
    await simulation.clock.run(START + 10 * MINUTE);
    const paged = raise(simulation, "Never seen before");
    await simulation.clock.run(START + 20 * MINUTE);
    expect(pagedAfter(simulation, held)).toBeLessThanOrEqual(WINDOW);
    expect(pagedAfter(simulation, paged)).toBeLessThan(AT_ONCE);
    expect(await counted(simulation, held, paged)).toEqual(["miss", "correct page"]);
  });

  test("an incident that a person takes while the bot's move of it fails is theirs", async () => {
    let stumbling = true;
    const simulation = await lulled({
      fetch: (pagerduty) => async (input, init) =>
        stumbling && init?.method === "PUT" ? new Response(null, { status: 500 }) : pagerduty(input, init),
      sweeps: false,
    });
    const { clock, pagerduty } = simulation;
    const incident = raise(simulation, "Never seen before");
    await clock.run(START + 5);
    pagerduty.acknowledge(incident, ROBIN);
    stumbling = false;
    await clock.run(START + 2 * MINUTE);
    expect(doneByBot(simulation, incident).filter((type) => type !== "annotated")).toEqual([]);
    expect(pagerduty.incident(incident).assignees).toEqual([ROBIN]);
    expect(await counted(simulation, incident)).toEqual(["correct page"]);
  });
});
