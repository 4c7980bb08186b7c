import {
  disarmAll,
  disarmedByNote,
  disarmService,
  type Settings,
  UnreadableDocumentError,
  withMode,
} from "@mrdata/platform";
import { expect, test } from "vitest";
import { armed, SERVICE } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { logEndedEvidence } from "./ended-evidence.ts";
import { sweepContext } from "./sweep-context.fixture.ts";

const byRobin = { who: "PROBIN", at: START, why: "a test" };
const armedAnew = (before: Settings, service = SERVICE) =>
  withMode(before, service, { mode: "armed", policy: "PARMED" }, byRobin);

/** What sweeps log that see these settings one after the other, with three misses of 21 real incidents behind them. */
async function loggedBy(seen: readonly Settings[], { eachAnew = false, broken = false } = {}) {
  const { context, logged } = sweepContext({});
  const trail = Array.from({ length: 21 }, (_, i) => ({
    incident: `PREAL${i}`,
    openedAt: START - (21 - i) * 12 * 3_600_000,
    missed: i % 7 === 0,
  }));
  const ledger = {
    ...context.ledger,
    missCounts: async () => ({ misses: 3, neededHuman: 21 }),
    missTrail: async () => trail,
  };
  const ofInstance = { ...context, ledger };
  if (broken)
    ledger.countedArmings = async () => {
      throw new UnreadableDocumentError("marks/armings", "armings", "it is no list");
    };
  // An instance that has just started knows nothing but what is in the ledger.
  for (const settings of seen) await logEndedEvidence(eachAnew ? { ...ofInstance } : ofInstance, settings);
  return logged;
}

test.each([
  ["everything is disarmed", [armed, disarmAll(armed, byRobin)]],
  ["its service is", [armed, disarmService(armed, SERVICE, byRobin)]],
  ["a note disarms", [armed, disarmedByNote(armed, byRobin) ?? armed]],
  [
    "it is given another mode",
    [armed, withMode(armed, SERVICE, { mode: "annotate", policy: null }, byRobin)],
  ],
  ["it is armed anew", [armed, armedAnew(armed)]],
] as const)("the line of evidence goes into the log where %s, once", async (_, [before, after]) => {
  for (const eachAnew of [false, true])
    expect(await loggedBy([before, before, after, after], { eachAnew })).toMatchObject([
      {
        severity: "INFO",
        event: "budget.ended",
        ended: [SERVICE],
        misses: 3,
        evidence: { real: 21, misses: 3, disarmsAt: 125, evidence: expect.any(Number) },
      },
    ]);
});

test("armings that cannot be read are told, and what ends later is in the log all the same", async () => {
  expect(await loggedBy([armed, armed, armedAnew(armed)], { broken: true })).toMatchObject([
    { severity: "ERROR", event: "armings.unreadable" },
    { event: "budget.ended", ended: [SERVICE] },
  ]);
});

test.each([
  ["another service is armed", [armed, armedAnew(armed, "POTHER")]],
  ["another setting changes", [armed, { ...armed, control: 0.1 }]],
  ["nothing was armed", [disarmAll(armed, byRobin), armedAnew(disarmAll(armed, byRobin))]],
] as const)("no line ends where %s", async (_, [before, after]) => {
  expect(await loggedBy([before, after])).toEqual([]);
  expect(await loggedBy([before, after], { eachAnew: true })).toEqual([]);
});
