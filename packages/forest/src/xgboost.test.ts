import { describe, expect, test } from "vitest";
import { someRows } from "./rows.fixture.ts";
import { scoreAll } from "./score-columns.ts";
import { trainBoosting } from "./train-boosting.ts";
import { trainForest } from "./train-forest.ts";
import { readXgboost } from "./xgboost-read.ts";
import { writeXgboost } from "./xgboost-write.ts";

const data = someRows(1_000, 5);
const forest = (await trainForest(data, { trees: 10, seed: 1 })).model;
const boosting = trainBoosting(data, { rounds: 10, seed: 1 });

describe.each([
  ["a forest", forest],
  ["boosting", boosting],
])("the file of %s", (_, model) => {
  test("reads back as the very model", () => {
    const read = readXgboost(writeXgboost(model));
    expect({ ...read, base: 0 }).toEqual({ ...model, base: 0 });
    expect(read.base).toBeCloseTo(model.base, 12);
    expect(writeXgboost(read)).toBe(writeXgboost(model));
  });

  test("satisfies the requirements of old readers", () => {
    const text = writeXgboost(model);
    const { learner } = JSON.parse(text);
    expect(learner.feature_names).toEqual([]);
    expect(learner.learner_model_param.base_score.replace(/\D/g, "").length).toBeLessThanOrEqual(10);
    expect(learner.learner_model_param.base_score).toMatch(/^-?\d[\d.e+-]*$/);
    // Integers in a list of floats are refused.
    for (const [, list = ""] of text.matchAll(
      /"(?:split_conditions|base_weights|loss_changes|sum_hessian)":\[([^\]]*)\]/g,
    ))
      for (const number of list.split(",")) expect(number).toMatch(/[.e]/);
    for (const tree of learner.gradient_booster.model.trees) {
      expect(tree.tree_param.size_leaf_vector).toBe("0");
      expect(tree.parents[0]).toBe(2_147_483_647);
    }
  });
});

describe("a file of another hand", () => {
  const written = writeXgboost(boosting);
  const changed = (from: string | RegExp, to: string) => written.replace(from, to);

  test("may have its base score as a vector, and siblings apart", () => {
    const { learner } = JSON.parse(written);
    const score: string = learner.learner_model_param.base_score;
    expect(readXgboost(changed(`"${score}"`, `"[${score}]"`))).toEqual(readXgboost(written));
    const [tree] = learner.gradient_booster.model.trees;
    // The same tree with its nodes in reverse, but for the root.
    const nodes: number = tree.left_children.length;
    const to = (n: number) => (n <= 0 ? n : nodes - n);
    for (const name of ["split_indices", "split_conditions", "default_left", "base_weights"])
      tree[name] = tree[name].map((_: number, n: number) => tree[name][to(n)]);
    for (const name of ["left_children", "right_children"])
      tree[name] = tree[name].map((_: number, n: number) => to(tree[name][to(n)]));
    const read = readXgboost(JSON.stringify({ learner }));
    expect(scoreAll(read, data.columns)).toEqual(scoreAll(boosting, data.columns));
  });

  test("that is not a model says where it is not", () => {
    expect(() => readXgboost("{")).toThrow("file: it is not JSON");
    expect(() => readXgboost("{}")).toThrow("learner: it is missing");
    expect(() => readXgboost(changed("binary:logistic", "rank:ndcg"))).toThrow("'rank:ndcg' is neither");
    expect(() => readXgboost(changed(/"base_score":"[^"]*"/, '"base_score":"2.0"'))).toThrow("base_score");
    expect(() => readXgboost(changed('"left_children":[1', '"left_children":[0'))).toThrow(
      "tree 0: node 0 has a child 0 that is not its own",
    );
    expect(() => readXgboost(changed('"left_children":[1,', '"left_children":[99999,'))).toThrow(
      "not its own",
    );
    expect(() => readXgboost(changed(/"split_indices":\[\d+/, '"split_indices":[77'))).toThrow(
      "feature 77 of 5",
    );
    expect(() => readXgboost(changed('"default_left":[', '"default_left":[1,'))).toThrow("entries for");
    expect(() => readXgboost(changed('"categories":[]', '"categories":[1]'))).toThrow("splits by categories");
  });
});
