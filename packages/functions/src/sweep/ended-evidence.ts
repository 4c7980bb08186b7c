import { armedServices, modeSince, type Settings } from "@mrdata/platform";
import { readBudget } from "./budget.ts";
import type { SweepContext } from "./context.ts";

/** The services that were disarmed, or armed anew. */
const endedBetween = (before: Settings, settings: Settings): readonly string[] => {
  const armed = new Set(armedServices(settings));
  return armedServices(before).filter(
    (service) => !armed.has(service) || modeSince(before, service) !== modeSince(settings, service),
  );
};

/**
 * Logs the evidence of a service that ends, with whoever disarmed the service or armed it anew: by command, by note, or
 * the bot itself. Each minute's sweep compares with the one before; a new instance knows of none before.
 */
export async function logEndedEvidence(context: SweepContext, settings: Settings): Promise<void> {
  const { ledger, clock, log, evidenceBy: before } = context;
  const ended = before === null ? [] : endedBetween(before, settings);
  if (before !== null && ended.length > 0) {
    const state = await readBudget(ledger, before, clock.now());
    log({ severity: "INFO", event: "budget.ended", ...state, ended });
  }
  context.evidenceBy = settings;
}
