import { type Check, failed, ok } from "@mrdata/pagerduty";
import { armedServices, type CountedService, type Ledger, type Settings } from "@mrdata/platform";
import { BUDGET_PERIOD, type BudgetSpent, budgetSentence, budgetSpent, isSpent } from "@mrdata/responder";

/**
 * What the miss budget is counted of at `now` (milliseconds): of the armed services what needed a human in the last 30
 * days, before they were armed too, so that the first miss of all is not the whole; and the misses since they were
 * armed, so that whoever arms them anew begins anew. Services that the bot cannot delay give it nothing to spend.
 */
export const countedServices = (settings: Settings, now: number): readonly CountedService[] =>
  armedServices(settings).map((service) => {
    const since = now - BUDGET_PERIOD;
    return { service, since, missesSince: Math.max(since, settings.services[service]?.at ?? 0) };
  });

/** How much of the miss budget is spent at `now` (milliseconds). */
export async function readBudget(
  ledger: Pick<Ledger, "missCounts">,
  settings: Settings,
  now: number,
): Promise<BudgetSpent> {
  const of = countedServices(settings, now);
  const services = of.map(({ service }) => service);
  return budgetSpent({ ...(await ledger.missCounts(of)), services }, settings.missBudget);
}

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
