import { expect, test } from "vitest";
import { nextRetrain } from "./next-retrain.ts";

test.each([
  ["2026-11-30T02:59:59Z", null, "2026-11-30T03:00:00.000Z"],
  ["2026-11-30T03:00:00Z", null, "2026-12-01T03:00:00.000Z"],
  ["2026-11-30T12:00:00Z", "2026-11-30T03:00:00Z", "2026-12-07T03:00:00.000Z"],
  ["2026-12-07T02:00:00Z", "2026-11-30T03:00:07Z", "2026-12-07T03:00:00.000Z"],
  ["2026-11-30T12:00:00Z", "2026-11-30T11:00:00Z", "2026-12-08T03:00:00.000Z"],
  ["2026-12-20T12:00:00Z", "2026-11-30T11:00:00Z", "2026-12-21T03:00:00.000Z"],
])("after %s, with a last job of %s, the next begins on %s", (now, last, next) => {
  const at = nextRetrain(Date.parse(now), last === null ? null : Date.parse(last));
  expect(new Date(at).toISOString()).toBe(next);
});
