import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { auc, averagePrecision, brier, ece, logLoss } from "./metrics.ts";
import { openPython } from "./python.fixture.ts";
import { createRandom } from "./random.ts";
import { someRows } from "./rows.fixture.ts";
import { score } from "./score.ts";
import { scoreAll } from "./score-columns.ts";
import { stepTree } from "./step-tree.ts";
import { trainBoosting } from "./train-boosting.ts";
import { trainForest } from "./train-forest.ts";
import { readXgboost } from "./xgboost-read.ts";
import { writeXgboost } from "./xgboost-write.ts";

const PYTHON = process.env.MRDATA_PYTHON ?? join(import.meta.dirname, "../../../.venv/bin/python");

/** With the xgboost of Vertex AI's prebuilt container. */
const VERTEX_PYTHON =
  process.env.MRDATA_PYTHON_VERTEX ?? join(import.meta.dirname, "../../../.venv-vertex/bin/python");

const newest = openPython(PYTHON);
const vertex = openPython(VERTEX_PYTHON);
afterAll(() => {
  newest.close();
  vertex.close();
});

const ROWS = 10_000;
const FEATURES = 12;
const data = someRows(3_000, FEATURES);
const asked = someRows(ROWS, FEATURES, 9);
/** As the learner that is chosen first trains: nine hundred trees, whose sum xgboost makes in float32. */
const SERVED = { rounds: 150, bags: 6, learningRate: 0.04, maxLeaves: 16, maxDepth: 8, subsample: 0.5 };
/** Prior knowledge of one feature, from which the simpler learners start. */
const STEPS = [stepTree(0, { cuts: [-1, 0, 1], values: [-0.5, -0.2, 0.2, 0.5], rows: [0, 900, 1_500, 600] })];
/** Row by row, as numpy reads it. */
const matrix = () => {
  const values = new Float32Array(ROWS * FEATURES);
  for (const [k, column] of asked.columns.entries())
    for (let i = 0; i < ROWS; i++) values[i * FEATURES + k] = column[i] ?? Number.NaN;
  return new Uint8Array(values.buffer);
};
const LOAD = `
import numpy as np, xgboost
X = np.fromfile("rows.f32", dtype=np.float32).reshape(${ROWS}, ${FEATURES})
`;
const largestDifference = (ours: Float64Array, theirs: string): number => {
  const answers: readonly number[] = JSON.parse(theirs);
  expect(answers).toHaveLength(ours.length);
  return ours.reduce((most, p, i) => Math.max(most, Math.abs(p - (answers[i] ?? Number.NaN))), 0);
};

/** Reads the model, and prints what xgboost predicts, and how SHAP values share it out. */
const CONTRIBUTIONS = `${LOAD}
import json
booster = xgboost.Booster(model_file="model.bst")
rows = xgboost.DMatrix(X[:500])
print(json.dumps({
    "xgboost": xgboost.__version__,
    "predictions": booster.predict(rows).astype(float).tolist(),
    "margins": booster.predict(rows, output_margin=True).astype(float).tolist(),
    "contributions": booster.predict(rows, pred_contribs=True).astype(float).tolist(),
}))`;

type Contributions = {
  readonly xgboost: string;
  readonly predictions: readonly number[];
  readonly margins: readonly number[];
  readonly contributions: readonly (readonly number[])[];
};

const farthest = (some: readonly number[], others: readonly number[]): number => {
  expect(some).toHaveLength(others.length);
  return some.reduce((most, one, i) => Math.max(most, Math.abs(one - (others[i] ?? Number.NaN))), 0);
};

/** Trained on first use, once for all readers. */
const once = <T>(train: () => T): (() => T) => {
  let trained: { readonly model: T } | undefined;
  return () => {
    trained ??= { model: train() };
    return trained.model;
  };
};
const forest = once(async () => (await trainForest(data, { trees: 100, seed: 1 })).model);
const boosting = once(async () => trainBoosting(data, { rounds: 100, seed: 1 }));
const boostingOnSteps = once(async () => trainBoosting(data, { start: STEPS, rounds: 60, bags: 2, seed: 1 }));

