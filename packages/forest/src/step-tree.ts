import { outOfRange } from "@mrdata/base";
import { type FlatTree, TreeBuilder } from "./model.ts";

/**
 * A step function of one feature as a tree: `values[0]` below the first cut, `values[i]` from `cuts[i - 1]` on. A
 * missing value gets the step `missing`. It lets prior knowledge of a feature enter a model of trees like anything
 * learnt. Throws RangeError unless there is one more value than cuts, and cuts ascend.
 */
export function stepTree(feature: number, { cuts, values, missing = 0, rows = [] }: StepFunction): FlatTree {
  if (values.length !== cuts.length + 1) throw new RangeError("there is one value more than cuts");
  for (let i = 1; i < cuts.length; i++)
    if (!((cuts[i] ?? outOfRange()) > (cuts[i - 1] ?? outOfRange()))) throw new RangeError("cuts ascend");
  const builder = new TreeBuilder(2 * values.length);
  const mean = (from: number, to: number) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i] ?? outOfRange();
    return sum / (to - from);
  };
  /** Splits the node of the steps from `from` to before `to` into halves. */
  const split = (node: number, from: number, to: number): void => {
    if (to - from === 1) return;
    const middle = (from + to) >> 1;
    const left = builder.leaf(mean(from, middle), HESSIAN * (rows[from] ?? 1));
    builder.leaf(mean(middle, to), HESSIAN * (rows[middle] ?? 1));
    builder.split(node, feature, cuts[middle - 1] ?? outOfRange(), missing < middle, left);
    split(left, from, middle);
    split(left + 1, middle, to);
  };
  split(builder.leaf(mean(0, values.length), HESSIAN * (rows[0] ?? 1)), 0, values.length);
  return builder.finish(1, "logistic");
}

/** The logistic loss's second derivative at even odds. */
const HESSIAN = 0.25;

export type StepFunction = {
  readonly cuts: readonly number[];
  readonly values: readonly number[];
  /** The step of a missing value. */
  readonly missing?: number;
  /** The number of rows seen on each step; one each if omitted. */
  readonly rows?: readonly number[];
};
