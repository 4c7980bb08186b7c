import { describe, expect, test } from "vitest";
import { checksAreDue } from "./checks-due.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-03-02T03:00:00Z");
const unknownSince = (since: number) => [{ service: "PSERVICE", check: "level-2", sentence: "", since }];
const dueAfter = (
  minutes: number,
  change: Partial<Parameters<typeof checksAreDue>[0]> = {},
  isBusy = false,
) =>
  checksAreDue(
    { answeredAt: START, unknown: [], ...change },
    { askedAt: START, now: START + minutes * MINUTE, isBusy },
  );

describe("the checks of armed services are due", () => {
  test("ten minutes after the last, by whichever process", () => {
    expect([dueAfter(9), dueAfter(10)]).toEqual([false, true]);
    const other = { askedAt: null, now: START + 9 * MINUTE, isBusy: false };
    expect(checksAreDue({ answeredAt: START, unknown: [] }, other)).toBe(false);
  });

  test("immediately where they never ran", () => {
    const never = { askedAt: null, now: START, isBusy: true };
    expect(checksAreDue({ answeredAt: null, unknown: [] }, never)).toBe(true);
  });

  test("two minutes later where one is unknown, five where that lasts", () => {
    const lately = { unknown: unknownSince(START) };
    expect([dueAfter(1, lately), dueAfter(2, lately)]).toEqual([false, true]);
    const long = { unknown: unknownSince(START - 20 * MINUTE) };
    expect([dueAfter(4, long), dueAfter(5, long)]).toEqual([false, true]);
  });

  test("three minutes later where calls are needed for pages, which is within the time they are relied on", () => {
    expect([dueAfter(12, {}, true), dueAfter(13, {}, true)]).toEqual([false, true]);
  });

  test("where the clock was set back", () => {
    expect(dueAfter(-60)).toBe(true);
  });
});
