import type { ActionTaken } from "@mrdata/incident";
import { PagerDutyError } from "@mrdata/pagerduty";
import { expect, test } from "vitest";
import {
  backOff,
  beginPage,
  DEFAULT_EFFORT,
  REPEAT_EFFORT,
  settleMoved,
  settleUntouched,
} from "./page-state.ts";
import { refusal, START, waiting } from "./scripted-pagerduty.fixture.ts";

function begun(effort = DEFAULT_EFFORT) {
  const ended: { taken?: ActionTaken; error?: unknown } = {};
  const page = beginPage(
    {
      incident: "P0",
      requestedAt: START,
      waitingAt: null,
      openedAt: START,
      reading: null,
      effort,
      withoutEffect: new Set(),
      resolve: ({ taken }) => Object.assign(ended, { taken }),
      reject: (error) => Object.assign(ended, { error }),
    },
    START,
  );
  return { page, ended };
}

/** The waits of a page whose every try fails at once, until it gives up. */
function waitsOf(error: () => unknown, effort = DEFAULT_EFFORT): readonly number[] {
  const { page, ended } = begun(effort);
  const waits: number[] = [];
  for (let now = START; !("error" in ended); now = page.dueAt) {
    backOff(page, error(), now);
    waits.push(page.dueAt - now);
  }
  return waits;
}

test("each further try waits twice as long, up to the most, until patience ends", () => {
  expect(waitsOf(() => refusal(503))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000,
  ]);
  expect(waitsOf(() => refusal(503), REPEAT_EFFORT)).toEqual([2_000, 4_000, 8_000]);
});

test("it comes again when PagerDuty says, and a little later, never sooner", () => {
  const { page } = begun();
  backOff(page, new PagerDutyError("PUT /incidents", 429, null, [], 7_000), START);
  expect(page.dueAt - START).toBeGreaterThanOrEqual(7_000);
  expect(page.dueAt - START).toBeLessThan(11_000);
});

test("what no retry can help ends immediately: an unknown key, no id; a refusal where both endpoints refuse", () => {
  expect(waitsOf(() => refusal(401))).toHaveLength(1);
  expect(waitsOf(() => new RangeError("no id"))).toHaveLength(1);
  expect(waitsOf(() => refusal(403))).toHaveLength(3);
});

test("a failure invalidates the last read: the incident is read again before the next move", () => {
  const { page } = begun();
  page.reading = { incident: waiting("P0"), at: START };
  backOff(page, refusal(500), START);
  expect(page.reading).toBeNull();
});

test("what was done is said: a level, a policy and why, or nothing", () => {
  const level = begun();
  settleMoved(level.page, { kind: "level", level: 2 }, { isWithPrograms: false, at: START });
  expect(level.ended.taken).toEqual({ action: "paged", sentence: "Escalated to level 2.", at: START });
  const policy = begun();
  policy.page.cannotEscalate = true;
  settleMoved(
    policy.page,
    { kind: "policy", policy: "PFALLBACK" },
    { remark: "Late.", isWithPrograms: false, at: START },
  );
  expect(policy.ended.taken).toEqual({
    action: "delegated",
    sentence: "PagerDuty cannot escalate this incident: moved to the fallback policy PFALLBACK. Late.",
    at: START,
  });
  const untouched = begun();
  settleUntouched(untouched.page, "It is not the bot's.", START);
  expect(untouched.ended.taken?.action).toBe("none");
  expect([level, policy, untouched].every(({ page }) => page.isSettled)).toBe(true);
});
