import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gapsBetween } from "./coverage.ts";

const period = { since: 0, until: 100 };
const shifts = fc.array(
  fc
    .tuple(fc.integer({ min: -50, max: 150 }), fc.integer({ min: 0, max: 60 }))
    .map(([start, length]) => ({ start, end: start + length })),
  { maxLength: 8 },
);
const isIn = (times: readonly { start: number; end: number }[], at: number) =>
  times.some(({ start, end }) => start <= at && at < end);

describe("gapsBetween", () => {
  test("every moment is either in a shift or in a gap", () => {
    fc.assert(
      fc.property(shifts, (list) => {
        const gaps = gapsBetween(list, period);
        for (let at = period.since; at < period.until; at++) expect(isIn(gaps, at)).toBe(!isIn(list, at));
      }),
    );
  });

  test("gaps are ordered, disjoint, within the period, and not empty", () => {
    fc.assert(
      fc.property(shifts, (list) => {
        let last = Number.NEGATIVE_INFINITY;
        for (const { start, end } of gapsBetween(list, period)) {
          expect(start).toBeGreaterThan(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(period.until);
      }),
    );
  });

  test("the order of the shifts does not matter", () => {
    fc.assert(
      fc.property(shifts, (list) => {
        expect(gapsBetween(list.toReversed(), period)).toEqual(gapsBetween(list, period));
      }),
    );
  });
});
