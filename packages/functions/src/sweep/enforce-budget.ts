import { armedServices, disarmAll, type Settings } from "@mrdata/platform";
import { budgetSentence, isSpent } from "@mrdata/responder";
import { readBudget } from "../budget.ts";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import { BY_ITSELF } from "./by-itself.ts";
import type { SweepContext } from "./context.ts";

/** At the whole of the miss budget the bot disarms itself, and stays off until a person arms it. */
export async function enforceBudget(context: SweepContext, settings: Settings): Promise<void> {
  const { ledger, clock, log } = context;
  const armed = armedServices(settings);
  if (armed.length === 0) return;
  const now = clock.now();
  const spent = await readBudget(ledger, settings, now);
  if (!isSpent(spent)) return;
  const why = `the miss budget is spent. ${budgetSentence(spent).replace(/\.$/, "")}`;
  await ledger.changeSettings((before) => disarmAll(before, { who: BY_ITSELF, at: now, why }));
  log({ severity: "CRITICAL", event: "budget.spent", ...spent, services: armed });
  await releaseLiveHolds(
    context,
    settings,
    ({ service }) => armed.includes(service),
    "The bot disarmed itself: the miss budget is spent.",
  );
}
