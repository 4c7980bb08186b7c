import { createRandom, readXgboost, scoreAll, trainBoosting, writeXgboost } from "@mrdata/forest";
import { expect, test } from "vitest";
import { meanMembers, meanModel, meanOf, meanWeights } from "./mean-of-learners.ts";

const random = createRandom(3);
const ROWS = 200;
const columns = [0, 1].map(() => Float32Array.from({ length: ROWS }, () => random.next()));
const labels = Uint8Array.from({ length: ROWS }, (_, i) => ((columns[0]?.[i] ?? 0) > random.next() ? 1 : 0));
const model = (seed: number) =>
  trainBoosting({ columns, labels }, { rounds: 3 + seed, seed, maxLeaves: 4, subsample: 0.7 });

test("the mean in log odds is one model, also as XGBoost reads it", () => {
  const models = { rates: model(1), shallow: model(2), boosting: model(3), worded: model(4) };
  const weights = { rates: 0.1, shallow: 0.2, boosting: 0.4, worded: 0.3 };
  const one = meanModel(weights, models);
  const answers = {
    rates: scoreAll(models.rates, columns),
    shallow: scoreAll(models.shallow, columns),
    boosting: scoreAll(models.boosting, columns),
    worded: scoreAll(models.worded, columns),
  };
  const at = (i: number) => ({
    rates: answers.rates[i] ?? 0,
    shallow: answers.shallow[i] ?? 0,
    boosting: answers.boosting[i] ?? 0,
    worded: answers.worded[i] ?? 0,
  });
  const read = scoreAll(readXgboost(writeXgboost(one)), columns);
  for (const [i, answer] of scoreAll(one, columns).entries()) {
    expect(answer).toBeCloseTo(meanOf(weights, at(i)), 5);
    expect(read[i]).toBeCloseTo(answer, 6);
  }
});

test("who was better on the past weighs more; before anything is known all weigh the same", () => {
  const past = Array.from({ length: 200 }, (_, i) => {
    const label = i % 2 === 0 ? 1 : 0;
    return {
      label,
      raw: { rates: 0.5, shallow: 0.5, boosting: label === 1 ? 0.6 : 0.4, worded: 0.5 },
    } as const;
  });
  const { boosting, ...others } = meanWeights(past);
  for (const weight of Object.values(others)) expect(weight).toBeLessThan(boosting / 100);
  expect(Object.values(meanWeights(past)).reduce((sum, one) => sum + one)).toBeCloseTo(1, 12);
  expect(Object.values(meanWeights(past.slice(0, 50)))).toEqual(meanMembers.map(() => 0.25));
});
