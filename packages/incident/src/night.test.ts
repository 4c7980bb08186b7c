import { expect, test } from "vitest";
import { isNightIn, NIGHT_HOURS } from "./night.ts";

const at = (time: string) => Date.parse(`2026-${time}Z`);

test.each([
  ["UTC", "03-02T21:59:59", false],
  ["UTC", "03-02T22:00:00", true],
  ["UTC", "03-02T00:00:00", true],
  ["UTC", "03-02T07:59:59", true],
  ["UTC", "03-02T08:00:00", false],
  ["Europe/Berlin", "03-02T20:59:59", false],
  ["Europe/Berlin", "03-02T21:00:00", true],
  ["Europe/Berlin", "07-02T05:59:59", true],
  ["Europe/Berlin", "07-02T06:00:00", false],
  ["Asia/Kolkata", "03-02T16:30:00", true],
  ["Asia/Kolkata", "03-02T02:30:00", false],
  ["Etc/UTC", "03-02T22:00:00", true],
])("a night in %s: %s is %s", (zone, time, isNight) => {
  expect(isNightIn(zone)(at(time))).toBe(isNight);
});

test("the displayed hours match the rule, and a zone that does not exist is refused", () => {
  expect(NIGHT_HOURS).toBe("22:00 to 8:00");
  expect(() => isNightIn("Mars/Olympus")).toThrow(RangeError);
});
