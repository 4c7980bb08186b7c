import { type Check, failed, ok } from "@mrdata/pagerduty";
import type { Ledger, Settings } from "@mrdata/platform";
import { BUDGET_PERIOD, type BudgetSpent, budgetSentence, budgetSpent, isSpent } from "@mrdata/responder";

/** How much of the miss budget is spent at `now` (milliseconds). */
export const readBudget = async (
  ledger: Pick<Ledger, "missCounts">,
  settings: Pick<Settings, "missBudget">,
  now: number,
): Promise<BudgetSpent> => budgetSpent(await ledger.missCounts(now - BUDGET_PERIOD), settings.missBudget);

/** The same as one of the doctor's checks. */
export async function budgetCheck(
  ledger: Pick<Ledger, "missCounts" | "settings">,
  now: number,
): Promise<Check> {
  const spent = await readBudget(ledger, await ledger.settings(), now);
  return isSpent(spent)
    ? failed(
        { name: "budget" },
        budgetSentence(spent),
        "Look at the misses (mrdata decisions --since 30d), train a better model or raise missBudget, and arm again.",
      )
    : ok({ name: "budget" }, budgetSentence(spent));
}
