import type { Prediction } from "@mrdata/incident";
import type { RestIncident, RestLogEntry } from "@mrdata/pagerduty";
import { defaultSettings, withMode } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import { barePrediction } from "../paging/bare-prediction.ts";
import { BOT, START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { pageWaiting } from "./page-waiting.ts";
import { none, sweepContext } from "./sweep-context.fixture.ts";

const AGENT = "PSRE";
const WINDOW_MS = 300_000;
const armed = withMode(
  defaultSettings,
  "PSERVICE",
  { mode: "armed", policy: "PARMED" },
  { who: "PROBIN", at: START - 1, why: "quiet" },
);
/** Assigned to the bot by hand, so long after its opening. */
const byHand = (afterMs: number): RestIncident =>
  waiting("P1", {
    createdAt: START - 120_000,
    assignedAt: START - 120_000 + afterMs,
    assignedVia: "direct_assignment",
  });
const held: Prediction = {
  ...barePrediction({
    incident: "P1",
    service: "PSERVICE",
    title: "Disk full",
    openedAt: START - 120_000,
    mode: "armed",
    windowMs: WINDOW_MS,
    decidedBy: "sweep",
    sentence: "held",
    taken: { action: "none", sentence: "", at: START - 120_000 },
  }),
  decision: "hold",
  prediction: true,
  holdUntil: START - 120_000 + WINDOW_MS,
  unsettled: true,
};
const assigned = (agent: string): RestLogEntry => ({
  type: "assign",
  agent,
  isByUser: true,
  at: START - 60_000,
  user: BOT,
  channel: null,
});

const entry = (change: Partial<RestLogEntry>): RestLogEntry => ({
  type: "reopen",
  agent: "PROBIN",
  isByUser: true,
  at: START - 120_000 + 2 * WINDOW_MS,
  user: null,
  channel: null,
  ...change,
});
const reopened = entry({});
const notified = entry({ type: "notify", agent: null, isByUser: false, user: "PROBIN" });

function sweep({
  by = AGENT,
  earlier = [],
  incident = byHand(60_000),
  stored = [held],
}: {
  readonly by?: string;
  readonly earlier?: readonly RestLogEntry[];
  readonly incident?: RestIncident;
  readonly stored?: readonly Prediction[];
}) {
  const made = sweepContext({
    lists: [[incident], []],
    incidents: [incident],
    stored,
    pageIfWaiting: async () => none,
  });
  made.log.set("P1", [assigned(by), ...earlier]);
  const context = { ...made.context, identity: { botUser: BOT, automationUsers: [AGENT] } };
  return { ...made, context, poll: () => pageWaiting(context, armed, { pollUntil: null }) };
}
const moves = (calls: readonly string[]) => calls.filter((call) => call.startsWith("PUT"));

describe("an incident that a program assigned to the bot by hand, which stops PagerDuty's timer", () => {
  test("goes to people, and its hold ends", async () => {
    const { poll, calls, did, ledger } = sweep({});
    expect(await poll()).toMatchObject({ paged: 1, kept: [] });
    expect(moves(calls)).toEqual(["PUT P1 policy PFALLBACK"]);
    expect(did).not.toContain("note on P1");
    expect(ledger.predictions.get("P1")).toMatchObject({
      ended: { why: "It came back to the bot." },
      taken: { action: "delegated" },
    });
  });

  test("goes to people also where nothing was decided on it, with a decision that says so", async () => {
    const { poll, calls, ledger } = sweep({ stored: [] });
    expect(await poll()).toMatchObject({ paged: 1 });
    expect(moves(calls)).toHaveLength(1);
    expect(ledger.predictions.get("P1")).toMatchObject({ taken: { action: "delegated" } });
  });

  test("goes to people where nothing was decided on it and it does not say when it opened", async () => {
    const { poll, calls } = sweep({ stored: [], incident: { ...byHand(60_000), createdAt: null } });
    expect(await poll()).toMatchObject({ paged: 1 });
    expect(moves(calls)).toHaveLength(1);
  });

  test("goes to people where a person only wrote a note between its reopening and the assignment", async () => {
    const incident = byHand(2 * WINDOW_MS + 60_000);
    const { poll, calls } = sweep({ incident, stored: [], earlier: [entry({ type: "annotate" }), reopened] });
    expect(await poll()).toMatchObject({ paged: 1 });
    expect(moves(calls)).toHaveLength(1);
  });

  test.each([
    ["nothing was decided on it", []],
    ["it was held and over before", [{ ...held, holdUntil: START - 90_000 }]],
  ])(
    "goes to people where it was reopened after its window, assigned soon after, and %s",
    async (_, stored) => {
      const incident = byHand(2 * WINDOW_MS + 60_000);
      const { poll, calls } = sweep({ incident, stored, earlier: [reopened] });
      expect(await poll()).toMatchObject({ paged: 1 });
      expect(moves(calls)).toHaveLength(1);
    },
  );

  test.each([
    ["a person assigned it", { by: "PROBIN" }],
    [
      "people were notified since it was reopened",
      { incident: byHand(2 * WINDOW_MS + 60_000), stored: [], earlier: [notified, reopened] },
    ],
    [
      "its window since it was reopened was over",
      { incident: byHand(4 * WINDOW_MS), stored: [], earlier: [reopened] },
    ],
    ["people had been notified before", { stored: [{ ...held, holdUntil: START - 90_000 }] }],
    [
      "it was paged before",
      { stored: [{ ...held, holdUntil: null, taken: { action: "paged", sentence: "", at: START } }] },
    ],
    ["its window was over by then", { incident: byHand(WINDOW_MS + 2_000), stored: [] }],
  ] as const)("is left alone, with a note, where %s", async (_, change) => {
    const { poll, calls, did } = sweep(change);
    expect(await poll()).toMatchObject({ paged: 0 });
    expect(moves(calls)).toEqual([]);
    expect(did).toContain("note on P1");
  });

  test("that could not be given to anybody is tried again by the next sweep", async () => {
    const { context, calls, log } = sweep({});
    log.delete("P1");
    const broken = { ...context, sweeping: context.sweeping && { ...context.sweeping } };
    if (broken.sweeping === null) throw new Error("the fixture sweeps");
    broken.sweeping.pagerduty = {
      ...broken.sweeping.pagerduty,
      async *listLogEntries() {
        yield* [];
        throw new Error("PagerDuty is down");
      },
    };
    const { unpaged, failures } = await pageWaiting(broken, armed, { pollUntil: null });
    expect(unpaged).toHaveLength(1);
    expect(failures).toHaveLength(1);
    expect(moves(calls)).toEqual([]);
  });
});
