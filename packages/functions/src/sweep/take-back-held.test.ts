import type { Prediction } from "@mrdata/incident";
import { describe, expect, test } from "vitest";
import { held, MINUTE, paged } from "../paging/plain-ledger.fixture.ts";
import { BOT, FALLBACK, refusal, START, waiting } from "../paging/scripted-pagerduty.fixture.ts";
import { sweepContext, type TestOptions } from "./sweep-context.fixture.ts";
import { takeBackHeld } from "./take-back-held.ts";

const AGENT = "PSRE";
const taken = (change: Parameters<typeof waiting>[1] = {}) =>
  waiting("P0", {
    status: "acknowledged",
    assignees: [AGENT],
    acknowledgedBy: [AGENT],
    acknowledgedAt: START + MINUTE,
    ...change,
  });

async function lookAfter(
  options: TestOptions & { readonly holds?: readonly Prediction[] },
  listed: readonly string[] = [],
  times = 1,
) {
  const hold = options.stored?.[0] ?? held("P0");
  const { context, ...rest } = sweepContext({ ...options, stored: [hold] });
  const named = { ...context, identity: { botUser: BOT, automationUsers: [AGENT] } };
  for (let n = 0; n < times; n++) await takeBackHeld(named, options.holds ?? [hold], new Set(listed));
  return rest;
}

describe("held incidents that are not in the list of waiting ones", () => {
  test.each([
    ["a program has acknowledged it", taken()],
    ["a program has acknowledged what is still the bot's", taken({ assignees: [BOT] })],
    [
      "a program was given it",
      taken({
        status: "triggered",
        acknowledgedBy: [],
        acknowledgedAt: null,
        assignedVia: "direct_assignment",
      }),
    ],
    ["PagerDuty does not say when", taken({ acknowledgedAt: null, assignedAt: null })],
  ])("people get it where %s: once, and it is written down", async (_, incident) => {
    const { calls, ledger, logged } = await lookAfter({ incidents: [incident] }, [], 3);
    expect(calls.filter((one) => one.startsWith("PUT"))).toEqual([`PUT P0 policy ${FALLBACK}`]);
    expect(ledger.predictions.get("P0")).toMatchObject({
      taken: { action: "delegated" },
      ended: { why: expect.stringContaining("a program took it") },
    });
    expect(logged).toMatchObject([{ severity: "CRITICAL", event: "agent.took-over" }]);
  });

  test.each([
    ["it is resolved", taken({ status: "resolved", assignees: [] })],
    ["a person has it", taken({ assignees: ["PROBIN"] })],
    ["a person has acknowledged it", taken({ assignees: [BOT], acknowledgedBy: ["PROBIN"] })],
    ["a program acknowledged it after the hold", taken({ acknowledgedAt: START + 6 * MINUTE })],
  ])("nothing is moved where %s, and it is read once", async (_, incident) => {
    const { calls } = await lookAfter({ incidents: [incident] }, [], 3);
    expect(calls).toEqual(["GET P0"]);
  });

  test("one that waits on the bot all the same is read again: paging it is another step's job", async () => {
    const { calls } = await lookAfter({ incidents: [waiting("P0")] }, [], 2);
    expect(calls).toEqual(["GET P0", "GET P0"]);
  });
});

test.each([
  ["the list shows it", held("P0"), ["P0"]],
  ["it was paged", held("P0", { taken: { action: "paged", sentence: "Escalated.", at: START } }), []],
  ["the service is in shadow", held("P0", { mode: "shadow" }), []],
])("nothing is read where %s", async (_, stored, listed) => {
  const { calls } = await lookAfter({ stored: [stored], incidents: [taken()] }, listed);
  expect(calls).toEqual([]);
});

const failure = { action: "none", sentence: "Paging failed.", at: START, failed: true } as const;

test.each([
  ["the service is armed", paged("P0")],
  ["the bot was disarmed", paged("P0", { mode: "shadow", taken: failure })],
])(
  "what a known program has is given to people where it was to be paged, and was not, and %s",
  async (_, failed) => {
    const { calls, ledger } = await lookAfter({
      stored: [failed],
      holds: [],
      lists: [[taken()]],
      incidents: [taken()],
    });
    expect(calls.filter((one) => one.startsWith("PUT"))).toEqual([`PUT P0 policy ${FALLBACK}`]);
    expect(ledger.predictions.get("P0")?.taken.action).toBe("delegated");
  },
);

test("what could not be given to anybody is tried again by the next sweep, and does not keep others from it", async () => {
  let isDown = true;
  const given = sweepContext({
    stored: [held("P0"), held("P1")],
    incidents: [taken(), { ...taken(), id: "P1" }],
    onMove: (id) =>
      isDown && id === "P0"
        ? refusal(403)
        : waiting(id, { assignees: ["PALEX"], escalationPolicyId: FALLBACK }),
  });
  const context = { ...given.context, identity: { botUser: BOT, automationUsers: [AGENT] } };
  const holds = [held("P0"), held("P1")];
  await expect(takeBackHeld(context, holds, new Set())).rejects.toMatchObject({ status: 403 });
  expect(given.ledger.predictions.get("P1")?.taken.action).toBe("delegated");
  expect(given.ledger.predictions.get("P0")?.ended).toBe(undefined);
  isDown = false;
  await takeBackHeld(context, holds, new Set());
  expect(given.ledger.predictions.get("P0")?.taken.action).toBe("delegated");
});
