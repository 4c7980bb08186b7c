import type { Check } from "@mrdata/doctor";
import { armedServices, type LastChecks, UnreadableDocumentError, withMode } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import { armed, held, SERVICE } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import type { SweepContext } from "./context.ts";
import { enforceChecks, releaseUnreliable } from "./enforce-checks.ts";
import { sweepContext } from "./sweep-context.fixture.ts";
import { createUnknownChecks, nothingNoted } from "./unknown-checks.ts";

const MINUTE = 60_000;
const failing: Check = {
  name: "level-2",
  subject: SERVICE,
  state: "failed",
  needed: true,
  sentence: "Level 2 of the policy is empty.",
  fix: "Put somebody on level 2.",
};
const health = (failed: readonly Check[] = []) => ({
  checks: failed,
  failing: new Map(failed.map((check) => [SERVICE, [check]])),
  unknown: [],
  unknownOf: new Map(),
  isWhole: true,
});

describe("a needed check", () => {
  test("that fails disarms its service, alarms, and releases what is held", async () => {
    const { context, ledger, did, logged } = sweepContext({
      stored: [held("P1")],
      checks: async () => health([failing]),
    });
    await enforceChecks(context, armed, false);
    expect(armedServices(await ledger.settings())).toEqual([]);
    expect((await ledger.settings()).services[SERVICE]?.why).toContain("Level 2 of the policy is empty");
    expect(logged.find(({ event }) => event === "check.failed")).toMatchObject({ severity: "CRITICAL" });
    expect(did[0]).toBe("page P1");
  });

  test.each([
    ["what was noted cannot be read", "lastChecks"],
    ["what was found cannot be noted", "noteLastChecks"],
  ] as const)("that fails disarms its service and alarms also where %s", async (_, call) => {
    const { context, ledger, logged } = sweepContext({ checks: async () => health([failing]) });
    const unreadable = async () => {
      throw new UnreadableDocumentError("checks/last", "unknown", "is no list");
    };
    const plain = { lastChecks: async () => nothingNoted, noteLastChecks: async () => {} };
    const broken = { ...context.ledger, ...plain, [call]: unreadable };
    const { clock, log } = context;
    const unknownChecks = createUnknownChecks({ ledger: broken, clock, log });
    await enforceChecks({ ...context, ledger: broken, unknownChecks }, armed, false).catch(() => {});
    expect(armedServices(await ledger.settings())).toEqual([]);
    expect(logged.find(({ event }) => event === "check.failed")).toMatchObject({ severity: "CRITICAL" });
  });

  test("that holds leaves everything as it is", async () => {
    const { context, ledger, did } = sweepContext({ stored: [held("P1")], checks: async () => health() });
    await enforceChecks(context, armed, false);
    expect([armedServices(await ledger.settings()), did]).toEqual([[SERVICE], []]);
  });
});

test("the checks run every ten minutes", async () => {
  const asked: number[] = [];
  const { context, clock } = sweepContext({
    checks: async () => {
      asked.push((clock.now() - START) / MINUTE);
      return health();
    },
  });
  for (let minute = 0; minute < 40; minute++) {
    await enforceChecks(context, armed, false);
    await clock.sleep(MINUTE);
  }
  expect(asked).toEqual([0, 10, 20, 30]);
});

test("while anybody is to be paged the checks are put off for three minutes, and no longer", async () => {
  const asked: number[] = [];
  const { context, clock } = sweepContext({
    checks: async () => {
      asked.push((clock.now() - START) / MINUTE);
      return health();
    },
  });
  for (let minute = 0; minute < 40; minute++) {
    // Nobody is between the 20th minute and the 30th.
    await enforceChecks(context, armed, minute < 20 || minute > 30);
    await clock.sleep(MINUTE);
  }
  expect(asked).toEqual([0, 13, 23, 36]);
});

test("a check that could not be noted runs again a minute later", async () => {
  const { context, clock } = sweepContext({ checks: async () => health() });
  let fails = true;
  let noted: LastChecks = { answeredAt: null, unknown: [] };
  const ledger = {
    ...context.ledger,
    lastChecks: async () => noted,
    noteLastChecks: async (last: LastChecks) => {
      if (fails) throw new Error("the ledger is down");
      noted = last;
    },
  };
  const failing = {
    ...context,
    ledger,
    unknownChecks: createUnknownChecks({ ledger, clock, log: () => {} }),
  };
  await expect(enforceChecks(failing, armed, false)).rejects.toThrow("the ledger is down");
  await clock.sleep(MINUTE);
  fails = false;
  await enforceChecks(failing, armed, false);
  expect(noted.answeredAt).toBe(START + MINUTE);
});

/** Ways in which checks come to no answer, from the arming on. */
const unanswered: readonly (readonly [string, () => ReturnType<NonNullable<SweepContext["checks"]>>])[] = [
  ["throw", async () => Promise.reject(new Error("the checks cannot be made"))],
  ["are not whole", async () => ({ ...health(), isWhole: false })],
];

test.each(unanswered)(
  "checks that %s since the arming are relied on for 15 minutes: then it alarms and releases",
  async (_, checks) => {
    const settings = withMode(
      armed,
      SERVICE,
      { mode: "armed", policy: "PARMED" },
      {
        who: "PROBIN",
        at: START,
        why: "a test",
      },
    );
    const long = held("P1", { holdUntil: START + 60 * MINUTE });
    const { context, did, logged, clock } = sweepContext({ settings, stored: [long], checks });
    const alarms = () => logged.filter(({ event }) => event === "check.unreliable");
    for (let minute = 0; minute < 60; minute++) {
      await enforceChecks(context, settings, false).catch(() => {});
      await releaseUnreliable(context, settings);
      expect({ minute, alarms: alarms().length, isReleased: did.includes("page P1") }).toEqual({
        minute,
        alarms: minute < 15 ? 0 : 1,
        isReleased: minute >= 15,
      });
      await clock.sleep(MINUTE);
    }
  },
);

test("a bot that is said to have no checks misses none", async () => {
  const { context, did, logged, clock } = sweepContext({ stored: [held("P1")] });
  await clock.sleep(60 * MINUTE);
  await releaseUnreliable(context, armed);
  expect([did, logged]).toEqual([[], []]);
});
