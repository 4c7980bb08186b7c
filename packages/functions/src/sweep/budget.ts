import { armedServices, type CountedService, type Ledger, modeSince, type Settings } from "@mrdata/platform";
import { BUDGET_PERIOD_MS, type BudgetState, budgetState, type Misses } from "@mrdata/responder";

/**
 * The basis of the miss budget at `now` (milliseconds). Of the armed services: what needed a human in the last 30 days,
 * including before they were armed, so that the first miss is not the whole; and the misses since they were armed, so
 * that re-arming starts afresh. Services that the bot cannot delay contribute nothing to spend.
 */
export const countedServices = (settings: Settings, now: number): readonly CountedService[] =>
  armedServices(settings).map((service) => {
    const since = now - BUDGET_PERIOD_MS;
    return { service, since, missesSince: Math.max(since, modeSince(settings, service)) };
  });

export type BudgetPorts = Pick<Ledger, "missCounts" | "missTrail">;

/** The last count per ledger: the incidents are listed again only where their numbers have changed. */
const counted = new WeakMap<BudgetPorts, { readonly of: string; readonly trail: Misses["trail"] }>();

/**
 * The basis for judging the miss budget. Evidence counts everything since a service was armed, so re-arming starts
 * afresh and a new champion does not.
 */
export async function readMisses(ledger: BudgetPorts, settings: Settings, now: number): Promise<Misses> {
  const of = countedServices(settings, now);
  const services = of.map(({ service }) => service);
  const sinceArmed = of.map(({ service }) => {
    const since = modeSince(settings, service);
    return { service, since, missesSince: since };
  });
  const [counts, all] = await Promise.all([ledger.missCounts(of), ledger.missCounts(sinceArmed)]);
  const key = JSON.stringify([sinceArmed, all]);
  const before = counted.get(ledger);
  const trail = before?.of === key ? before.trail : await ledger.missTrail(sinceArmed);
  counted.set(ledger, { of: key, trail });
  return { ...counts, services, trail };
}

/** The state of the miss budget at `now` (milliseconds). */
export const readBudget = async (
  ledger: BudgetPorts,
  settings: Settings,
  now: number,
): Promise<BudgetState> => budgetState(await readMisses(ledger, settings, now), settings.missBudget, now);
