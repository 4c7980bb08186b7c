import {
  type Arming,
  armedServices,
  modeSince,
  type Settings,
  UnreadableDocumentError,
} from "@mrdata/platform";
import { readBudget } from "./budget.ts";
import type { SweepContext } from "./context.ts";

const armingsOf = (settings: Settings): readonly Arming[] =>
  armedServices(settings).map((service) => ({ service, since: modeSince(settings, service) }));

const keyOf = ({ service, since }: Arming): string => `${service} ${since}`;

const without = (some: readonly Arming[], others: readonly Arming[]): readonly Arming[] => {
  const keys = new Set(others.map(keyOf));
  return some.filter((one) => !keys.has(keyOf(one)));
};

/** The settings with exactly these services armed, as they were counted. */
const armedAsThen = (settings: Settings, armings: readonly Arming[]): Settings => ({
  ...settings,
  disarmed: null,
  services: Object.fromEntries(
    armings.map(({ service, since }) => [
      service,
      { mode: "armed", policy: null, who: "", at: since, why: "" },
    ]),
  ),
});

/** What an earlier instance counted by; null where none did, or where what it wrote cannot be read, which is logged and written anew. */
async function countedBefore({ ledger, log }: SweepContext): Promise<readonly Arming[] | null> {
  try {
    return await ledger.countedArmings();
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    log({ severity: "ERROR", event: "armings.unreadable", reason: error.message });
    return null;
  }
}

/**
 * When a service has been disarmed or armed anew, by a command, a note or the bot itself, logs the evidence that was
 * counted up to then: it starts over with the next arming. Each sweep compares with the one before; the ledger tells the first
 * sweep of an instance, for an instance may end between the two.
 */
export async function logEndedEvidence(context: SweepContext, settings: Settings): Promise<void> {
  const { ledger, clock, log } = context;
  const now = armingsOf(settings);
  const before = context.evidenceBy ?? (await countedBefore(context));
  const ended = without(before ?? [], now);
  if (before !== null && ended.length > 0) {
    const state = await readBudget(ledger, armedAsThen(settings, before), clock.now());
    log({
      severity: "INFO",
      event: "budget.ended",
      ...state,
      ended: ended.map(({ service }) => service),
    });
  }
  // After the log: it is rather written twice than never.
  if (before === null || ended.length > 0 || without(now, before).length > 0)
    await ledger.noteCountedArmings(now);
  context.evidenceBy = now;
}
