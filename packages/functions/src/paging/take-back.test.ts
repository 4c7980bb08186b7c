import { createPagerDuty } from "@mrdata/pagerduty";
import { createDiscreteClock, createPagerDutyDouble, substream } from "@mrdata/simulator";
import { expect, test } from "vitest";
import { takeBackFromProgram } from "./take-back.ts";

const START = Date.parse("2026-03-02T03:00:00Z");
const MINUTE = 60_000;
const rule = (id: string) => ({ delayMinutes: 5, targets: [{ type: "user" as const, id }] });
const PROGRAMS = ["PBOT", "PSRE"];

/** An incident that waits on the bot, and a program beside it. */
function start(fallback: string | null = "PFALLBACK") {
  const clock = createDiscreteClock(START);
  const pagerduty = createPagerDutyDouble({
    clock,
    random: substream(() => 0.5),
    deliverWebhook: async () => ({ status: 204 }),
    account: {
      users: [
        { id: "PBOT", name: "Mr Data", email: "bot@example.com", bot: true },
        { id: "PSRE", name: "SRE agent", email: "sre@example.com" },
        { id: "PROBIN", name: "Robin", email: "robin@example.com" },
        { id: "PALEX", name: "Alex", email: "alex@example.com" },
      ],
      schedules: [],
      policies: [
        { id: "PARMED", name: "Armed", repeat: 0, rules: [rule("PBOT"), rule("PROBIN")] },
        { id: "PFALLBACK", name: "People", repeat: 0, rules: [rule("PALEX")] },
      ],
      services: [
        {
          id: "PDATABASE",
          name: "Database",
          policyId: "PARMED",
          urgency: "high",
          autoResolveTimeout: null,
          acknowledgementTimeout: null,
        },
      ],
      restTokens: [{ token: "t", scopes: "full" }],
    },
  });
  const incident = pagerduty.trigger({ serviceId: "PDATABASE", dedupKey: "d", title: "Disk" }).incident ?? "";
  const logged: Record<string, unknown>[] = [];
  const pager = createPagerDuty({
    auth: { kind: "token", token: async () => "t" },
    from: "bot@example.com",
    clock,
    fetch: pagerduty.send,
  });
  async function takeBack(between: () => void = () => {}) {
    let done = false;
    const asked = { incident, openedAt: START, programs: PROGRAMS };
    const work = takeBackFromProgram(asked, {
      pagerduty: {
        ...pager,
        moveIncident: (...args) => {
          between();
          return pager.moveIncident(...args);
        },
        moveIncidents: (...args) => {
          between();
          return pager.moveIncidents(...args);
        },
      },
      fallbackPolicy: async () => fallback,
      clock,
      log: (entry) => logged.push(entry),
    }).finally(() => {
      done = true;
    });
    work.catch(() => {});
    clock.schedule(clock.now() + 10 * MINUTE, () => {});
    await clock.run(() => done);
    return work;
  }
  const notified = () => pagerduty.notifications.filter(({ bot }) => !bot).map(({ user }) => user);
  return { pagerduty, incident, takeBack, notified, logged, clock };
}

test("what an agent acknowledged, which stops PagerDuty's timer for good, goes to the fallback policy's people, with an alarm", async () => {
  const left = start();
  left.pagerduty.acknowledge(left.incident, "PSRE");
  await left.clock.run(START + 24 * 60 * MINUTE);
  expect(left.notified()).toEqual([]);

  const { pagerduty, incident, takeBack, notified, logged } = start();
  pagerduty.acknowledge(incident, "PSRE");
  expect(await takeBack()).toMatchObject({ action: "delegated" });
  expect(notified()).toEqual(["PALEX"]);
  expect(pagerduty.incident(incident)).toMatchObject({ status: "triggered", policy: "PFALLBACK" });
  expect(logged).toEqual([
    expect.objectContaining({ severity: "CRITICAL", event: "agent.took-over", incident }),
  ]);
});

test("so does what an agent gave to itself, or left acknowledged with the bot", async () => {
  for (const to of ["PSRE", "PBOT"]) {
    const { pagerduty, incident, takeBack, notified } = start();
    pagerduty.reassign(incident, "PSRE", [to]);
    expect(await takeBack()).toMatchObject({ action: "delegated" });
    expect(notified().at(-1)).toBe("PALEX");
  }
});

