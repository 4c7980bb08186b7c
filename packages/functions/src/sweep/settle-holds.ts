import { outcomeOf, type Prediction } from "@mrdata/incident";
import { type Ledger, type Log, maintenanceOf, type Settings } from "@mrdata/platform";

/** The last event of a window may come late: so long it is waited for, milliseconds. */
export const SETTLED_AFTER = 2 * 60_000;
/** What nothing was recorded of after so long is not waited for any more: in doubt it was a miss. */
const GIVEN_UP_AFTER = 3_600_000;

/**
 * Asks of holds whose window has ended how they ended, and notes it: those that needed a human are misses, and so are
 * those of which nothing is known. What is told later settles them anew (`record`). Answers with how many new misses
 * there are.
 */
export async function settleHolds(
  unsettled: readonly Prediction[],
  { ledger, log }: { readonly ledger: Pick<Ledger, "incident" | "settleHold">; readonly log: Log },
  { now, settings }: { readonly now: number; readonly settings: Settings | null },
): Promise<number> {
  let misses = 0;
  for (const { incident, openedAt, holdUntil, service } of unsettled) {
    if (holdUntil === null || now < holdUntil + SETTLED_AFTER) continue;
    const known = await ledger.incident(incident);
    const maintenance =
      settings === null ? [] : maintenanceOf(settings, service, { from: openedAt, to: holdUntil });
    const window = holdUntil - openedAt;
    const decided = outcomeOf(known?.events ?? [], { window, maintenance }, now);
    if (decided === null && now < holdUntil + GIVEN_UP_AFTER) continue;
    const missedAt =
      decided === null ? holdUntil : decided.outcome === "needed-human" ? decided.decidedAt : null;
    await ledger.settleHold(incident, missedAt);
    if (missedAt === null) continue;
    misses++;
    log({ severity: "WARNING", event: "hold.missed", incident, service, known: decided !== null });
  }
  return misses;
}
