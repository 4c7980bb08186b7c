import { createRandom } from "@mrdata/forest";
import { expect, test } from "vitest";
import { atEqualHarm } from "./equal-harm.ts";
import type { ScoredBeside } from "./last-month.ts";

const DAY = 86_400_000;

/** Thirty days; `knows` says how much of the truth each way's answer has in it. */
function month(knows: { readonly model: number; readonly ownRate: number }): readonly ScoredBeside[] {
  const random = createRandom(7);
  return Array.from({ length: 900 }, (_, i): ScoredBeside => {
    const label = random.next() < 0.5 ? 1 : 0;
    const answer = (share: number) => share * label + (1 - share) * random.next();
    return { openedAt: (i / 30) * DAY, label, probability: answer(knows.model), rate: answer(knows.ownRate) };
  });
}

test("who knows more spares more at the same harm, beyond the interval", () => {
  const told = atEqualHarm(month({ model: 0.6, ownRate: 0.1 }), 1);
  expect(told?.verdict).toBe("ahead");
  for (const { model, ownRate, ahead } of told?.levels.slice(1) ?? []) {
    expect(model.value).toBeGreaterThan(ownRate.value);
    expect(ahead.value).toBeCloseTo(model.value - ownRate.value, 10);
    expect(model.low).toBeLessThanOrEqual(model.value);
    expect(model.high).toBeGreaterThanOrEqual(model.value);
  }
});

test("it says where the model is behind, and where the comparison is undecided", () => {
  expect(atEqualHarm(month({ model: 0.1, ownRate: 0.6 }), 1)?.verdict).toBe("behind");
  expect(atEqualHarm(month({ model: 0.3, ownRate: 0.3 }), 1)?.verdict).toBe("not told apart");
});

test("delaying one more incident never spares fewer pages, and delaying all spares all", () => {
  const told = atEqualHarm(month({ model: 0.4, ownRate: 0 }), 1, [0, 0.1, 0.5, 1]);
  const spared = told?.levels.map(({ model }) => model.value) ?? [];
  expect(spared).toEqual(spared.toSorted((a, b) => a - b));
  expect(spared.at(-1)).toBe(1);
});

test("with incidents of one kind there is nothing to compare", () => {
  expect(
    atEqualHarm(
      month({ model: 1, ownRate: 1 }).filter(({ label }) => label === 1),
      1,
    ),
  ).toBeNull();
});
