import type { Check } from "@mrdata/doctor";
import { armedServices } from "@mrdata/platform";
import { describe, expect, test } from "vitest";
import { armed, held, SERVICE } from "../paging/plain-ledger.fixture.ts";
import { START } from "../paging/scripted-pagerduty.fixture.ts";
import { enforceChecks } from "./enforce-checks.ts";
import { sweepContext } from "./sweep-context.fixture.ts";

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
    await enforceChecks(context, armed);
    expect(armedServices(await ledger.settings())).toEqual([]);
    expect((await ledger.settings()).services[SERVICE]?.why).toContain("Level 2 of the policy is empty");
    expect(logged.find(({ event }) => event === "check.failed")).toMatchObject({ severity: "CRITICAL" });
    expect(did[0]).toBe("page P1");
  });

  test("that holds leaves everything as it is", async () => {
    const { context, ledger, did } = sweepContext({ stored: [held("P1")], checks: async () => health() });
    await enforceChecks(context, armed);
    expect([armedServices(await ledger.settings()), did]).toEqual([[SERVICE], []]);
  });
});

test("the checks run every quarter of an hour", async () => {
  let runs = 0;
  const { context, clock } = sweepContext({
    checks: async () => {
      runs++;
      return health();
    },
  });
  // The first falls on a quarter of the clock, wherever the process began.
  expect(Math.floor(START / MINUTE) % 15).toBe(0);
  for (let minute = 0; minute < 46; minute++) {
    await enforceChecks(context, armed);
    await clock.sleep(MINUTE);
  }
  expect(runs).toBe(4);
});
