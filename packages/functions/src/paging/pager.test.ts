import type { IncidentSnapshot } from "@mrdata/incident";
import { defaultSettings, type LogEntry } from "@mrdata/platform";
import { createDiscreteClock } from "@mrdata/simulator";
import { describe, expect, test } from "vitest";
import { createPager } from "./pager.ts";
import {
  BOT,
  FALLBACK,
  jumpingClock,
  type OnMove,
  refusal,
  START,
  scriptedPagerDuty,
  toPerson,
  waiting,
} from "./scripted-pagerduty.fixture.ts";

const KNOWN = { snapshot: null };
const AGENT = "PSRE";
/** As the webhook of its opening shows it. */
const asOpened: IncidentSnapshot = {
  title: "Disk full",
  service: "PSERVICE",
  serviceName: "Database",
  status: "triggered",
  urgency: "high",
  priority: null,
  assignees: [BOT],
  escalationPolicy: "PARMED",
  teams: [],
  number: 1,
  htmlUrl: null,
  createdAt: START,
};
const ids = (count: number) => Array.from({ length: count }, (_, i) => `P${i}`);

function start(
  onMove: OnMove,
  {
    incidents = [waiting("P0")],
    fallbackPolicy = FALLBACK,
  }: { incidents?: ReturnType<typeof waiting>[]; fallbackPolicy?: string | null } = {},
) {
  const pagerduty = scriptedPagerDuty(incidents, onMove);
  const clock = jumpingClock();
  const logged: LogEntry[] = [];
  const pager = createPager(
    {
      pagerduty,
      clock,
      log: (entry) => logged.push(entry),
      ledger: { settings: async () => defaultSettings },
    },
    { bot: BOT, fallbackPolicy, automationUsers: [AGENT] },
  );
  return { pagerduty, pager, clock, logged };
}

describe("a move that leads to programs alone", () => {
  const withAgent = (id: string, change: Partial<ReturnType<typeof waiting>> = {}) =>
    waiting(id, { assignees: [AGENT], ...change });
  const toAlex = (id: string) => waiting(id, { assignees: ["PALEX"], escalationPolicyId: FALLBACK });
  test.each<[string, string | null, OnMove]>([
    ["a level of an agent", FALLBACK, (id, move) => (move.kind === "level" ? withAgent(id) : toAlex(id))],
    [
      "a level of an agent and the bot",
      FALLBACK,
      (id, move) => (move.kind === "level" ? withAgent(id, { assignees: [AGENT, BOT] }) : toAlex(id)),
    ],
    [
      "a level of an agent that acknowledges immediately",
      FALLBACK,
      (id, move) => (move.kind === "level" ? withAgent(id, { status: "acknowledged" }) : toAlex(id)),
    ],
    [
      "a level of an agent, and no fallback policy is set",
      null,
      (id, move) =>
        move.kind === "level" && move.level === 2 ? withAgent(id) : waiting(id, { assignees: ["PALEX"] }),
    ],
  ])("goes on to people: %s", async (_, fallbackPolicy, onMove) => {
    const { pager, pagerduty, logged } = start(onMove, { fallbackPolicy });
    expect((await pager.pageIfWaiting("P0", KNOWN)).action).not.toBe("none");
    expect(pagerduty.now.get("P0")?.assignees).toEqual(["PALEX"]);
    expect(logged.find(({ event }) => event === "agent.took-over")).toMatchObject({ severity: "CRITICAL" });
  });

  test("is reported as failed where it leads nowhere else, so that it is retried", async () => {
    const { pager } = start((id) => withAgent(id), { fallbackPolicy: null });
    await expect(pager.pageIfWaiting("P0", KNOWN)).rejects.toThrow(/reaches nobody/);
  });
});

