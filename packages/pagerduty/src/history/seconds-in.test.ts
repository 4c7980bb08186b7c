import { expect, test } from "vitest";
import { secondsIn } from "./seconds-in.ts";

test.each([
  ["180", 180],
  ["180.0", 180],
  ["1.8e2", 180],
  ["1,234,567", 1_234_567],
  ["180,5", 180.5],
  ["5,40", 5.4],
  ["1.234,5", 1_234.5],
  ["1h 02m", 3_720],
  ["00:05:12", 312],
  ["3m 0s", 180],
  ["3m20s", 200],
  ["1 hour, 30 minutes", 5_400],
  ["1 hr and 5 secs", 3_605],
  ["1.5h", 5_400],
  ["2d 3h", 183_600],
  ["45 sec", 45],
  ["0:03:00", 180],
  ["26:03:04", 93_784],
  ["1 day, 2:03:04", 93_784],
  ["PT3M", 180],
  ["P1DT2H3M4.5S", 93_784.5],
])("%s is a duration", (text, seconds) => {
  expect(secondsIn(text)).toBe(seconds);
});

test.each(["", "3:20", "soon", "-5", "5,", "3m of it", "P", "PT", "1:75:00", "12 apples", "s"])(
  "'%s' is none",
  (text) => {
    expect(secondsIn(text)).toBeNull();
  },
);
