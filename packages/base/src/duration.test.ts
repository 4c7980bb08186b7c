import fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs } from "./duration.ts";

const units = { s: 1, m: 60, h: 3_600, d: 86_400, mo: 30 * 86_400 } as const;

test("a whole number of every unit is that many of its seconds, with blanks around it", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.constantFrom("s", "m", "h", "d", "mo"), (count, unit) => {
      expect(durationMs(`${count}${unit}`)).toBe(count * units[unit] * 1_000);
      expect(durationMs(` ${count}${unit}\n`)).toBe(count * units[unit] * 1_000);
    }),
  );
});

test.each(["", "5", "s", "-5s", "5 m", "5w", "5S", "5ms", "1h30m", ".5h", "5.h", "Infinitys", "1e3s"])(
  "'%s' is no duration",
  (text) => {
    expect(durationMs(text)).toBeNull();
  },
);
