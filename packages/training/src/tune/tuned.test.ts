import { usualLearnerSettings } from "@mrdata/learning";
import { memoryResults } from "@mrdata/platform";
import { expect, test } from "vitest";
import { bytesOf } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { historyAtHand } from "../history-source.ts";
import { resultOf } from "../task-io.ts";
import { settingsOfTrial } from "./space.ts";
import { tunedIn, tunedTask } from "./tuned.ts";

const plan = { trials: 5, until: null, seed: 3, width: 1, usual: usualLearnerSettings(100) };

/** What is found where boosting's squared errors of today are these, and those of the only other trial these. */
async function foundWith(today: readonly number[], tried: readonly number[]) {
  const io = { results: memoryResults(), history: historyAtHand([]) };
  const done = new Map<string, TaskOutcome>();
  for (const [trial, errors] of [today, today, today, today, tried].entries()) {
    const result = `trial-${trial}`;
    await io.results.write(result, bytesOf(Float32Array.from(errors)));
    const brier = errors.reduce((sum, one) => sum + one, 0) / errors.length;
    done.set(`trial-${trial}-2`, { result, trial: { trial, rung: 2, brier, over: false } });
  }
  const { result, reason } = await tunedTask(plan, done, io);
  return { ...tunedIn(await resultOf(io, result)), reason };
}

const today = Array.from({ length: 100 }, (_, i) => 0.2 + (i % 10) / 100);

test("settings that are better on the same rows by more than one standard error are tried as a version, for that learner alone", async () => {
  const { learners, best, reason } = await foundWith(
    today,
    today.map((one) => one - 0.01),
  );
  expect(best).toMatchObject([{ learner: "boosting", trial: 4, isBetter: true }]);
  expect(learners).toEqual({ ...plan.usual, boosting: settingsOfTrial(plan, 4) });
  expect(reason).toMatch(/boosting has a Brier score of 0\.2350 instead of 0\.2450/);
});

test.each([
  ["better by less than that", today.map((one, i) => one + (i % 2 === 0 ? -0.1 : 0.096))],
  ["as good", today],
  ["worse", today.map((one) => one + 0.01)],
])("a trial that is %s leaves the current settings unchanged", async (_, tried) => {
  const { learners, best, reason } = await foundWith(today, tried);
  expect(best).toMatchObject([{ learner: "boosting", isBetter: false }]);
  expect(learners).toBeNull();
  expect(reason).toMatch(/they stand\.$/);
});
