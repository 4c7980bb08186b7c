import type { RestLogEntry } from "@mrdata/pagerduty";
import { describe, expect, test } from "vitest";
import { MINUTE, paged } from "../paging/plain-ledger.fixture.ts";
import { BOT, FALLBACK, refusal, START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { sweepContext, type TestOptions } from "./sweep-context.fixture.ts";
import { takeBackHeld } from "./take-back-held.ts";

const AGENT = "PSRE";
const OPENED = START - 20 * MINUTE;
const REOPENED = START - 2 * MINUTE;
const told = paged("P0", {
  openedAt: OPENED,
  taken: { action: "paged", sentence: "Escalated to level 2.", at: OPENED + 400 },
});
const taken = (change: Parameters<typeof waiting>[1] = {}) =>
  waiting("P0", {
    createdAt: OPENED,
    status: "acknowledged",
    assignees: [AGENT],
    assignedAt: REOPENED,
    acknowledgedBy: [AGENT],
    acknowledgedAt: REOPENED + 30_000,
    ...change,
  });
const by = (type: string, agent: string | null, at: number, user: string | null = null): RestLogEntry => ({
  type,
  agent,
  isByUser: agent !== null,
  at,
  user,
  channel: null,
});
/**
 * Newest first: notified, closed and reopened by a person, and taken by a program before anybody was notified again.
 */
const log = (since: readonly RestLogEntry[] = []): readonly RestLogEntry[] => [
  by("acknowledge", AGENT, REOPENED + 30_000),
  ...since,
  by("notify", null, REOPENED, BOT),
  by("assign", null, REOPENED),
  by("reopen", "PKIM", REOPENED),
  by("resolve", "PKIM", OPENED + 4 * MINUTE),
  by("notify", null, OPENED + 400, "PALEX"),
  by("escalate", BOT, OPENED + 400),
  by("trigger", null, OPENED),
];

function begin(incident = taken(), entries = log(), options: TestOptions = {}) {
  const made = sweepContext({ lists: [[incident]], incidents: [incident], stored: [told], ...options });
  made.log.set("P0", entries);
  const context = { ...made.context, identity: { botUser: BOT, automationUsers: [AGENT] } };
  return { ...made, sweep: () => takeBackHeld(context, [], new Set()) };
}
const moves = (calls: readonly string[]) => calls.filter((one) => one.startsWith("PUT"));

describe("an incident whose people were notified, and that a program took after it was reopened", () => {
  test("goes to people once, with an alarm; its decision still describes its opening", async () => {
    const { sweep, calls, ledger, logged } = begin();
    for (let again = 0; again < 3; again++) await sweep();
    expect(moves(calls)).toEqual([`PUT P0 policy ${FALLBACK}`]);
    expect(ledger.predictions.get("P0")).toEqual(told);
    expect(logged).toMatchObject([{ severity: "CRITICAL", event: "agent.took-over" }]);
  });

  test("does so although a person wrote a note on it: writing is not being notified", async () => {
    const { sweep, calls } = begin(taken(), log([by("annotate", "PKIM", REOPENED + 10_000)]));
    await sweep();
    expect(moves(calls)).toHaveLength(1);
  });

  test.each([
    ["it was not reopened", taken(), log().slice(-3)],
    ["a person gave it to the program", taken(), log([by("assign", "PKIM", REOPENED + 20_000)])],
    ["a person was notified", taken(), log([by("notify", null, REOPENED + 20_000, "PALEX")])],
    ["PagerDuty had told people before", taken({ acknowledgedAt: REOPENED + 6 * MINUTE }), log()],
    ["it follows no policy", taken({ escalationPolicyId: null }), log()],
  ])("is left where it is where %s, and not asked for again", async (_, incident, entries) => {
    const { sweep, calls } = begin(incident, entries);
    await sweep();
    const asked = calls.length;
    await sweep();
    expect(moves(calls)).toEqual([]);
    expect(calls).toHaveLength(asked);
  });

  test("is retried by the next sweep where it could be given to nobody", async () => {
    let isDown = true;
    const { sweep, calls } = begin(taken(), log(), {
      onMove: (id) =>
        isDown ? refusal(403) : waiting(id, { assignees: ["PALEX"], escalationPolicyId: FALLBACK }),
    });
    await expect(sweep()).rejects.toMatchObject({ status: 403 });
    const tried = moves(calls).length;
    isDown = false;
    await sweep();
    await sweep();
    expect(moves(calls)).toHaveLength(tried + 1);
  });
});
