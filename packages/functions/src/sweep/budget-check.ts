import { type Check, failed, ok } from "@mrdata/doctor";
import type { Ledger } from "@mrdata/platform";
import { budgetSentence } from "@mrdata/responder";
import { type BudgetPorts, readBudget } from "./budget.ts";

/** The state of the miss budget, as one of the doctor's checks. */
export async function budgetCheck(
  ledger: BudgetPorts & Pick<Ledger, "settings">,
  now: number,
): Promise<Check> {
  const state = await readBudget(ledger, await ledger.settings(), now);
  const warning = state.warning === null ? "" : ` ${state.warning}`;
  return state.exceeded !== null
    ? failed(
        { name: "budget" },
        `The miss budget is spent: ${state.exceeded}`,
        "Look at the misses (mrdata decisions --since 30d), train a better model or raise missBudget, and arm again.",
      )
    : ok({ name: "budget" }, `${budgetSentence(state)}${warning}`);
}