test("an incident that a person has by then, or that is resolved, is left alone, with an alarm all the same", async () => {
  const acts: readonly ((of: ReturnType<typeof start>) => unknown)[] = [
    ({ pagerduty, incident }) => pagerduty.reassign(incident, "PSRE", ["PROBIN"]),
    ({ pagerduty, incident }) => pagerduty.acknowledge(incident, "PROBIN"),
    ({ pagerduty, incident }) => pagerduty.resolve(incident, "PSRE"),
  ];
  for (const act of acts) {
    const one = start();
    act(one);
    const before = one.pagerduty.incident(one.incident);
    expect(await one.takeBack()).toMatchObject({ action: "none" });
    expect(one.pagerduty.incident(one.incident)).toEqual(before);
    expect(one.logged).toHaveLength(1);
  }
});

test("a lost answer is not followed by a second call, and a person who came between two tries keeps it", async () => {
  const lost = start();
  lost.pagerduty.acknowledge(lost.incident, "PSRE");
  const taken = await lost.takeBack(() => lost.pagerduty.faults.set({ rest: "applied-not-answered" }));
  expect(taken).toMatchObject({ action: "delegated", sentence: expect.stringContaining("answer was lost") });
  expect(lost.notified()).toEqual(["PALEX"]);

  const between = start();
  between.pagerduty.acknowledge(between.incident, "PSRE");
  const left = await between.takeBack(() => {
    between.pagerduty.faults.set({ rest: "500" });
    between.clock.schedule(between.clock.now(), () => {
      between.pagerduty.faults.set({ rest: "ok" });
      between.pagerduty.reassign(between.incident, "PROBIN", ["PROBIN"]);
    });
  });
  expect(left).toMatchObject({ action: "none" });
  expect(between.pagerduty.incident(between.incident).assignees).toEqual(["PROBIN"]);
});

test("where no fallback policy is set, or it is the bot's own by now, the people of its own policy get it", async () => {
  const without = start(null);
  without.pagerduty.acknowledge(without.incident, "PSRE");
  expect(await without.takeBack()).toMatchObject({
    action: "paged",
    sentence: expect.stringContaining("level 2"),
  });
  expect(without.notified()).toEqual(["PROBIN"]);

  const bots = start();
  bots.pagerduty.setPolicy({ id: "PFALLBACK", name: "People", repeat: 0, rules: [rule("PBOT")] });
  bots.pagerduty.acknowledge(bots.incident, "PSRE");
  expect(await bots.takeBack()).toMatchObject({ action: "paged" });
  expect(bots.notified()).toEqual(["PROBIN"]);
});

test("with nobody left to give it to, the error names the setting, and an alarm is raised", async () => {
  const { pagerduty, incident, takeBack, logged } = start(null);
  pagerduty.setPolicy({ id: "PARMED", name: "Armed", repeat: 0, rules: [rule("PBOT")] });
  pagerduty.acknowledge(incident, "PSRE");
  await expect(takeBack()).rejects.toThrow(/MRDATA_FALLBACK_POLICY/);
  expect(logged.map(({ event }) => event)).toEqual(["agent.took-over", "page.nobody-reached"]);
});

const ONE = "/incidents/:id";
test.each([
  ["reading one incident fails", "GET", ONE, "500"],
  ["reading one incident is forbidden", "GET", ONE, "403"],
  ["the list fails", "GET", "/incidents", "500"],
  ["moving one incident fails", "PUT", ONE, "500"],
  ["moving one incident is forbidden", "PUT", ONE, "403"],
  ["moving many fails", "PUT", "/incidents", "500"],
  ["policies cannot be read", "GET", "/escalation_policies/:id", "500"],
] as const)("where only %s, it goes to people all the same, once", async (_, method, path, kind) => {
  const { pagerduty, incident, takeBack, notified } = start();
  pagerduty.acknowledge(incident, "PSRE");
  pagerduty.faults.add({ kind, probability: 1, endpoint: { method, path } });
  expect(await takeBack()).toMatchObject({ action: "delegated" });
  expect(notified()).toEqual(["PALEX"]);
});

test("what PagerDuty refuses either way ends with its error, and is to be tried again", async () => {
  const { pagerduty, incident, takeBack, notified } = start();
  pagerduty.acknowledge(incident, "PSRE");
  for (const path of [ONE, "/incidents"])
    pagerduty.faults.add({ kind: "403", probability: 1, endpoint: { method: "PUT", path } });
  await expect(takeBack()).rejects.toMatchObject({ status: 403 });
  expect(notified()).toEqual([]);
});
