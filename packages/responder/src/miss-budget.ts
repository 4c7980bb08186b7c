/** How much of the miss budget is spent. Shares are from 0 to 1; `spent` is 1 when all of it is gone. */
export type BudgetSpent = {
  readonly misses: number;
  readonly neededHuman: number;
  /** Misses among the incidents that needed a human, and from where to where the true share lies in 95 of 100 cases. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly budget: number;
  readonly spent: number;
};

/** The budget is counted over so many milliseconds. */
export const BUDGET_DAYS = 30;
export const BUDGET_PERIOD = BUDGET_DAYS * 86_400_000;

const Z = 1.96;

/** Misses against the budget, with Wilson's score interval (1927). Without any miss nothing is spent. */
export function budgetSpent(
  { misses, neededHuman }: { readonly misses: number; readonly neededHuman: number },
  budget: number,
): BudgetSpent {
  const n = Math.max(misses, neededHuman);
  const share = n === 0 ? 0 : misses / n;
  const square = Z * Z;
  const middle = (share + square / (2 * n)) / (1 + square / n);
  const reach = (Z * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))) / (1 + square / n);
  return {
    misses,
    neededHuman: n,
    share,
    low: n === 0 ? 0 : Math.max(0, Math.min(share, middle - reach)),
    high: n === 0 ? 1 : Math.min(1, Math.max(share, middle + reach)),
    budget,
    spent: misses === 0 ? 0 : budget === 0 ? Number.MAX_VALUE : share / budget,
  };
}

export const isSpent = ({ spent }: BudgetSpent): boolean => spent >= 1;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The figures as a sentence for people. */
export const budgetSentence = ({ misses, neededHuman, share, low, high, budget }: BudgetSpent): string =>
  neededHuman === 0
    ? `No incident has needed a human in ${BUDGET_DAYS} days, so nothing of the miss budget of ${percent(budget)} is spent.`
    : `In ${BUDGET_DAYS} days ${misses} of ${neededHuman} incidents that needed a human were delayed: ${percent(share)} (95 % interval ${percent(low)} to ${percent(high)}) of a budget of ${percent(budget)}.`;
