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
 * When a service has been disarmed or armed anew, by a command, a note or the bot itself, logs the evidence that was
 * counted up to then: it starts over with the next arming. Each sweep compares with the one before; the first sweep of an
 * instance has nothing to compare with.
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
