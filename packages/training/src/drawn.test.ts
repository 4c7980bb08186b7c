import fc from "fast-check";
import { expect, test } from "vitest";
import { limitPerService } from "./drawn.ts";

test("the limit is the largest that keeps to the most, and everything where there is room", () => {
  expect(limitPerService([10, 2, 7], 12)).toBe(5);
  expect(limitPerService([10, 2, 7], 19)).toBe(10);
  expect(limitPerService([], 5)).toBe(1);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 })),
      fc.integer({ min: 1, max: 500 }),
      (counts, most) => {
        const drawn = (limit: number) => counts.reduce((sum, count) => sum + Math.min(count, limit), 0);
        const limit = limitPerService(counts, most);
        const largest = counts.reduce((max, count) => Math.max(max, count), 1);
        if (limit > 1) expect(drawn(limit)).toBeLessThanOrEqual(most);
        if (limit < largest) expect(drawn(limit + 1)).toBeGreaterThan(most);
      },
    ),
  );
});
