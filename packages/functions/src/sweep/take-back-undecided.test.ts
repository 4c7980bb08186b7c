import { describe, expect, test } from "vitest";
import { MINUTE } from "../paging/plain-ledger.fixture.ts";
import { BOT, FALLBACK, refusal, START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { sweepContext, type TestOptions } from "./sweep-context.fixture.ts";
import { takeBackHeld } from "./take-back-held.ts";

const AGENT = "PSRE";
const OPENED = START - 3 * MINUTE;
/** Opened while the bot was dead, and acknowledged by a program before the window was over. */
const taken = (change: Parameters<typeof waiting>[1] = {}) =>
  waiting("P0", {
    createdAt: OPENED,
    status: "acknowledged",
    assignees: [AGENT],
    assignedAt: OPENED,
    acknowledgedBy: [AGENT],
    acknowledgedAt: OPENED + MINUTE,
    ...change,
  });

function begin(listed = taken(), options: TestOptions = {}) {
  const { context, ...rest } = sweepContext({ lists: [[listed]], incidents: [listed], ...options });
  const named = { ...context, identity: { botUser: BOT, automationUsers: [AGENT] } };
  return { ...rest, context: named, sweep: () => takeBackHeld(named, [], new Set()) };
}
const moves = (calls: readonly string[]) => calls.filter((one) => one.startsWith("PUT"));

describe("what a program took while the bot was not there to decide", () => {
  test("goes to people once, with a decision that says so, and an alarm", async () => {
    const { sweep, calls, ledger, logged } = begin();
    for (let again = 0; again < 3; again++) await sweep();
    expect(moves(calls)).toEqual([`PUT P0 policy ${FALLBACK}`]);
    expect(ledger.predictions.get("P0")).toMatchObject({
      decidedBy: "sweep",
      openedAt: OPENED,
      taken: { action: "delegated" },
      verdicts: [
        { sentence: "A program took it before the bot was notified of it, and before anybody was." },
      ],
    });
    expect(logged).toMatchObject([{ severity: "CRITICAL", event: "agent.took-over" }]);
  });

  test("has its notes read afterwards: a note that says 'mrdata: disarm' may have stood on it without a webhook", async () => {
    const { sweep, context } = begin();
    await sweep();
    expect([...context.readNotes.unreported.keys()]).toEqual(["P0"]);
  });

  test.each([
    ["its policy does not begin with the bot", taken({ escalationPolicyId: "POTHER" })],
    ["it follows no policy", taken({ escalationPolicyId: null })],
    ["PagerDuty had told people before", taken({ acknowledgedAt: OPENED + 6 * MINUTE })],
    ["a person has it as well", taken({ acknowledgedBy: [AGENT, "PROBIN"] })],
    ["it opened more than a day ago", taken({ createdAt: START - 25 * 60 * MINUTE })],
    ["it does not say when it opened", taken({ createdAt: null })],
  ])("is left where it is where %s, and not asked for again", async (_, incident) => {
    const { sweep, calls, context } = begin(incident);
    const { pagerduty } = context.sweeping ?? { pagerduty: null };
    if (pagerduty === null) throw new Error("the sweep has no PagerDuty");
    const { getEscalationPolicy } = pagerduty;
    pagerduty.getEscalationPolicy = async (id) => {
      const policy = await getEscalationPolicy(id);
      return id === "POTHER" ? { ...policy, levels: policy.levels.slice(1) } : policy;
    };
    await sweep();
    const asked = calls.length;
    await sweep();
    expect(moves(calls)).toEqual([]);
    expect(calls).toHaveLength(asked);
  });

  test("is left for fifteen seconds to whoever may still be deciding on it", async () => {
    const opened = { createdAt: START - 5_000, acknowledgedAt: START - 1_000 };
    const { sweep, calls, clock } = begin(taken(opened));
    await sweep();
    expect(moves(calls)).toEqual([]);
    await clock.sleep(MINUTE);
    await sweep();
    expect(moves(calls)).toHaveLength(1);
  });

  test("has its decision written later where the ledger fails behind the move", async () => {
    const { sweep, calls, ledger, context } = begin();
    ledger.fails.add("createPrediction");
    await expect(sweep()).rejects.toThrow("the ledger is down");
    expect(moves(calls)).toHaveLength(1);
    expect(ledger.predictions.size).toBe(0);
    ledger.fails.clear();
    await context.unrecorded.write();
    expect(ledger.predictions.get("P0")?.taken.action).toBe("delegated");
  });

  test("is retried by the next sweep where it could be given to nobody", async () => {
    let isDown = true;
    const { sweep, ledger } = begin(taken(), {
      onMove: (id) =>
        isDown ? refusal(403) : waiting(id, { assignees: ["PALEX"], escalationPolicyId: FALLBACK }),
    });
    await expect(sweep()).rejects.toMatchObject({ status: 403 });
    expect(ledger.predictions.size).toBe(0);
    isDown = false;
    await sweep();
    expect(ledger.predictions.get("P0")?.taken.action).toBe("delegated");
  });
});
