import { usualLearnerSettings } from "@mrdata/learning";
import { expect, test } from "vitest";
import { whatMattered } from "./what-mattered.ts";

const { boosting, forest } = usualLearnerSettings(100);

test("the setting that the score follows comes first, with its direction; what never changed accounts for nothing", () => {
  const trials = Array.from({ length: 12 }, (_, i) => ({
    learner: "boosting" as const,
    settings: { ...boosting, learningRate: 0.01 * (i + 1), bags: 1 + ((i * 5) % 7) },
    brier: 0.2 - i / 100,
  }));
  const [first, ...others] = whatMattered(trials);
  expect(first).toEqual({
    learner: "boosting",
    setting: "learningRate",
    share: expect.closeTo(1),
    more: "better",
  });
  expect(others.find(({ setting }) => setting === "maxDepth")?.share).toBe(0);
  expect(others.every(({ share }) => share < 0.6)).toBe(true);
});

test("a learner with a handful of trials gives no result, nor does one whose score never changes", () => {
  const few = [1, 2, 3].map((minLeaf) => ({
    learner: "forest" as const,
    settings: { ...forest, minLeaf },
    brier: minLeaf,
  }));
  expect(whatMattered(few)).toEqual([]);
  const same = [1, 2, 3, 4, 5].map((minLeaf) => ({
    learner: "forest" as const,
    settings: { ...forest, minLeaf },
    brier: 0.2,
  }));
  expect(whatMattered(same).map(({ share }) => share)).toEqual([0, 0]);
});
