import { isCensored, isDrill, type Prediction, pastOf, type Timeline } from "@mrdata/incident";
import {
  isUnreadable,
  type Ledger,
  type Log,
  outcomeOfKnown,
  type Settings,
  UnreadableDocumentError,
} from "@mrdata/platform";
import { logUnreadable, reasonOf } from "@mrdata/runtime";

/** How long the last event of a window is waited for, milliseconds: it may arrive late. */
export const SETTLE_AFTER_MS = 2 * 60_000;
/** After this long without any record an incident is not waited for any more: when in doubt it is a miss. */
const GIVE_UP_AFTER_MS = 3_600_000;

type SettlePorts = { readonly ledger: Pick<Ledger, "incident" | "settleHold">; readonly log: Log };
type SettleAt = { readonly now: number; readonly settings: Settings | null };

/**
 * Determines the outcome of holds whose window has ended and notes it. Those that needed a human are misses, and so are
 * those that a person closed meanwhile, those of unknown outcome, and those with an unreadable document. Later events
 * settle them again (`record`). Each is settled on its own: a failure is logged, the others go on, and at the end the
 * number of failures is thrown. Returns the number of new misses.
 */
export async function settleHolds(
  unsettled: readonly Prediction[],
  ports: SettlePorts,
  at: SettleAt,
): Promise<number> {
  let misses = 0;
  const failed: string[] = [];
  for (const hold of unsettled) {
    try {
      if (await settleOne(hold, ports, at)) misses++;
    } catch (error) {
      const reason = reasonOf(error);
      ports.log({ severity: "ERROR", event: "hold.unsettled", incident: hold.incident, reason });
      failed.push(reason);
    }
  }
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${unsettled.length} holds could not be settled: ${failed[0]}`);
  return misses;
}

/** True if it was a miss. */
async function settleOne(hold: Prediction, { ledger, log }: SettlePorts, at: SettleAt): Promise<boolean> {
  const { incident, holdUntil, service } = hold;
  const isDoubtful = isUnreadable(hold);
  // If it cannot be read, its window's end may not be known either.
  if (holdUntil === null ? !isDoubtful : at.now < holdUntil + SETTLE_AFTER_MS) return false;
  const end = holdUntil ?? at.now;
  const settled = isDoubtful
    ? missedAt(end)
    : await howItEnded({ ...hold, holdUntil: end }, { ledger, log }, at);
  if (settled === null) return false;
  await ledger.settleHold(incident, settled.missedAt);
  if (settled.missedAt === null) return false;
  log({ severity: "WARNING", event: "hold.missed", incident, service, known: settled.known });
  return true;
}

type Settled = { readonly missedAt: number | null; readonly known: boolean };

/** When in doubt it was a miss, at its window's end. */
const missedAt = (end: number): Settled => ({ missedAt: end, known: false });

/** Null while it is not known yet. */
async function howItEnded(
  { incident, openedAt, holdUntil }: Prediction & { readonly holdUntil: number },
  { ledger, log }: SettlePorts,
  { now, settings }: SettleAt,
): Promise<Settled | null> {
  const known = await readable(ledger, incident, log);
  if (known === "unreadable") return missedAt(holdUntil);
  const decided = outcomeOfKnown(known, { windowMs: holdUntil - openedAt, settings }, now);
  if (decided !== null) {
    const { outcome, decidedAt } = decided;
    if (outcome === "unknown" && known !== null && wasClosedByOthers(known.events, holdUntil - openedAt))
      return { missedAt: decidedAt, known: false };
    return { missedAt: outcome === "needed-human" ? decidedAt : null, known: true };
  }
  return now < holdUntil + GIVE_UP_AFTER_MS ? null : missedAt(holdUntil);
}

/**
 * Somebody other than the monitor closed it inside the window: it may have needed a person, and counts against the bot.
 */
function wasClosedByOthers(events: Timeline, windowMs: number): boolean {
  const past = pastOf(events);
  return !isDrill(events) && past !== null && past.resolvedBy !== "integration" && isCensored(past, windowMs);
}

/** What is known of an incident; one known only in part may have ended in any way. */
async function readable(ledger: SettlePorts["ledger"], incident: string, log: Log) {
  try {
    const known = await ledger.incident(incident);
    return known?.unreadable !== undefined ? "unreadable" : known;
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    logUnreadable(log)(error);
    return "unreadable";
  }
}