describe("one incident", () => {
  test("is read, and moved to the level above the bot's", async () => {
    const { pager, pagerduty } = start(toPerson);
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({
      action: "paged",
      sentence: "Escalated to level 2.",
    });
    expect(pagerduty.calls).toEqual(["GET P0", "PUT P0 level 2"]);
  });

  test.each([
    ["acknowledged", { status: "acknowledged" }],
    ["a person's too", { assignees: [BOT, "PROBIN"] }],
    ["assigned by hand", { assignedVia: "direct_assignment" }],
  ])("is left alone when it is %s", async (_, change) => {
    const { pager, pagerduty } = start(toPerson, { incidents: [waiting("P0", change)] });
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "none" });
    const reading = { incident: waiting("P0", change), at: START };
    expect(await pager.pageIfWaiting("P0", { snapshot: null, reading })).toMatchObject({ action: "none" });
    expect(pagerduty.calls).toEqual(["GET P0"]);
  });

  test("that a level leaves with the bot goes to the next, and that level is never tried again", async () => {
    const { pager, pagerduty } = start((id, to) =>
      to.kind === "level" && to.level === 2 ? waiting(id) : toPerson(id),
    );
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
    pagerduty.now.set("P0", waiting("P0"));
    await pager.pageIfWaiting("P0", KNOWN);
    expect(pagerduty.calls.filter((call) => call === "PUT P0 level 2")).toHaveLength(1);
  });

  test("that fails is tried hard once, then less while it comes again, and is paged once PagerDuty answers", async () => {
    const { pager, pagerduty, clock } = start(() => refusal(503));
    const page = async () => {
      const [calls, at] = [pagerduty.calls.length, clock.now()];
      await expect(pager.pageIfWaiting("P0", KNOWN)).rejects.toThrow(/503/);
      return { calls: pagerduty.calls.length - calls, ms: clock.now() - at };
    };
    const first = await page();
    const again = await page();
    expect(first.ms).toBeGreaterThan(30_000);
    expect(again.ms).toBeLessThanOrEqual(12_000);
    expect(again.calls).toBeLessThan(first.calls / 2);
    pagerduty.moveIncident = async (id) => {
      pagerduty.now.set(id, toPerson(id));
      return toPerson(id);
    };
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "paged" });
    pagerduty.now.set("P0", waiting("P0"));
    await clock.sleep(3_600_000);
    pagerduty.moveIncident = async () => {
      throw refusal(503);
    };
    expect((await page()).ms).toBeGreaterThan(30_000);
  });

  test("that nothing takes from the bot is left to PagerDuty's timer, and an alarm raised", async () => {
    const { pager, pagerduty, logged } = start((id) => waiting(id));
    for (let again = 0; again < 3; again++)
      expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "none" });
    expect(pagerduty.calls.filter((call) => call.startsWith("PUT"))).toEqual([
      "PUT P0 level 2",
      "PUT P0 level 3",
      `PUT P0 policy ${FALLBACK}`,
    ]);
    expect(logged.filter(({ event }) => event === "page.nobody-reached")).toMatchObject([
      { severity: "CRITICAL", incident: "P0" },
      {},
      {},
    ]);
  });

  test("retries a level that had nobody on call a minute before", async () => {
    let isStaffed = false;
    const { pager, pagerduty } = start(
      (id, to) => (isStaffed && to.kind === "level" && to.level === 2 ? toPerson(id) : refusal(400, 1015)),
      { fallbackPolicy: null },
    );
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "none" });
    isStaffed = true;
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 2." });
    expect(pagerduty.calls.filter((call) => call === "PUT P0 level 2")).toHaveLength(2);
  });

  test("goes to the second level of a fallback policy that begins with the bot", async () => {
    const { pager, pagerduty } = start((id, to) => {
      if (to.kind === "policy") return waiting(id, { escalationPolicyId: FALLBACK });
      return pagerduty.now.get(id)?.escalationPolicyId === FALLBACK && to.level === 2
        ? toPerson(id)
        : waiting(id);
    });
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "paged" });
    expect(pagerduty.calls.at(-1)).toBe("PUT P0 level 2");
  });

  test("is moved whatever the policy's endpoint answers", async () => {
    const { pager, pagerduty } = start((id, to) =>
      to.kind === "policy" ? toPerson(id) : refusal(400, 1015),
    );
    pagerduty.getEscalationPolicy = async () => {
      throw refusal(500);
    };
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "delegated" });
  });

  test.each([500, 403, 404, 0])("is moved by the other endpoint where one answers %s", async (status) => {
    for (const broken of ["one", "many"] as const) {
      const { pager } = start((id, _, endpoint) => (endpoint === broken ? refusal(status) : toPerson(id)));
      expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "paged" });
    }
  });

  test.each([500, 403, 404, 0])("is read by the list where its own endpoint answers %s", async (status) => {
    const { pager, pagerduty } = start(toPerson);
    pagerduty.getIncident = async () => {
      throw refusal(status);
    };
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "paged" });
  });

  test("whose move was done and not answered is not moved twice", async () => {
    const { pager, pagerduty } = start((id) => {
      pagerduty.now.set(id, toPerson(id));
      return refusal(0);
    });
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({
      action: "paged",
      sentence: expect.stringContaining("answer was lost"),
    });
    expect(pagerduty.calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  test("whose move was not answered is moved again only after a late enough read", async () => {
    let tries = 0;
    const { pager, pagerduty, clock } = start((id) => (++tries === 1 ? refusal(0) : toPerson(id)));
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "paged" });
    expect(clock.now() - START).toBeGreaterThanOrEqual(5_000);
    expect(pagerduty.calls.lastIndexOf("GET P0")).toBeGreaterThan(pagerduty.calls.indexOf("PUT P0 level 2"));
  });

  test("whose lost move led to the bot itself is not sent there again", async () => {
    const { pager, pagerduty } = start((id, to) => {
      if (to.kind === "level" && to.level > 2) return toPerson(id);
      pagerduty.now.set(id, waiting(id, { assignedAt: START + 1_000 }));
      return refusal(0);
    });
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
    expect(pagerduty.calls.filter((call) => call === "PUT P0 level 2")).toHaveLength(1);
  });

  const escalatedByBot = (id: string, pagerduty: ReturnType<typeof start>["pagerduty"]) =>
    pagerduty.log.set(id, [
      { type: "escalate", agent: BOT, isByUser: true, at: START + 420, user: null, channel: null },
      { type: "trigger", agent: null, isByUser: false, at: START, user: null, channel: null },
    ]);

  test("that another instance escalated to the bot itself within the second of its opening is not sent there again", async () => {
    const { pager, pagerduty, clock } = start(toPerson);
    escalatedByBot("P0", pagerduty);
    await clock.sleep(5_000);
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
  });

  test("that was moved since it opened goes to the fallback policy where its log cannot be read", async () => {
    const { pager, pagerduty, clock } = start(toPerson, {
      incidents: [waiting("P0", { assignedAt: START + 60_000 })],
    });
    await clock.sleep(61_000);
    let asked = 0;
    pagerduty.listLogEntries = async function* () {
      asked++;
      yield* [];
      throw refusal(500);
    };
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "delegated" });
    expect(asked).toBe(3);
    expect(pagerduty.calls.filter((call) => call.startsWith("PUT"))).toEqual(["PUT P0 policy PFALLBACK"]);
  });

  const withUnreadableLog = (pagerduty: ReturnType<typeof start>["pagerduty"]): void => {
    pagerduty.listLogEntries = async function* () {
      yield* [];
      throw refusal(500);
    };
  };
  const puts = ({ calls }: { readonly calls: readonly string[] }): readonly string[] =>
    calls.filter((call) => call.startsWith("PUT"));

  test.each([
    ["a person", "PROBIN", "PUT P0 level 2"],
    ["the bot", BOT, "PUT P0 policy PFALLBACK"],
    ["an agent", AGENT, "PUT P0 policy PFALLBACK"],
  ])(
    "that seems where its opening put it, and whose log cannot be read, is sent to level 2 only where a person is on call there: %s",
    async (_, user, put) => {
      const { pager, pagerduty, clock } = start(toPerson);
      withUnreadableLog(pagerduty);
      pagerduty.onCall.set("PARMED", [BOT, user]);
      await clock.sleep(16_000);
      expect((await pager.pageIfWaiting("P0", KNOWN)).action).not.toBe("none");
      expect(puts(pagerduty)).toEqual([put]);
    },
  );

  test("is sent up its own policy where neither its log nor who is on call can be read", async () => {
    const { pager, pagerduty, clock } = start(toPerson);
    withUnreadableLog(pagerduty);
    pagerduty.listOnCalls = async function* () {
      yield* [];
      throw refusal(500);
    };
    await clock.sleep(16_000);
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
  });

  test.each([
    ["the bot", [BOT, "PSAM"]],
    ["nobody", []],
  ])(
    "of unknown level is not sent to a fallback policy that begins with %s while its own policy has levels of people",
    async (_, onCall) => {
      const { pager, pagerduty, clock } = start(toPerson, {
        incidents: [waiting("P0", { assignedAt: START + 60_000 })],
      });
      withUnreadableLog(pagerduty);
      pagerduty.onCall.set(FALLBACK, onCall);
      await clock.sleep(61_000);
      expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
      expect(puts(pagerduty)).toEqual(["PUT P0 level 3"]);
    },
  );

  test("that another instance moves while this one tries is looked at anew: its level is not what it was", async () => {
    let tries = 0;
    const { pager, pagerduty } = start((id, to) => {
      if (++tries > 1) return to.kind === "level" && to.level === 3 ? toPerson(id) : waiting(id);
      escalatedByBot(id, pagerduty);
      pagerduty.now.set(id, waiting(id, { assignedAt: START + 20_000 }));
      return refusal(429);
    });
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
    expect(puts(pagerduty)).toEqual(["PUT P0 level 2", "PUT 1 incidents"]);
  });

  test("whose move to the fallback policy led to the bot goes on from there without its log", async () => {
    const { pager, pagerduty } = start(
      (id, to) => {
        if (to.kind === "policy")
          return waiting(id, { escalationPolicyId: FALLBACK, assignedAt: START + 20_000 });
        return to.level === 2 ? toPerson(id) : waiting(id);
      },
      { incidents: [waiting("P0", { urgency: "low" })] },
    );
    withUnreadableLog(pagerduty);
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 2." });
    expect(pagerduty.calls.filter((call) => call.startsWith("GET"))).toHaveLength(1);
  });

  test("whose log cannot be read goes on from the level where this bot's own moves left it", async () => {
    let isRefusing = true;
    const { pager, pagerduty, clock } = start((id, to) => {
      if (to.kind === "level" && to.level === 2) return waiting(id, { assignedAt: START + 1_000 });
      return isRefusing ? refusal(503) : toPerson(id);
    });
    withUnreadableLog(pagerduty);
    await expect(pager.pageIfWaiting("P0", KNOWN)).rejects.toThrow(/503/);
    isRefusing = false;
    await clock.sleep(1_000);
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
    expect(puts(pagerduty).filter((put) => put === "PUT P0 level 2")).toHaveLength(1);
  });

  test("that was moved since it opened is sent up by its log where that is read at the second try", async () => {
    const { pager, pagerduty, clock } = start(toPerson, {
      incidents: [waiting("P0", { assignedAt: START + 60_000 })],
    });
    escalatedByBot("P0", pagerduty);
    await clock.sleep(61_000);
    const read = pagerduty.listLogEntries.bind(pagerduty);
    let asked = 0;
    pagerduty.listLogEntries = async function* (id) {
      if (++asked === 1) throw refusal(500);
      yield* read(id);
    };
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
  });

  test("whose lost move led to the bot itself within the second of its opening is recognised by its log", async () => {
    const { pager, pagerduty } = start((id, to) => {
      if (to.kind === "level" && to.level > 2) return toPerson(id);
      // The assignment is dated to the second, and has the date that it had.
      pagerduty.log.set(id, [
        { type: "escalate", agent: BOT, isByUser: true, at: START + 420, user: null, channel: null },
        { type: "trigger", agent: null, isByUser: false, at: START, user: null, channel: null },
      ]);
      return refusal(0);
    });
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
    expect(pagerduty.calls.filter((call) => call === "PUT P0 level 2")).toHaveLength(1);
  });

  test("whose move hung until it was given up is recognised by its log, too: it was made when the call began", async () => {
    const { pager, pagerduty, clock } = start((id, to) => {
      if (to.kind === "level" && to.level > 2) return toPerson(id);
      pagerduty.log.set(id, [
        { type: "escalate", agent: BOT, isByUser: true, at: START + 420, user: null, channel: null },
        { type: "trigger", agent: null, isByUser: false, at: START, user: null, channel: null },
      ]);
      return refusal(0);
    });
    const { moveIncident } = pagerduty;
    pagerduty.moveIncident = async (id, to) => {
      try {
        return await moveIncident(id, to);
      } catch (error) {
        await clock.sleep(10_000);
        throw error;
      }
    };
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ sentence: "Escalated to level 3." });
    expect(pagerduty.calls.filter((call) => call === "PUT P0 level 2")).toHaveLength(1);
  });

  test("that a person takes between two tries is left alone", async () => {
    const { pager, pagerduty } = start((id) => {
      pagerduty.now.set(id, waiting(id, { status: "acknowledged", assignees: ["PROBIN"] }));
      return refusal(500);
    });
    expect(await pager.pageIfWaiting("P0", KNOWN)).toMatchObject({ action: "none" });
    expect(pagerduty.calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  test("rejects within a minute where PagerDuty only fails, and immediately for a wrong key", async () => {
    const { pager, clock, pagerduty } = start(() => refusal(500));
    await expect(pager.pageIfWaiting("P0", KNOWN)).rejects.toMatchObject({ status: 500 });
    expect(clock.now() - START).toBeLessThan(60_000);
    pagerduty.getIncident = async () => {
      throw refusal(401);
    };
    pagerduty.listIncidents = () => {
      throw refusal(401);
    };
    const asked = clock.now();
    await expect(pager.pageIfWaiting("P0", KNOWN)).rejects.toMatchObject({ status: 401 });
    expect(clock.now() - asked).toBeLessThan(1_000);
  });

  test("rejects where the clock stands still, and does not try for ever", async () => {
    const { pagerduty } = start(() => refusal(500));
    const clock = { now: () => START, sleep: async () => {} };
    const ledger = { settings: async () => defaultSettings };
    const pager = createPager(
      { pagerduty, clock, ledger, log: () => {} },
      { bot: BOT, fallbackPolicy: FALLBACK },
    );
    await expect(pager.pageIfWaiting("P0", KNOWN)).rejects.toThrow("came to no end");
  });

  test("requested twice concurrently is paged once", async () => {
    const { pager, pagerduty } = start(toPerson);
    await Promise.all([pager.pageIfWaiting("P0", KNOWN), pager.pageIfWaiting("P0", KNOWN)]);
    expect(pagerduty.calls).toEqual(["GET P0", "PUT P0 level 2"]);
  });
});

describe("an event that shows more of an incident than a read does yet", () => {
  const REOPENED = START + 600_400;
  const told = { snapshot: asOpened, occurredAt: REOPENED };
  const resolved = { status: "resolved", assignees: [], assignedAt: null, statusChangedAt: START + 500_000 };
  const acknowledged = { status: "acknowledged", statusChangedAt: START + 500_000 };
  const elsewhere = { assignees: ["PROBIN"], assignedAt: START + 500_000 };

  /** A PagerDuty that shows the incident in its earlier state for this many reads. */
  function behind(change: Partial<ReturnType<typeof waiting>>, readings: number) {
    const begun = start(toPerson);
    const { getIncident } = begun.pagerduty;
    let read = 0;
    begun.pagerduty.getIncident = async (id) => {
      const now = await getIncident(id);
      read++;
      return read <= readings ? waiting(id, change) : now;
    };
    return begun;
  }

  test.each([
    ["resolved", resolved],
    ["acknowledged", acknowledged],
    ["a person's", elsewhere],
  ])("is looked at again five seconds later where it was %s before, and paged", async (_, before) => {
    const { pager, clock, pagerduty } = behind(before, 1);
    expect(await pager.pageIfWaiting("P0", told)).toMatchObject({ action: "paged" });
    // By then another instance may have escalated it, within the second of its opening too.
    expect(pagerduty.calls).toEqual(["GET P0", "GET P0", "LOG P0", "PUT P0 level 2"]);
    expect(clock.now() - START).toBeLessThan(10_000);
  });

  test("is read again where PagerDuty does not know it yet", async () => {
    const { pager, pagerduty, clock } = start(toPerson, { incidents: [] });
    const asked = pager.pageIfWaiting("P0", { snapshot: asOpened, occurredAt: START });
    const { sleep } = clock;
    clock.sleep = async (milliseconds, signal) => {
      await sleep(milliseconds, signal);
      pagerduty.now.set("P0", waiting("P0"));
    };
    expect(await asked).toMatchObject({ action: "paged" });
  });

  test("is believed the reading where two agree", async () => {
    const { pager, pagerduty } = behind(resolved, 5);
    expect(await pager.pageIfWaiting("P0", told)).toMatchObject({ sentence: "The incident is resolved." });
    expect(pagerduty.calls).toEqual(["GET P0", "GET P0"]);
  });

  test("trusts a read immediately where it is newer, whatever the local clock says", async () => {
    const since = { ...resolved, statusChangedAt: REOPENED + 2_000 };
    const { pager, pagerduty } = behind(since, 1);
    expect(await pager.pageIfWaiting("P0", told)).toMatchObject({ action: "none" });
    expect(pagerduty.calls).toEqual(["GET P0"]);
  });

  test("reads again where a page requested before the event found nothing to do", async () => {
    const { pager, pagerduty } = behind(acknowledged, 1);
    const before = pager.pageIfWaiting("P0", KNOWN);
    const after = pager.pageIfWaiting("P0", told);
    expect(await before).toMatchObject({ action: "none" });
    expect(await after).toMatchObject({ action: "paged" });
    expect(pagerduty.calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });
});

test("sixty that came back together are paged although the list showed their earlier state", async () => {
  const all = ids(60).map((id) => waiting(id));
  const { pager, pagerduty } = start(toPerson, { incidents: all });
  const { listIncidents } = pagerduty;
  let isBehind = true;
  pagerduty.listIncidents = async function* (filter) {
    if (!isBehind) return yield* listIncidents(filter);
    isBehind = false;
    for (const one of all) yield { ...one, status: "acknowledged", statusChangedAt: START + 400_000 };
  };
  const told = { snapshot: asOpened, occurredAt: START + 600_400 };
  const taken = await Promise.all(all.map(({ id }) => pager.pageIfWaiting(id, told)));
  expect(taken.every(({ action }) => action === "paged")).toBe(true);
});

describe("many concurrent incidents", () => {
  const all = ids(60);
  const incidents = all.map((id) => waiting(id));
  const pageAll = (pager: ReturnType<typeof start>["pager"]) =>
    Promise.all(all.map((id) => pager.pageIfWaiting(id, KNOWN)));

  test("share one read and one write", async () => {
    const { pager, pagerduty } = start(toPerson, { incidents });
    const taken = await pageAll(pager);
    expect(taken.every(({ action }) => action === "paged")).toBe(true);
    expect(pagerduty.calls.length).toBeLessThanOrEqual(6);
  });

  test("some of which people took meanwhile cost no single reads", async () => {
    const acknowledged = { status: "acknowledged", assignees: ["PALEX"] };
    const { pager, pagerduty } = start(toPerson, {
      incidents: all.map((id, i) =>
        waiting(id, i % 4 === 0 ? acknowledged : i % 4 === 1 ? { status: "resolved" } : {}),
      ),
    });
    const taken = await pageAll(pager);
    expect(taken.filter(({ action }) => action === "paged")).toHaveLength(30);
    expect(pagerduty.calls.filter((call) => call.startsWith("GET"))).toEqual([]);
    expect(pagerduty.calls.length).toBeLessThanOrEqual(6);
  });

  test("that are reported hours late, and that people have by now, cost no single reads", async () => {
    const OPENED = START - 5 * 3_600_000;
    const openedAt = (i: number) => OPENED + i * 20_000;
    const late = ids(250).map((id, i) =>
      waiting(id, {
        createdAt: openedAt(i),
        ...(i % 10 === 0 ? {} : { status: i % 2 === 0 ? "acknowledged" : "resolved", assignees: ["PALEX"] }),
      }),
    );
    const since = Array.from({ length: 2_000 }, (_, i) => waiting(`Q${i}`, { assignees: ["PALEX"] }));
    const { pager, pagerduty } = start(toPerson, { incidents: [...late, ...since] });
    const taken = await Promise.all(
      late.map(({ id, createdAt }) => pager.pageIfWaiting(id, { snapshot: { ...asOpened, createdAt } })),
    );
    expect(taken.filter(({ action }) => action === "paged")).toHaveLength(25);
    expect(pagerduty.calls.filter((call) => call.startsWith("GET"))).toEqual([]);
    expect(pagerduty.calls.length).toBeLessThan(30);
  });

  test("that opened long before many others are found in the list of the bot's own", async () => {
    const others = Array.from({ length: 900 }, (_, i) => waiting(`Q${i}`, { assignees: ["PALEX"] }));
    const { pager, pagerduty } = start(toPerson, { incidents: [...incidents, ...others] });
    expect((await pageAll(pager)).every(({ action }) => action === "paged")).toBe(true);
    expect(pagerduty.calls.length).toBeLessThanOrEqual(8);
  });

  test("are gathered the longer the more they are, and none for more than eleven seconds", async () => {
    const clock = createDiscreteClock(START);
    const { pagerduty } = start(toPerson, { incidents: [] });
    const settings = async () => defaultSettings;
    const pager = createPager(
      { pagerduty, clock, log: () => {}, ledger: { settings } },
      { bot: BOT, fallbackPolicy: FALLBACK },
    );
    const waits: number[] = [];
    for (const [i, id] of ids(1_000).entries())
      clock.schedule(START + 60 * i, async () => {
        const askedAt = clock.now();
        pagerduty.now.set(id, waiting(id));
        await pager.pageIfWaiting(id, KNOWN);
        waits.push(clock.now() - askedAt);
      });
    await clock.run(START + 120_000);
    expect(waits).toHaveLength(1_000);
    expect(Math.max(...waits)).toBeLessThan(11_000);
    expect(pagerduty.calls.length).toBeLessThan(35);
  });

  test("of one policy without anybody on call have it read once", async () => {
    const { pager, pagerduty } = start(
      (id, to) => (to.kind === "policy" ? toPerson(id) : refusal(400, 1015)),
      { incidents: incidents.slice(0, 12) },
    );
    const taken = await Promise.all(all.slice(0, 12).map((id) => pager.pageIfWaiting(id, KNOWN)));
    expect(taken.every(({ action }) => action === "delegated")).toBe(true);
    expect(pagerduty.calls.filter((call) => call.startsWith("POLICY"))).toEqual(["POLICY PARMED"]);
  });

  test.each([
    ["the bot is on call on level 2, are not sent there", BOT, 3],
    ["a person is on call on level 2, are sent there", "PROBIN", 2],
  ])("of which nobody read whether another instance moved them, where %s", async (_, user, level) => {
    const moved = new Set<string>();
    const { pager, pagerduty, clock } = start(
      (id, to) => {
        moved.add(`${to.kind} ${to.kind === "level" ? to.level : to.policy}`);
        return toPerson(id);
      },
      { incidents: ids(30).map((id) => waiting(id)) },
    );
    pagerduty.onCall.set("PARMED", [BOT, user, "PALEX"]);
    await clock.sleep(16_000);
    await Promise.all(ids(30).map((id) => pager.pageIfWaiting(id, KNOWN)));
    expect([...moved]).toEqual([`level ${level}`]);
    expect(pagerduty.calls.filter((call) => call.startsWith("ON CALL"))).toHaveLength(1);
    expect(pagerduty.calls.some((call) => call.startsWith("LOG"))).toBe(false);
  });

  test("that the list does not show are read singly, and none is left out", async () => {
    const { pager, pagerduty } = start(toPerson, { incidents });
    pagerduty.listIncidents = async function* () {
      pagerduty.calls.push("LIST");
      yield* incidents.slice(0, 30);
    };
    const taken = await pageAll(pager);
    expect(taken.every(({ action }) => action === "paged")).toBe(true);
  });

  test("one of which is refused: it goes on alone, and the others are paged", async () => {
    const { pager, pagerduty } = start(
      (id, to) => (id === "P17" && to.kind === "level" ? refusal(400, 1006) : toPerson(id)),
      { incidents },
    );
    const taken = await pageAll(pager);
    expect(taken[17]).toMatchObject({ action: "delegated" });
    expect(taken.filter(({ action }) => action === "paged")).toHaveLength(59);
    expect(pagerduty.calls.length).toBeLessThan(60);
  });

  test("some of which were moved before the refusal: none is moved twice", async () => {
    let hasFailed = false;
    const moved: string[] = [];
    const { pager, pagerduty } = start(toPerson, { incidents });
    const { moveIncidents } = pagerduty;
    pagerduty.moveIncidents = async (moves) => {
      if (hasFailed || moves.length < 10) return moveIncidents(moves);
      hasFailed = true;
      for (const { id } of moves.slice(0, 20)) {
        moved.push(id);
        pagerduty.now.set(id, toPerson(id));
      }
      throw refusal(400, 2001);
    };
    const sentAgain: string[] = [];
    const before = pagerduty.moveIncidents;
    pagerduty.moveIncidents = async (moves) => {
      sentAgain.push(...moves.map(({ id }) => id).filter((id) => moved.includes(id)));
      return before(moves);
    };
    const taken = await pageAll(pager);
    expect(moved).toHaveLength(20);
    expect(sentAgain).toEqual([]);
    expect(taken.every(({ action }) => action === "paged")).toBe(true);
  });

  test("some of which people take between read and write: those that are read again are left alone", async () => {
    let isFirst = true;
    const { pager, pagerduty } = start(toPerson, { incidents });
    const { moveIncidents } = pagerduty;
    pagerduty.moveIncidents = async (moves) => {
      if (!isFirst) return moveIncidents(moves);
      isFirst = false;
      for (const { id } of moves)
        pagerduty.now.set(id, waiting(id, { status: "acknowledged", assignees: ["PALEX"] }));
      throw refusal(500);
    };
    const taken = await pageAll(pager);
    expect(taken.filter(({ action }) => action === "none").length).toBeGreaterThan(50);
  });

  test("leave no calls to spare where the minute's calls run out, whoever made them", () => {
    const { pager, pagerduty } = start(toPerson, { incidents });
    pagerduty.callsLeft = () => 0.49;
    expect(pager.hasSpareCalls()).toBe(false);
    pagerduty.callsLeft = () => 0.5;
    expect(pager.hasSpareCalls()).toBe(true);
  });

  test("leave no calls to spare for notes, while they wait and for a minute after a storm", async () => {
    const { pager, clock } = start(toPerson, { incidents });
    expect(pager.hasSpareCalls()).toBe(true);
    const paging = pageAll(pager);
    expect(pager.hasSpareCalls()).toBe(false);
    await paging;
    await clock.sleep(30_000);
    expect(pager.hasSpareCalls()).toBe(false);
    await clock.sleep(30_000);
    expect(pager.hasSpareCalls()).toBe(true);
  });
});
