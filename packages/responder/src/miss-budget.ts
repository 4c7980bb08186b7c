import { budgetProblem, wilsonInterval } from "@mrdata/learning";
import {
  type BudgetEvidence,
  badDay,
  budgetEvidence,
  highestEvidence,
  type RealIncident,
} from "./miss-evidence.ts";

/** How much of the miss budget is spent. Shares are from 0 to 1; `spent` is 1 when all of it is used up. */
export type BudgetSpent = {
  /** The armed services that are counted. */
  readonly services: readonly string[];
  /** Since they were armed, at most 30 days. */
  readonly misses: number;
  /** In the last 30 days. */
  readonly neededHuman: number;
  /** The share of misses among the incidents that needed a human, with its 95 % confidence interval. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly budget: number;
  readonly spent: number;
};

/** The period over which the budget is counted. */
const BUDGET_DAYS = 30;
export const BUDGET_PERIOD_MS = BUDGET_DAYS * 86_400_000;

/** The counts that the budget is judged by. */
export type Misses = Pick<BudgetSpent, "services" | "misses" | "neededHuman"> & {
  /** The incidents that needed a human since their service was armed, in any order. */
  readonly trail: readonly RealIncident[];
};

/**
 * Misses against the budget, with Wilson's score interval (1927). Without any miss nothing is spent.
 *
 * @example
 * ```ts
 * const { share, spent } = budgetSpent({ services: ["PDB"], misses: 2, neededHuman: 40 }, 0.1);
 * share; // => 0.05
 * spent; // => 0.5
 * ```
 */
export function budgetSpent(
  { services, misses, neededHuman }: Pick<Misses, "services" | "misses" | "neededHuman">,
  budget: number,
): BudgetSpent {
  const n = Math.max(misses, neededHuman);
  const share = n === 0 ? 0 : misses / n;
  const { low, high } = wilsonInterval(share, n);
  return {
    services,
    misses,
    neededHuman: n,
    share,
    low,
    high,
    budget,
    spent: misses === 0 ? 0 : budget === 0 ? Number.MAX_VALUE : share / budget,
  };
}

/** Whether the point estimate has reached the budget: a reason to warn, not to disarm. A budget of 1 is no limit. */
export const isSpent = ({ spent, budget }: BudgetSpent): boolean => spent >= 1 && budget < 1;

/** The state of the budget: the share, the evidence, and what follows from them. */
export type BudgetState = BudgetSpent & {
  /** Null before the first real incident of a service that is armed. */
  readonly evidence: BudgetEvidence | null;
  /** Why the bot must stop holding; null while it may hold. */
  readonly exceeded: string | null;
  /** A warning for people; null if there is none. */
  readonly warning: string | null;
};

/**
 * Judges the budget at `now` (milliseconds since the epoch) by the evidence that the miss rate is above it, and by a hard stop on many
 * misses within a day. The point estimate alone only warns: at half the budget it would disarm in nearly every year.
 *
 * @example
 * ```ts
 * const counted = { services: ["PDB"], misses: 0, neededHuman: 0, trail: [] };
 * budgetState(counted, 0.1, 180_000).exceeded; // => null
 * const missed = [0, 1, 2].map((i) => ({ incident: `P${i}`, openedAt: i * 60_000, missed: true }));
 * const state = budgetState({ ...counted, misses: 3, neededHuman: 3, trail: missed }, 0.1, 180_000);
 * state.exceeded.startsWith("3 incidents that needed a human were delayed within a day"); // => true
 * ```
 */
export function budgetState(counted: Misses, budget: number, now: number): BudgetState {
  const spent = budgetSpent(counted, budget);
  const evidence = budgetEvidence(counted.trail, budget);
  return {
    ...spent,
    evidence,
    exceeded: exceededBy(counted, spent, now),
    warning: warningOf(spent, evidence),
  };
}

function exceededBy({ trail, neededHuman }: Misses, spent: BudgetSpent, now: number): string | null {
  const { budget } = spent;
  if (budget >= 1) return null;
  if (budget === 0)
    return isSpent(spent) ? `no miss is allowed, and there was one. ${budgetSentence(spent)}` : null;
  const bad = badDay(trail, budget, { now, realPerMonth: neededHuman });
  if (bad !== null)
    return `${bad.misses} incidents that needed a human were delayed within a day, and ${bad.stop} stop the bot. ${budgetSentence(spent)}`;
  const evidence = budgetEvidence(trail, budget);
  const highest = highestEvidence(trail, budget);
  if (evidence === null || highest === null || highest < evidence.disarmsAt) return null;
  const came =
    evidence.evidence >= evidence.disarmsAt
      ? `is ${evidence.evidence.toFixed(0)}`
      : `came to ${highest.toFixed(0)} since it was armed (it is ${evidence.evidence.toFixed(1)} now)`;
  return `the evidence that the miss rate is above the budget ${came}, and ${evidence.disarmsAt} disarms. ${budgetSentence(spent)}`;
}

function warningOf(spent: BudgetSpent, evidence: BudgetEvidence | null): string | null {
  const problem = budgetProblem(spent.budget);
  if (problem !== null) return `No evidence is counted: ${problem} (mrdata settings missBudget 0.1).`;
  if (evidence !== null && evidence.evidence >= evidence.warnsAt)
    return `The evidence that the miss rate is above the budget is ${evidence.evidence.toFixed(1)}; ${evidence.disarmsAt} disarms.`;
  return isSpent(spent) ? "The share of the last 30 days is at the budget or above it." : null;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The most services that a sentence names one by one. */
const MAX_NAMED = 5;

/** The figures as a sentence for people. */
export function budgetSentence(spent: BudgetSpent): string {
  const { services, misses, neededHuman, share, low, high, budget } = spent;
  if (services.length === 0)
    return `No service is armed, so nothing of the miss budget of ${percent(budget)} can be spent.`;
  const named = services.length > MAX_NAMED ? `the ${services.length} armed services` : services.join(", ");
  const since = `since ${services.length === 1 ? "it was" : "they were"} armed`;
  return neededHuman === 0
    ? `No incident of ${named} has needed a human in the last ${BUDGET_DAYS} days, so nothing of the miss budget of ${percent(budget)} is spent.`
    : `${misses} of ${neededHuman} incidents of ${named} that needed a human in the last ${BUDGET_DAYS} days were delayed ${since}: ${percent(share)} (95 % interval ${percent(low)} to ${percent(high)}) of a budget of ${percent(budget)}.`;
}
