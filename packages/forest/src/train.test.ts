import { GCProfiler } from "node:v8";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributionsOf } from "./attributions.ts";
import { columnsOf, type TrainingData } from "./data.ts";
import { logit } from "./logistic.ts";
import { auc, brier, logLoss } from "./metrics.ts";
import { modelOf, type TreeModel, treesOf } from "./model.ts";
import { permuted, rowOf, someRows } from "./rows.fixture.ts";
import { score } from "./score.ts";
import { scoreAll } from "./score-columns.ts";
import { trainBoosting } from "./train-boosting.ts";
import { trainForest } from "./train-forest.ts";

const learners: readonly (readonly [string, (data: TrainingData, seed?: number) => Promise<TreeModel>])[] = [
  ["forest", async (data, seed = 1) => (await trainForest(data, { trees: 20, seed })).model],
  ["boosting", async (data, seed = 1) => trainBoosting(data, { rounds: 20, seed, subsample: 0.8 })],
];

describe.each(learners)("%s", (_, train) => {
  const data = someRows(2_000, 6);
  const later = someRows(1_000, 6, 2);

  test("learns the signal", async () => {
    const model = await train(data);
    const answers = scoreAll(model, later.columns);
    expect(auc(answers, later.labels)).toBeGreaterThan(0.9);
    expect(brier(answers, later.labels)).toBeLessThan(0.15);
  });

  test("the same seed gives the same model, bit for bit; another gives another", async () => {
    expect(await train(data, 7)).toEqual(await train(data, 7));
    expect(await train(data, 7)).not.toEqual(await train(data, 8));
  });

  test("rows in another order give the same model", async () => {
    const order = Array.from({ length: data.labels.length }, (_, i) => i).reverse();
    expect(await train(permuted(data, order))).toEqual(await train(data));
  });

  test("trees in another order give the same answers, but for the last digits", async () => {
    const model = await train(data);
    const turned = modelOf(treesOf(model).toReversed(), model);
    const [one, other] = [scoreAll(model, later.columns), scoreAll(turned, later.columns)];
    for (const [i, answer] of one.entries()) expect(other[i]).toBeCloseTo(answer, 12);
  });

  test("scoring one row at a time and many at once gives the same; all are probabilities", async () => {
    const model = await train(data);
    const answers = scoreAll(model, later.columns);
    for (const [i, answer] of answers.entries()) {
      expect(score(model, rowOf(later, i))).toBe(answer);
      expect(answer).toBeGreaterThanOrEqual(0);
      expect(answer).toBeLessThanOrEqual(1);
    }
  });

  test("one row is answered without anything being allocated", async () => {
    const model = await train(data);
    const rows = Array.from({ length: 100 }, (_, i) => rowOf(later, i));
    const ask = (times: number) => {
      let sum = 0;
      for (let i = 0; i < times; i++) for (const row of rows) sum += score(model, row);
      return sum;
    };
    /** Bytes, what a collection of garbage took away meanwhile among them. */
    const allocated = (): number => {
      const profiler = new GCProfiler();
      const before = process.memoryUsage().heapUsed;
      profiler.start();
      ask(1_000);
      const { statistics } = profiler.stop();
      const taken = statistics.reduce(
        (sum, { beforeGC, afterGC }) =>
          sum + beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize,
        0,
      );
      return process.memoryUsage().heapUsed - before + taken;
    };
    // The number that it answers with may be boxed, and the sum; a list of any kind would be a hundred bytes and more.
    const most = 100_000 * 96;
    let measured = allocated();
    // Until the compiler is done with it numbers are boxed, and on a busy machine it has to wait for its turn.
    for (let again = 0; again < 20 && measured >= most; again++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      measured = allocated();
    }
    expect(measured).toBeLessThan(most);
  });

  test("the contributions sum to the answer", async () => {
    const model = await train(data);
    for (let i = 0; i < 200; i++) {
      const row = rowOf(later, i);
      const { bias, contributions } = attributionsOf(model, row);
      const sum = contributions.reduce((total, one) => total + one, bias);
      const answer = score(model, row);
      expect(model.kind === "boosting" ? sum : Math.min(1, sum)).toBeCloseTo(
        model.kind === "boosting" ? logit(answer) : answer,
        9,
      );
    }
  });

  test("an uninformative feature contributes nothing", async () => {
    const constant = new Float32Array(data.labels.length).fill(3);
    const missing = new Float32Array(data.labels.length).fill(Number.NaN);
    const model = await train({ columns: [...data.columns, constant, missing], labels: data.labels });
    expect(new Set(model.feature)).not.toContain(6);
    expect(new Set(model.feature)).not.toContain(7);
  });

  test("any small table gives a model whose answers are probabilities", async () => {
    const value = fc.oneof(
      fc.constant(Number.NaN),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, -0, 3.4028234663852886e38, -3.4028234663852886e38, 1e-45),
    );
    const table = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 30 }))
      .chain(([features, rows]) =>
        fc.record({
          rows: fc.array(fc.array(value, { minLength: features, maxLength: features }), {
            minLength: rows,
            maxLength: rows,
          }),
          labels: fc.array(fc.constantFrom(0, 1), { minLength: rows, maxLength: rows }),
          features: fc.constant(features),
          asked: fc.array(value, { minLength: features, maxLength: features }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, labels, features, asked }) => {
        const model = await train({ columns: columnsOf(rows, features), labels: Uint8Array.from(labels) });
        for (const row of [...rows, asked]) {
          const answer = score(model, Float32Array.from(row));
          expect(answer >= 0 && answer <= 1).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("with one class only it answers with that class", async () => {
    for (const label of [0, 1]) {
      const model = await train({ columns: data.columns, labels: new Uint8Array(2_000).fill(label) });
      expect(score(model, rowOf(later, 0))).toBeCloseTo(label, 5);
    }
  });

  test("one row is enough for a model that answers its label", async () => {
    const model = await train({ columns: [Float32Array.of(1)], labels: Uint8Array.of(1) });
    expect(score(model, Float32Array.of(5))).toBeCloseTo(1, 5);
  });

  test("invalid training data is refused in a sentence", async () => {
    const refused = async (change: Partial<TrainingData>, sentence: string) =>
      expect((async () => train({ ...data, ...change }))()).rejects.toThrow(sentence);
    await refused({ labels: new Uint8Array() }, "there are no rows to learn from");
    await refused({ columns: [] }, "there are no features");
    await refused({ columns: [new Float32Array(3)] }, "feature 0 has 3 values for 2000 labels");
    await refused({ labels: new Uint8Array(2_000).fill(2) }, "the label of row 0 is neither 0 nor 1");
    const large = data.columns.map((column, k) =>
      k === 2 ? Float32Array.from(column, () => 1e308) : column,
    );
    await refused({ columns: large }, "feature 2 is infinite in row 0, or too large for a float32");
    await refused({ weights: new Float64Array(2_000) }, "all weights are 0");
    await refused({ weights: new Float64Array(2_000).fill(Number.NaN) }, "the weight of row 0");
    await refused({ weights: new Float64Array(3) }, "3 weights were given for 2000 rows");
  });

  test("a row of another width is refused", async () => {
    const model = await train(data);
    expect(() => score(model, new Float32Array(5))).toThrow(
      "the row has 5 values, and the model was trained on 6",
    );
    expect(() => scoreAll(model, data.columns.slice(1))).toThrow("there are 5 features");
  });

  test("weights count: a row of weight zero is not learnt", async () => {
    const weights = Float64Array.from(data.labels, (_, i) => (i < 1_000 ? 1 : 0));
    const turned = Uint8Array.from(data.labels, (label, i) => (i < 1_000 ? label : 1 - label));
    const model = await train({ columns: data.columns, labels: turned, weights });
    expect(auc(scoreAll(model, later.columns), later.labels)).toBeGreaterThan(0.85);
  });
});

describe("a forest", () => {
  const data = someRows(3_000, 8);

  test("is the same with any number of workers", async () => {
    const options = { trees: 13, seed: 3, outOfBag: true };
    const alone = await trainForest(data, options);
    for (const workers of [1, 3]) expect(await trainForest(data, { ...options, workers })).toEqual(alone);
  });

  test("out-of-bag answers are as good as answers on later rows", async () => {
    const later = someRows(3_000, 8, 2);
    const { model, outOfBag } = await trainForest(data, { trees: 60, seed: 3, outOfBag: true });
    const seen = brier(scoreAll(model, data.columns), data.labels);
    const unseen = brier(outOfBag ?? [], data.labels);
    const ahead = brier(scoreAll(model, later.columns), later.labels);
    expect(Math.abs(unseen - ahead)).toBeLessThan(0.015);
    expect(seen).toBeLessThan(unseen - 0.02);
  });

  test("leaves hold no fewer draws than they must", async () => {
    const { model } = await trainForest(data, { trees: 1, seed: 1, minLeaf: 1_400 });
    expect(model.feature.length).toBeLessThanOrEqual(3);
  });
});

describe("boosting", () => {
  const data = someRows(2_000, 6);
  const later = someRows(2_000, 6, 2);

  test("stops when later rows gain nothing, at their best round", () => {
    const options = { rounds: 400, seed: 1, learningRate: 0.3, maxDepth: 4 };
    const stopped = trainBoosting(data, { ...options, earlyStopping: { data: later, patience: 10 } });
    const whole = trainBoosting(data, options);
    expect(stopped.roots.length).toBeLessThan(200);
    const loss = (model: TreeModel) => logLoss(scoreAll(model, later.columns), later.labels);
    expect(loss(stopped)).toBeLessThan(loss(whole));
  });

  test("grows no more leaves and no deeper than it may", () => {
    const model = trainBoosting(data, { rounds: 5, seed: 1, maxLeaves: 8 });
    for (const tree of treesOf(model))
      expect(tree.feature.filter((k) => k < 0).length).toBeLessThanOrEqual(8);
    const stumps = trainBoosting(data, { rounds: 5, seed: 1, maxDepth: 1 });
    for (const tree of treesOf(stumps)) expect(tree.feature.length).toBeLessThanOrEqual(3);
  });
});

test("of many rows each tree draws a part of its own, and together they answer as well", async () => {
  const [data, later] = [someRows(4_000, 6), someRows(1_000, 6, 2)];
  const of = (maxDrawn: number) => trainForest(data, { trees: 40, seed: 1, maxDrawn, outOfBag: true });
  const [whole, part] = [await of(4_000), await of(1_000)];
  const aucOf = ({ model }: typeof whole) => auc(scoreAll(model, later.columns), later.labels);
  expect(aucOf(part)).toBeGreaterThan(aucOf(whole) - 0.01);
  expect(part.model.feature.length).toBeLessThan(whole.model.feature.length / 2);
  // More draws than rows are as many as rows.
  expect(await of(9_000)).toEqual(whole);
});
