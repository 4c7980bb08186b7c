import { expect, test } from "vitest";
import { nextRetrain } from "./learning.ts";

test.each([
  ["2026-11-30T02:59:59Z", "2026-11-30T03:00:00.000Z"],
  ["2026-11-30T03:00:00Z", "2026-12-07T03:00:00.000Z"],
  ["2026-12-06T23:59:00Z", "2026-12-07T03:00:00.000Z"],
  ["2026-12-02T12:00:00Z", "2026-12-07T03:00:00.000Z"],
])("the schedule comes after %s on %s", (now, next) => {
  expect(new Date(nextRetrain(Date.parse(now))).toISOString()).toBe(next);
});
