import { outOfRange } from "@mrdata/base";
import { logit } from "./logistic.ts";
import { type FlatTree, modelOf, type TreeModel } from "./model.ts";

/** The text is not a readable model; the message says where. */
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
  const lefts = numbersOf(tree, t, "left_children");
  const nodes = lefts.length;
  const numbers = (name: string): Float64Array => {
    const list = numbersOf(tree, t, name);
    if (list.length === nodes) return list;
    throw new XgboostFormatError(`tree ${t}`, `${name} has ${list.length} entries for ${nodes} nodes`);
  };
  const rights = numbers("right_children");
  const indices = numbers("split_indices");
  const conditions = numbers("split_conditions");
  const defaults = numbers("default_left");
  const weights = numbers("base_weights");
  const covers = numbers("sum_hessian");
  if (nodes === 0) throw new XgboostFormatError(`tree ${t}`, "it has no nodes");
  if (listAt(tree, "categories").length > 0)
    throw new XgboostFormatError(`tree ${t}`, "it splits by categories");
  const { order, place } = renumbered(t, lefts, rights);
  const flat: FlatTree = {
    feature: new Int32Array(order.length),
    threshold: new Float32Array(order.length),
    left: new Int32Array(order.length),
    defaultLeft: new Uint8Array(order.length),
    value: new Float32Array(order.length),
    cover: new Float32Array(order.length),
  };
  for (const [next, n] of order.entries()) {
    const l = lefts[n] ?? -1;
    const splits = l >= 0;
    const k = indices[n] ?? -1;
    if (splits && (!Number.isInteger(k) || k < 0 || k >= features))
      throw new XgboostFormatError(`tree ${t}`, `node ${n} splits by feature ${k} of ${features}`);
    flat.feature[next] = splits ? k : -1;
    flat.threshold[next] = splits ? (conditions[n] ?? outOfRange()) : 0;
    flat.left[next] = splits ? (place[l] ?? -1) : -1;
    flat.defaultLeft[next] = splits ? (defaults[n] ?? outOfRange()) : 0;
    flat.value[next] = (splits ? weights : conditions)[n] ?? outOfRange();
    flat.cover[next] = covers[n] ?? outOfRange();
  }
  return flat;
}

/**
 * The new node order, in which siblings are adjacent. Every node must be reached exactly once: a cycle would never end.
 * Throws XgboostFormatError.
 */
function renumbered(
  t: number,
  lefts: Float64Array,
  rights: Float64Array,
): { readonly order: Int32Array; readonly place: Int32Array } {
  const nodes = lefts.length;
  const place = new Int32Array(nodes).fill(-1);
  const order = new Int32Array(nodes);
  place[0] = 0;
  let reached = 1;
  let together = true;
  for (let next = 0; next < reached; next++) {
    const n = order[next] ?? outOfRange();
    const l = lefts[n] ?? -1;
    const r = rights[n] ?? -1;
    if (l === -1 && r === -1) continue;
    if (r !== l + 1) together = false;
    for (const child of [l, r]) {
      if (!Number.isInteger(child) || child < 0 || child >= nodes || place[child] !== -1)
        throw new XgboostFormatError(`tree ${t}`, `node ${n} has a child ${child} that is not its own`);
      place[child] = reached;
      order[reached++] = child;
    }
  }
  // If siblings are adjacent already, as in our own files, the numbers stay.
  if (!together || reached < nodes) return { order: order.subarray(0, reached), place };
  const same = Int32Array.from(order.keys());
  return { order: same, place: same };
}

/** A list of numbers, or of booleans as 1 and 0. Throws XgboostFormatError. */
function numbersOf(tree: unknown, t: number, name: string): Float64Array {
  const list = listAt(tree, name);
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value === "number") numbers[i] = value;
    else if (typeof value === "boolean") numbers[i] = value ? 1 : 0;
    else throw new XgboostFormatError(`tree ${t}`, `${name} holds something other than numbers`);
  }
  return numbers;
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
