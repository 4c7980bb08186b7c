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

/** The last event of a window may come late: so long it is waited for, milliseconds. */
export const SETTLED_AFTER = 2 * 60_000;
/** What nothing was recorded of after so long is not waited for any more: in doubt it was a miss. */
const GIVEN_UP_AFTER = 3_600_000;

type SettlePorts = { readonly ledger: Pick<Ledger, "incident" | "settleHold">; readonly log: Log };
type SettleAt = { readonly now: number; readonly settings: Settings | null };

/**
 * Asks of holds whose window has ended how they ended, and notes it: those that needed a human are misses, and so are
 * those that a person closed meanwhile, those of which nothing is known, or of which a document cannot be read. What is told later settles them anew (`record`).
 * Each is settled by itself: one that fails is named, the others are settled all the same, and at the end it is thrown how
 * many failed. Answers with how many new misses there are.
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
  // Of what cannot be read it may not be known either when its window ended.
  if (holdUntil === null ? !isDoubtful : at.now < holdUntil + SETTLED_AFTER) return false;
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

/** In doubt it was a miss: at its window's end. */
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
  return now < holdUntil + GIVEN_UP_AFTER ? null : missedAt(holdUntil);
}

/** Somebody else than the monitor closed it inside the window: it may have needed one, and counts against the bot. */
function wasClosedByOthers(events: Timeline, window: number): boolean {
  const past = pastOf(events);
  return !isDrill(events) && past !== null && past.resolvedBy !== "integration" && isCensored(past, window);
}

/** What is known of an incident; what is told only in part may have ended in any way. */
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
