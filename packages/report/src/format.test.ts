import { expect, test } from "vitest";
import { count, decimal, duration, interval, percent } from "./format.ts";

test("figures for people", () => {
  expect([percent(0.1234), percent(null), percent(1, 0)]).toEqual(["12.3 %", "–", "100 %"]);
  expect([decimal(0.5), decimal(null)]).toEqual(["0.500", "–"]);
  expect(count(1627.4)).toBe("1,627");
  expect(interval({ low: 0.1, high: 0.25 }, percent)).toBe("10.0 % to 25.0 %");
  expect([90, 60, 300, 3_600, 7_200, 86_400].map(duration)).toEqual([
    "90 seconds",
    "1 minute",
    "5 minutes",
    "1 hour",
    "2 hours",
    "1 day",
  ]);
});
