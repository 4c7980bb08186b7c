import { createPagerDuty } from "@mrdata/pagerduty";
import { createDiscreteClock, createPagerDutyDouble, substream, whileHeld } from "@mrdata/simulator";
import { expect, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { BOT, FALLBACK_POLICY, ROBIN, SERVICE, smallAccount } from "../simulation/small-account.ts";

const START = Date.parse("2026-03-02T03:00:00Z");

/** The one client against PagerDuty's double: over its `fetch`, or over real HTTP. */
async function start(over: "fetch" | "http" = "fetch") {
  const clock = createDiscreteClock(START);
  const double = createPagerDutyDouble({ clock, account: smallAccount(), random: substream(() => 0.5) });
  const server = over === "http" ? await double.listen() : null;
  const client = createPagerDuty({
    auth: { kind: "token", token: async () => TOKEN },
    from: BOT.email,
    clock,
    ...(server === null ? { fetch: double.fetch } : { baseUrl: server.url }),
  });
  const { incident } = double.trigger({ serviceId: SERVICE, dedupKey: "disk", title: "Disk is full" });
  if (incident === null) throw new Error("no incident");
  /** Lets the clock go on until the work is done. */
  const during = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => {});
    clock.schedule(clock.now() + 3_600_000, () => {});
    await clock.run(() => done);
    return settled;
  };
  return { clock, double, client, incident, during, server };
}

test("reads incidents and policies as they are", async () => {
  const { client, incident, during } = await start();
  expect(await during(client.getIncident(incident))).toMatchObject({
    id: incident,
    status: "triggered",
    urgency: "high",
    assignees: [BOT.id],
    assignedVia: "escalation_policy",
    serviceId: SERVICE,
    createdAt: START,
  });
  expect(await during(client.getEscalationPolicy("PARMED"))).toMatchObject({
    repeats: 1,
    levels: [{ timeout: 300_000, targets: [BOT.id] }, { timeout: 900_000 }, { timeout: 900_000 }],
  });
});

test("escalates, delegates and writes notes over real HTTP", async () => {
  const { client, double, incident, clock, server } = await start("http");
  try {
    const held = <T>(work: () => Promise<T>) => whileHeld(clock, work);
    await held(() => client.addNote(incident, "looking"));
    expect((await held(() => client.listNotes(incident))).map(({ content }) => content)).toEqual(["looking"]);
    const escalated = await held(() => client.moveIncident(incident, { kind: "level", level: 2 }));
    expect(escalated).toMatchObject({ id: incident, assignees: [ROBIN] });
    expect(double.incident(incident).assignees).toEqual([ROBIN]);
    const to = { kind: "policy", policy: FALLBACK_POLICY } as const;
    expect(await held(() => client.moveIncidents([{ id: incident, to }]))).toMatchObject([
      { id: incident, escalationPolicyId: FALLBACK_POLICY },
    ]);
    expect(double.incident(incident).policy).toBe(FALLBACK_POLICY);
  } finally {
    await server?.close();
  }
});

test("a move that was made and never answered is not made twice", async () => {
  const { client, double, incident, during } = await start();
  double.faults.set({ rest: "applied-not-answered" });
  await expect(during(client.moveIncident(incident, { kind: "level", level: 2 }))).rejects.toMatchObject({
    status: 0,
  });
  expect(double.events.map(({ type }) => type)).toEqual(["triggered", "escalated"]);
});

test("an incident that was opened and never answered is found by its key, and not opened twice", async () => {
  const { client, double, during } = await start();
  double.faults.set({ rest: "applied-not-answered" });
  const wanted = { service: SERVICE, title: "A drill", key: "drill-1" };
  const opening = client.openIncident(wanted);
  const id = await during(opening);
  expect(double.incidents().filter(({ title }) => title === "A drill")).toMatchObject([
    { id, urgency: "high" },
  ]);
  double.faults.set({ rest: "ok" });
  expect(double.events.at(-1)).toMatchObject({ type: "triggered", incident: id, agent: BOT.id });
  const log: unknown[] = [];
  await during(
    (async () => {
      for await (const { type, user } of client.listLogEntries(id)) log.push([type, user]);
    })(),
  );
  expect(log).toEqual([
    ["notify", BOT.id],
    ["assign", null],
    ["trigger", null],
  ]);
});

test("a PagerDuty that hangs costs a bounded time", async () => {
  const { client, double, incident, during, clock } = await start();
  double.faults.set({ rest: "hang" });
  await expect(during(client.getIncident(incident))).rejects.toMatchObject({ status: 0 });
  expect(clock.now() - START).toBeLessThanOrEqual(30_000);
});

test("the rate limit of a minute is waited for, as long as the deadline allows", async () => {
  const { client, double, incident, during, clock } = await start();
  double.faults.set({ rest: "429" });
  clock.schedule(START + 1_500, () => double.faults.set({ rest: "ok" }));
  expect((await during(client.getIncident(incident))).id).toBe(incident);
  expect(clock.now() - START).toBeGreaterThan(1_500);
});

test("incidents are listed page by page, all of them once", async () => {
  const { client, double, during } = await start();
  for (let i = 0; i < 250; i++) double.trigger({ serviceId: SERVICE, dedupKey: `d${i}`, title: `Disk ${i}` });
  const ids = await during(
    (async () => {
      const found: string[] = [];
      for await (const { id } of client.listIncidents({ statuses: ["triggered"] })) found.push(id);
      return found;
    })(),
  );
  expect(ids).toHaveLength(251);
  expect(new Set(ids).size).toBe(251);
});
