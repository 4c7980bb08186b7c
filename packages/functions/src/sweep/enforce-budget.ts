import { armedServices, disarmAll, type Settings } from "@mrdata/platform";
import type { BudgetState } from "@mrdata/responder";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import { readBudget } from "./budget.ts";
import { BY_ITSELF } from "./by-itself.ts";
import type { SweepContext } from "./context.ts";

/** A warning is repeated after this long, milliseconds: an alarm counts it. */
const REPEAT_WARNING_MS = 3_600_000;
/** When this instance last logged a ledger's warning. */
const warnedAt = new WeakMap<SweepContext["ledger"], number>();

/** The current evidence is logged with the warning. */
function warnOf(state: BudgetState, { ledger, clock, log }: SweepContext): void {
  if (state.warning === null) return;
  const before = warnedAt.get(ledger);
  if (before !== undefined && clock.now() - before < REPEAT_WARNING_MS) return;
  warnedAt.set(ledger, clock.now());
  log({ severity: "WARNING", event: "budget.warned", ...state });
}

/**
 * Where the evidence says that the miss rate is above the budget, the bot disarms itself and stays off until a person
 * arms it.
 */
export async function enforceBudget(context: SweepContext, settings: Settings): Promise<void> {
  const { ledger, clock, log } = context;
  const armed = armedServices(settings);
  if (armed.length === 0) return;
  const now = clock.now();
  const spent = await readBudget(ledger, settings, now);
  if (spent.exceeded === null) {
    warnOf(spent, context);
    return;
  }
  const why = `the miss budget is spent: ${spent.exceeded.replace(/\.$/, "")}`;
  await ledger.changeSettings((before) => disarmAll(before, { who: BY_ITSELF, at: now, why }));
  log({ severity: "CRITICAL", event: "budget.spent", ...spent, services: armed });
  await releaseLiveHolds(
    context,
    settings,
    ({ service }) => armed.includes(service),
    "The bot disarmed itself: the miss budget is spent.",
  );
}
