import { outOfRange } from "@mrdata/base";
import { sigmoid } from "./logistic.ts";
import { type FlatTree, type TreeModel, treesOf } from "./model.ts";

/**
 * The model as an XGBoost JSON file (https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html), readable by
 * versions 1.7 to 3.x. A forest is `reg:squarederror` in one round, with each tree's share of the probability in its
 * leaves; boosting is `binary:logistic`. Feature names stay empty: with names, plain arrays would be refused.
 * `sum_hessian` is each node's cover: with zeros there every SHAP value (`pred_contribs`) is NaN.
 */
export function writeXgboost(model: TreeModel): string {
  const trees = treesOf(model);
  const forest = model.kind === "forest";
  const count = trees.length;
  const info = { num_feature: String(model.features), num_target: "1", num_class: "0" };
  const head = {
    learner_model_param: { base_score: baseScore(model), boost_from_average: "1", ...info },
    objective: forest
      ? { name: "reg:squarederror", reg_loss_param: { scale_pos_weight: "1" } }
      : { name: "binary:logistic", reg_loss_param: { scale_pos_weight: "1" } },
  };
  const booster = {
    gbtree_model_param: {
      num_parallel_tree: forest ? String(count) : "1",
      num_trees: String(count),
      size_leaf_vector: "0",
    },
    iteration_indptr: forest ? [0, count] : Array.from({ length: count + 1 }, (_, i) => i),
    tree_info: new Array<number>(count).fill(0),
  };
  const written = trees.map((tree, id) => treeText(tree, id, model.features)).join(",");
  const { gbtree_model_param, iteration_indptr, tree_info } = booster;
  return (
    `{"learner":{"attributes":{},"feature_names":[],"feature_types":[],"gradient_booster":{"name":"gbtree","model":{` +
    `"gbtree_model_param":${JSON.stringify(gbtree_model_param)},"iteration_indptr":${JSON.stringify(iteration_indptr)},` +
    `"tree_info":${JSON.stringify(tree_info)},"trees":[${written}]}},` +
    `"learner_model_param":${JSON.stringify(head.learner_model_param)},"objective":${JSON.stringify(head.objective)}},` +
    `"version":[1,7,6]}\n`
  );
}

/**
 * At most nine digits: with more, 1.7 and 2.1 silently read 0.5. For boosting it is the probability corresponding to
 * the base.
 */
function baseScore({ kind, base }: TreeModel): string {
  return float(kind === "boosting" ? Number(sigmoid(base).toPrecision(9)) : base);
}

function treeText(
  { feature, threshold, left, defaultLeft, value, cover }: FlatTree,
  id: number,
  features: number,
): string {
  const nodes = feature.length;
  const parents = new Array<number>(nodes).fill(ROOT_PARENT);
  const children = { left: new Array<number>(nodes).fill(-1), right: new Array<number>(nodes).fill(-1) };
  const indices = new Array<number>(nodes).fill(0);
  const conditions: string[] = [];
  for (let n = 0; n < nodes; n++) {
    const k = feature[n] ?? -1;
    if (k < 0) {
      conditions.push(float(value[n] ?? outOfRange()));
      continue;
    }
    const first = left[n] ?? outOfRange();
    indices[n] = k;
    children.left[n] = first;
    children.right[n] = first + 1;
    parents[first] = n;
    parents[first + 1] = n;
    conditions.push(float(threshold[n] ?? outOfRange()));
  }
  const zeros = `[${new Array<string>(nodes).fill("0.0").join(",")}]`;
  const types = `[${new Array<string>(nodes).fill("0").join(",")}]`;
  return (
    `{"id":${id},"left_children":${JSON.stringify(children.left)},"right_children":${JSON.stringify(children.right)},` +
    `"parents":${JSON.stringify(parents)},"split_indices":${JSON.stringify(indices)},"split_conditions":[${conditions.join(",")}],` +
    `"split_type":${types},"default_left":${JSON.stringify([...defaultLeft])},` +
    `"base_weights":[${Array.from(value, float).join(",")}],"loss_changes":${zeros},"sum_hessian":[${Array.from(cover, float).join(",")}],` +
    `"categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],` +
    `"tree_param":{"num_nodes":"${nodes}","num_feature":"${features}","num_deleted":"0","size_leaf_vector":"0"}}`
  );
}

const ROOT_PARENT = 2_147_483_647;

/** A float32 in nine digits, which restore it exactly; always with a point or an exponent: integers are refused. */
function float(value: number): string {
  const text = String(Number(value.toPrecision(9)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}