describe("what others make of our files", () => {
  const models = [
    ["a forest", forest],
    ["boosting", boosting],
    ["boosting on known steps", boostingOnSteps],
  ] as const;

  for (const [name, train] of models)
    test(`${name}: SHAP values of Vertex AI's xgboost and of the newest are one, and share out what is predicted`, async (context) => {
      const model = await train();
      const files = { "rows.f32": matrix(), "model.bst": writeXgboost(model) };
      const ofNewest: Contributions = JSON.parse(await newest.run(context, CONTRIBUTIONS, files));
      const ofVertex: Contributions = JSON.parse(await vertex.run(context, CONTRIBUTIONS, files));
      expect(ofVertex.xgboost).toMatch(/^2\.1\./);
      const ours = [...scoreAll(model, asked.columns)].slice(0, 500);
      for (const { predictions, margins, contributions } of [ofNewest, ofVertex]) {
        expect(farthest(predictions, ours)).toBeLessThanOrEqual(1e-6);
        const sums = contributions.map((row) => row.reduce((sum, one) => sum + one, 0));
        // Both are sums of float32, in other orders.
        expect(farthest(sums, margins)).toBeLessThanOrEqual(5e-6);
        expect(contributions.flat().some((one) => Math.abs(one) > 0.01)).toBe(true);
      }
      expect(farthest(ofNewest.contributions.flat(), ofVertex.contributions.flat())).toBeLessThanOrEqual(
        1e-6,
      );
    });

  for (const [name, train] of models)
    test(`${name}: treelite and ONNX Runtime answer the same to 1e-6`, async (context) => {
      const model = await train();
      const stdout = await newest.run(
        context,
        `${LOAD}
import json, treelite, onnxruntime
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
trees = treelite.gtil.predict(treelite.frontend.load_xgboost_model("model.bst", format_choice="inspect"), X).reshape(-1)
booster = xgboost.Booster(model_file="model.bst")
converted = convert_xgboost(booster, initial_types=[("x", FloatTensorType([None, ${FEATURES}]))])
one = onnxruntime.SessionOptions()
one.intra_op_num_threads = 1
answers = onnxruntime.InferenceSession(converted.SerializeToString(), one).run(None, {"x": X})[-1]
answers = answers[:, 1] if answers.ndim == 2 and answers.shape[1] == 2 else answers.reshape(-1)
print(json.dumps([trees.astype(float).tolist(), answers.astype(float).tolist()]))`,
        { "rows.f32": matrix(), "model.bst": writeXgboost(model) },
      );
      const [trees, onnx]: readonly [readonly number[], readonly number[]] = JSON.parse(stdout);
      const ours = scoreAll(model, asked.columns);
      expect(largestDifference(ours, JSON.stringify(trees))).toBeLessThanOrEqual(1e-6);
      expect(largestDifference(ours, JSON.stringify(onnx))).toBeLessThanOrEqual(1e-6);
    });

  test("a base score of the newer form is .5 to the xgboost of Vertex AI, and ours is none", async (context) => {
    const model = trainBoosting(
      { ...data, labels: data.labels.map((label, i) => (i % 4 === 0 ? label : 0)) },
      { rounds: 5, seed: 1 },
    );
    const written = writeXgboost(model);
    const newer = written.replace(/"base_score":"([^"]*)"/, '"base_score":"[$1]"');
    expect(newer).not.toBe(written);
    const answersOf = async (text: string): Promise<readonly number[]> => {
      const files = { "rows.f32": matrix(), "model.bst": text };
      const read: Contributions = JSON.parse(await vertex.run(context, CONTRIBUTIONS, files));
      return read.predictions;
    };
    const ours = [...scoreAll(model, asked.columns)].slice(0, 500);
    expect(farthest(await answersOf(written), ours)).toBeLessThanOrEqual(1e-6);
    expect(farthest(await answersOf(newer), ours)).toBeGreaterThan(0.1);
  });
});

