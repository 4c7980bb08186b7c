import { logit } from "./logistic.ts";
import { type FlatTree, modelOf, type TreeModel } from "./model.ts";

/** The text is not a model that can be read; says where. */
export class XgboostFormatError extends Error {
  constructor(where: string, problem: string) {
    super(`not an XGBoost model that can be read: ${where}: ${problem}`);
    this.name = "XgboostFormatError";
  }
}

/**
 * Reads an XGBoost JSON file: our own, and those of XGBoost 1.7 to 3.x with objective `binary:logistic` or, for forests of
 * probabilities, `reg:squarederror`. Numerical splits only. Throws XgboostFormatError.
 */
export function readXgboost(text: string): TreeModel {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new XgboostFormatError("file", "it is not JSON");
  }
  const learner = at(parsed, "learner");
  const objective = textAt(at(learner, "objective"), "name");
  if (objective !== "binary:logistic" && objective !== "reg:squarederror")
    throw new XgboostFormatError(
      "objective",
      `'${objective}' is neither binary:logistic nor reg:squarederror`,
    );
  const parameters = at(learner, "learner_model_param");
  const features = Number(textAt(parameters, "num_feature"));
  if (!Number.isInteger(features) || features < 1)
    throw new XgboostFormatError("num_feature", `'${String(features)}' is not a number of features`);
  // Since 3.1 a vector of one: "[2E-1]".
  const score = Number(textAt(parameters, "base_score").replace(/^\[|\]$/g, ""));
  const boosting = objective === "binary:logistic";
  if (!Number.isFinite(score) || (boosting && !(score > 0 && score < 1)))
    throw new XgboostFormatError("base_score", "it is not a probability");
  const trees = listAt(at(at(learner, "gradient_booster"), "model"), "trees");
  return modelOf(
    trees.map((tree, t) => treeOf(tree, t, features)),
    { kind: boosting ? "boosting" : "forest", features, base: boosting ? logit(score) : score },
  );
}

function treeOf(tree: unknown, t: number, features: number): FlatTree {
  const numbers = (name: string): readonly number[] =>
    listAt(tree, name).map((value) => {
      if (typeof value === "number") return value;
      if (typeof value === "boolean") return value ? 1 : 0;
      throw new XgboostFormatError(`tree ${t}`, `${name} holds something other than numbers`);
    });
  const lefts = numbers("left_children");
  const rights = numbers("right_children");
  const indices = numbers("split_indices");
  const conditions = numbers("split_conditions");
  const defaults = numbers("default_left");
  const weights = numbers("base_weights");
  const nodes = lefts.length;
  for (const [name, list] of Object.entries({ rights, indices, conditions, defaults, weights }))
    if (list.length !== nodes)
      throw new XgboostFormatError(`tree ${t}`, `${name} has ${list.length} entries for ${nodes} nodes`);
  if (nodes === 0) throw new XgboostFormatError(`tree ${t}`, "it has no nodes");
  if (numbers("categories").length > 0) throw new XgboostFormatError(`tree ${t}`, "it splits by categories");
  // Renumbered, so that siblings stand together. Every node must be reached once: a cycle would never end.
  const place = new Int32Array(nodes).fill(-1);
  const order: number[] = [0];
  place[0] = 0;
  let together = true;
  for (let next = 0; next < order.length; next++) {
    const n = order[next] ?? 0;
    const [l = -1, r = -1] = [lefts[n], rights[n]];
    if (l === -1 && r === -1) continue;
    if (r !== l + 1) together = false;
    for (const child of [l, r]) {
      if (!Number.isInteger(child) || child < 0 || child >= nodes || place[child] !== -1)
        throw new XgboostFormatError(`tree ${t}`, `node ${n} has a child ${child} that is not its own`);
      place[child] = order.length;
      order.push(child);
    }
    const k = indices[n] ?? -1;
    if (!Number.isInteger(k) || k < 0 || k >= features)
      throw new XgboostFormatError(`tree ${t}`, `node ${n} splits by feature ${k} of ${features}`);
  }
  // Where siblings stand together already, as in our own files, the numbers stay.
  if (together && order.length === nodes) {
    order.sort((a, b) => a - b);
    for (let n = 0; n < nodes; n++) place[n] = n;
  }
  const left = Int32Array.from(order, (n) => ((lefts[n] ?? -1) < 0 ? -1 : (place[lefts[n] ?? 0] ?? -1)));
  const split = (next: number) => (left[next] ?? -1) >= 0;
  const from = (list: readonly number[], next: number) => list[order[next] ?? 0] ?? 0;
  return {
    feature: Int32Array.from(order, (_, next) => (split(next) ? from(indices, next) : -1)),
    threshold: Float32Array.from(order, (_, next) => (split(next) ? from(conditions, next) : 0)),
    left,
    defaultLeft: Uint8Array.from(order, (_, next) => (split(next) ? from(defaults, next) : 0)),
    value: Float32Array.from(order, (_, next) => from(split(next) ? weights : conditions, next)),
  };
}

function at(value: unknown, name: string): unknown {
  if (typeof value === "object" && value !== null && name in value) return Reflect.get(value, name);
  throw new XgboostFormatError(name, "it is missing");
}

function textAt(value: unknown, name: string): string {
  const found = at(value, name);
  if (typeof found === "string") return found;
  throw new XgboostFormatError(name, "it is not a text");
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const found = at(value, name);
  if (Array.isArray(found)) return found;
  throw new XgboostFormatError(name, "it is not a list");
}
