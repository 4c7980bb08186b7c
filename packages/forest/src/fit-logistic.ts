import { outOfRange } from "@mrdata/base";
import { sigmoid } from "./logistic.ts";

export type LogisticOptions = {
  /** The prior means of the coefficients; the last is the intercept's. */
  readonly prior: readonly number[];
  /** The strength of the prior: half of it times the squared distance is added to the log loss. */
  readonly hold: number;
};

/**
 * Logistic regression by Newton's method, regularised towards prior coefficients (ridge: Hoerl and Kennard 1970).
 * `inputs` has one array per coefficient except the intercept, which is the last element of the result.
 */
export function fitLogistic(
  inputs: readonly Float64Array[],
  labels: ArrayLike<number>,
  { prior, hold }: LogisticOptions,
): readonly number[] {
  const size = inputs.length + 1;
  if (prior.length !== size)
    throw new RangeError(`there are ${size} coefficients, and ${prior.length} are believed`);
  const x = (k: number, i: number): number => (k < inputs.length ? (inputs[k]?.[i] ?? outOfRange()) : 1);
  const coefficients = [...prior];
  for (let step = 0; step < 50; step++) {
    const gradient = coefficients.map((one, k) => hold * (one - (prior[k] ?? outOfRange())));
    const hessian = coefficients.map((_, j) => coefficients.map((__, k) => (j === k ? hold : 0)));
    for (let i = 0; i < labels.length; i++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (coefficients[k] ?? outOfRange()) * x(k, i);
      const p = sigmoid(sum);
      const h = p * (1 - p);
      for (let j = 0; j < size; j++) {
        const row = hessian[j] ?? [];
        gradient[j] = (gradient[j] ?? outOfRange()) + (p - (labels[i] ?? outOfRange())) * x(j, i);
        for (let k = 0; k < size; k++) row[k] = (row[k] ?? outOfRange()) + h * x(j, i) * x(k, i);
      }
    }
    const move = solve(hessian, gradient);
    // The loss is strictly convex; a long first step may still overshoot where p is near 0 or 1.
    const longest = Math.max(...move.map(Math.abs));
    const stride = longest > 1 ? 1 / longest : 1;
    for (let k = 0; k < size; k++)
      coefficients[k] = (coefficients[k] ?? outOfRange()) - stride * (move[k] ?? outOfRange());
    if (longest < 1e-9) break;
  }
  return coefficients;
}

/** Gaussian elimination; the matrix is positive definite, so no pivot is 0. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? outOfRange()]);
  const size = rows.length;
  for (let i = 0; i < size; i++) {
    const pivot = rows[i] ?? [];
    for (let j = 0; j < size; j++) {
      const row = rows[j] ?? [];
      if (j === i) continue;
      const factor = (row[i] ?? outOfRange()) / (pivot[i] ?? outOfRange());
      for (let k = i; k <= size; k++) row[k] = (row[k] ?? outOfRange()) - factor * (pivot[k] ?? outOfRange());
    }
  }
  return rows.map((row, i) => (row[size] ?? outOfRange()) / (row[i] ?? outOfRange()));
}