describe("xgboost reads our files, and we read its", () => {
  for (const [name, train] of [
    ["a forest", forest],
    ["boosting", boosting],
    [
      "bagged boosting of small trees, as it is served,",
      async () => trainBoosting(data, { ...SERVED, seed: 1 }),
    ],
  ] as const) {
    test(`${name} answers the same to 1e-6 on ${ROWS} rows with missing values`, async (context) => {
      const model = await train();
      const stdout = await newest.run(
        context,
        `${LOAD}
booster = xgboost.Booster(model_file="model.bst")
import json; print(json.dumps(booster.predict(xgboost.DMatrix(X)).astype(float).tolist()))`,
        { "rows.f32": matrix(), "model.bst": writeXgboost(model) },
      );
      expect(largestDifference(scoreAll(model, asked.columns), stdout)).toBeLessThanOrEqual(1e-6);
      // One row at a time goes another way.
      const alone = Float64Array.from({ length: ROWS }, (_, i) =>
        score(
          model,
          Float32Array.from(asked.columns, (column) => column[i] ?? Number.NaN),
        ),
      );
      expect(largestDifference(alone, stdout)).toBeLessThanOrEqual(1e-6);
    });
  }

  test("a model that xgboost trained and saved answers the same here", async (context) => {
    const stdout = await newest.run(
      context,
      `${LOAD}
import json
y = np.fromfile("labels.u8", dtype=np.uint8)
booster = xgboost.train({"objective": "binary:logistic", "max_depth": 5, "nthread": 1}, xgboost.DMatrix(X, y), 20)
booster.save_model("saved.json")
print(json.dumps([open("saved.json").read(), booster.predict(xgboost.DMatrix(X)).astype(float).tolist()]))`,
      { "rows.f32": matrix(), "labels.u8": asked.labels },
    );
    const [text, answers]: [string, number[]] = JSON.parse(stdout);
    const ours = scoreAll(readXgboost(text), asked.columns);
    expect(largestDifference(ours, JSON.stringify(answers))).toBeLessThanOrEqual(1e-6);
  });
});

test("metrics are scikit-learn's to 1e-9, with ties, at 0 and 1", async (context) => {
  const random = createRandom(4);
  const cases = [1, 20, 1_000_000].map((steps) => {
    const predictions = Float64Array.from({ length: 2_000 }, () => Math.round(random.next() * steps) / steps);
    const labels = Uint8Array.from(predictions, (p) => (random.next() < 0.2 + 0.6 * p ? 1 : 0));
    return { predictions: [...predictions], labels: [...labels] };
  });
  const stdout = await newest.run(
    context,
    `
import json, numpy as np
from sklearn import metrics
def ece(p, y):
    bins = np.minimum((p * 10).astype(int), 9)
    return sum(abs(p[bins == b].sum() - y[bins == b].sum()) for b in range(10)) / len(p)
out = []
for case in json.load(open("cases.json")):
    p, y = np.array(case["predictions"]), np.array(case["labels"])
    out.append([metrics.roc_auc_score(y, p), metrics.average_precision_score(y, p),
                metrics.brier_score_loss(y, p), metrics.log_loss(y, p), ece(p, y)])
print(json.dumps(out))`,
    { "cases.json": JSON.stringify(cases) },
  );
  const theirs: readonly (readonly number[])[] = JSON.parse(stdout);
  for (const [i, { predictions, labels }] of cases.entries()) {
    const ours = [auc, averagePrecision, brier, logLoss, ece].map((metric) => metric(predictions, labels));
    for (const [k, value] of ours.entries())
      expect(Math.abs(value - (theirs[i]?.[k] ?? Number.NaN))).toBeLessThan(1e-9);
  }
});
