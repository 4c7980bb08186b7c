import { expect, it } from "vitest";
import { paceOf } from "./pace.ts";

it.each([
  [1_999, 500, 1_000, ""],
  [2_000, 500, 1_000, ", 250 a second, about 2 s left"],
  [60_000, 60_000, 300_000, ", 1000 a second, about 4 min left"],
  [60_000, 3, 12, ", 3 a minute, about 3 min left"],
  [600_000, 1, 2, ", 1 a minute, about 10 min left"],
  [4_000, 100, undefined, ", 25 a second"],
  [4_000, 0, 100, ""],
  [4_000, 100, 100, ""],
])("after %d ms with %d of %d done it says '%s'", (passed, done, of, said) => {
  let now = 1_000_000;
  const pace = paceOf(() => now);
  now += passed;
  expect(pace(done, of)).toBe(said);
});
