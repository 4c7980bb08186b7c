/** The natural logarithms of 0!, 1!, 2! …, computed as far as needed. */
const logFactorials = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++)
    logFactorials.push((logFactorials[i - 1] ?? Number.NaN) + Math.log(i));
  return logFactorials[n] ?? Number.NaN;
}

/**
 * P(X ≤ count) for a binomial X with this number of trials and share, summed term by term from the largest term down.
 */
export function binomialTail(count: number, trials: number, share: number): number {
  if (count >= trials || share <= 0) return 1;
  if (share >= 1) return 0;
  const [yes, no] = [Math.log(share), Math.log1p(-share)];
  let sum = 0;
  for (let k = count; k >= 0; k--) {
    const term = Math.exp(
      logFactorial(trials) - logFactorial(k) - logFactorial(trials - k) + k * yes + (trials - k) * no,
    );
    sum += term;
    // Below the mode the terms shrink faster than geometrically: what remains is negligible.
    if (k < share * trials && term < 1e-18 * sum) break;
  }
  return Math.min(1, sum);
}

/**
 * The Clopper–Pearson upper bound (1934): the largest true share for which so few in this many trials are still seen
 * with probability `delta`. With confidence 1 − `delta` the true share is at most this. Equals the quantile 1 − `delta`
 * of a beta distribution with `count` + 1 and `trials` − `count`. Throws RangeError for an invalid count.
 *
 * @example
 * ```ts
 * upperBound(5, 100, 0.1).toFixed(4); // => "0.0908"
 * ```
 */
export function upperBound(count: number, trials: number, delta: number): number {
  assertDelta(delta);
  if (!Number.isInteger(count) || !Number.isInteger(trials) || count < 0 || count > trials)
    throw new RangeError(`${count} of ${trials} is no share of a whole`);
  if (count === trials) return 1;
  let [low, high] = [count / trials, 1];
  // The tail probability falls as the share rises: bisection ends when no double lies in between.
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
    if (binomialTail(count, trials, middle) > delta) low = middle;
    else high = middle;
  return high;
}

/**
 * The maximum number in this many trials for which the upper bound stays within the budget; null where not even none is
 * enough.
 */
export function largestAllowed(trials: number, budget: number, delta: number): number | null {
  assertBudget(budget);
  assertDelta(delta);
  // The tail probability rises with the count: bisection between allowed and not allowed.
  let [allowed, tooMany] = [-1, trials];
  while (tooMany - allowed > 1) {
    const count = Math.floor((allowed + tooMany) / 2);
    if (binomialTail(count, trials, budget) <= delta) allowed = count;
    else tooMany = count;
  }
  return allowed < 0 ? null : allowed;
}

/** The minimum number of trials for which, with none seen, the upper bound is within the budget. */
export function fewestForNone(budget: number, delta: number): number {
  assertBudget(budget);
  assertDelta(delta);
  return Math.ceil(Math.log(delta) / Math.log1p(-budget) - 1e-9);
}

/**
 * Why nothing can be certified or watched for a miss budget, as a sentence without its full stop; null where it can.
 *
 * @example
 * ```ts
 * budgetProblem(0.1); // => null
 * budgetProblem(1); // => "a miss budget of 1 allows every miss: there is nothing to certify. Give one below 1"
 * ```
 */
export function budgetProblem(budget: number): string | null {
  if (budget > 0 && budget < 1) return null;
  if (budget === 1)
    return "a miss budget of 1 allows every miss: there is nothing to certify. Give one below 1";
  if (budget === 0)
    return "a miss budget of 0 allows no miss at all, and no past can prove that. Give one above 0";
  return `a miss budget of ${budget} is no share: give one above 0 and below 1`;
}

/** Throws RangeError unless a miss budget can be certified: a share above 0 and below 1. */
export function assertBudget(budget: number): void {
  const problem = budgetProblem(budget);
  if (problem !== null) throw new RangeError(problem);
}

/** Throws RangeError unless the value is above 0 and at most a half. */
export function assertDelta(delta: number): void {
  if (delta > 0 && delta <= 0.5) return;
  throw new RangeError(
    `delta is the chance that the certificate is wrong, above 0 and at most 0.5: it is ${delta}`,
  );
}
