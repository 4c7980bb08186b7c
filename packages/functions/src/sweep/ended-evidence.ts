import { armedServices, modeSince, type Settings } from "@mrdata/platform";
import { readBudget } from "./budget.ts";
import type { SweepContext } from "./context.ts";

/** The services that were armed and are not, or were armed anew. */
const endedBetween = (before: Settings, settings: Settings): readonly string[] => {
  const armed = new Set(armedServices(settings));
  return armedServices(before).filter(
    (service) => !armed.has(service) || modeSince(before, service) !== modeSince(settings, service),
  );
};

/**
 * Logs the line of evidence that ends, with whoever disarms a service or arms it anew: by a command, by a note, or by the bot itself. Each
 * minute's sweep sees what has changed since the one before; an instance that has just begun knows of none before.
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
