import type { ActionTaken, IncidentSnapshot, Prediction } from "@mrdata/incident";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import { reasonOf } from "@mrdata/runtime";
import type { ToldEvent } from "./behind-event.ts";
import type { Look } from "./look.ts";
import type { Pager } from "./pager.ts";
import { type NoteContext, writeDecisionNote } from "./write-note.ts";

export type PagingContext = NoteContext & {
  readonly ledger: Pick<
    Ledger,
    "settings" | "createPrediction" | "endHold" | "noteAction" | "claimNote" | "holdsSince"
  >;
  readonly clock: Clock;
  readonly log: Log;
  readonly pager: Pick<Pager, "pageIfWaiting" | "hasSpareCalls">;
};

export type PageRequest = {
  readonly incident: string;
  /** The incident as its event tells it; `look` as it was just read. Either spares a reading where there is one. */
  readonly snapshot: IncidentSnapshot | null;
  readonly look?: Look;
  /** When the event of the snapshot occurred, by PagerDuty's clock, milliseconds since the epoch; left out where there is none. */
  readonly occurredAt?: number;
  /** The decision that is stored of the incident; null where there is none or that could not be read. */
  readonly stored: Prediction | null;
  /** Why a hold ends with this, if there is one. */
  readonly why: string;
  /**
   * The decision to be written where none is stored yet, with what was done; null where there is nothing to write. Of
   * an attempt that failed it says so.
   */
  readonly decision: (taken: ActionTaken, failure: unknown) => Promise<Prediction | null> | Prediction | null;
  /** Told at once, before anything is written, where paging did not fail: nobody waits for a page any more. */
  readonly onPaged?: (taken: ActionTaken) => void;
};

export type PageOutcome = {
  readonly taken: ActionTaken;
  /** True if this call wrote the incident's decision, or is the first to note that it was paged. */
  readonly isNews: boolean;
};

/**
 * Pages an incident that waits on the bot and writes that down: pages first, writes after, whatever the ledger does
 * meanwhile. May come any number of times and from several processes at once: what waits no more is not paged again,
 * the first decision stands, and no hold outlives it. What was tried and failed is written too, so that it is held no
 * longer, and then thrown.
 *
 * @throws PagerDutyError where PagerDuty cannot be reached or refuses; what the ledger throws
 */
export async function pageAndRecord(context: PagingContext, request: PageRequest): Promise<PageOutcome> {
  const { ledger, clock, log, pager } = context;
  const { incident, snapshot, look, occurredAt, stored, why } = request;
  let failure: unknown = null;
  let taken: ActionTaken;
  try {
    taken = await pager.pageIfWaiting(incident, {
      snapshot,
      ...(look && { look }),
      ...(occurredAt !== undefined && { occurredAt }),
    });
    request.onPaged?.(taken);
  } catch (error) {
    failure = error;
    const sentence = `Paging failed: ${reasonOf(error)}.`;
    // Without a snapshot or a look nobody knows whose it is.
    const isKnownToWait = snapshot !== null || look != null;
    taken = { action: "none", sentence, at: clock.now(), ...(isKnownToWait && { failed: true }) };
  }
  const isPaged = taken.action !== "none";

  const decision = stored === null ? await request.decision(taken, failure) : null;
  const isCreated = decision !== null && (await createDecision(context, decision));
  let isFirstPage = false;
  if (!isCreated && mayBeHeld(stored)) {
    const at = stored?.holdUntil == null ? taken.at : Math.min(taken.at, stored.holdUntil);
    await ledger.endHold(incident, { at, why });
  }
  if (!isCreated && isPaged) isFirstPage = await ledger.noteAction(incident, taken);
  if (failure !== null) throw failure;

  if (isPaged) log({ severity: "INFO", event: "incident.paged", incident, why, action: taken.action });
  if (isCreated && (isPaged || decision.mode !== "armed")) await writeDecisionNote(context, decision);
  else if (isFirstPage && stored?.decision === "page") await writeDecisionNote(context, { ...stored, taken });
  return { taken, isNews: isCreated || isFirstPage };
}

/** Another delivery may have stored a hold since this one looked. */
const mayBeHeld = (stored: Prediction | null): boolean =>
  stored === null || (stored.holdUntil !== null && stored.ended === undefined);

/** Writes the decision unless there is one. True if this is the one that stands: whoever wrote it leaves the note. */
export async function createDecision(
  { ledger, log }: Pick<PagingContext, "ledger" | "log">,
  prediction: Prediction,
): Promise<boolean> {
  if (!(await ledger.createPrediction(prediction))) return false;
  const { incident, decision, decidedBy, probability, mode } = prediction;
  log({ severity: "INFO", event: "prediction.stored", incident, decision, decidedBy, probability, mode });
  return true;
}

/** A decision as it reads once it pages: nothing is held. */
export function asPaged(decision: Prediction, taken: ActionTaken): Prediction {
  const { unsettled: _, ...rest } = decision;
  return { ...rest, taken, holdUntil: null };
}

type FailingEvent = ToldEvent & { readonly incident: string };

/**
 * Does `work`; if that fails, the incident is paged first, and the failure thrown afterwards, so that the message comes
 * again and what could not be written is written then.
 */
export async function pageIfThisFails<T>(
  context: PagingContext,
  event: FailingEvent,
  work: () => Promise<T>,
  onPaged: (taken: ActionTaken) => void = () => {},
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    onPaged(await pageWithoutLedger(context, event));
    throw error;
  }
}

/** Pages whatever the ledger does: a hold that was stored before something failed is none any more, if that can be written. */
async function pageWithoutLedger(
  context: PagingContext,
  { incident, snapshot, occurredAt }: FailingEvent,
): Promise<ActionTaken> {
  const { ledger, log, pager } = context;
  const taken = await pager.pageIfWaiting(incident, { snapshot, occurredAt });
  if (taken.action === "none") return taken;
  try {
    await ledger.endHold(incident, { at: taken.at, why: "something failed, so it was paged" });
    await ledger.noteAction(incident, taken);
  } catch (error) {
    log({ severity: "WARNING", event: "action.unrecorded", incident, reason: reasonOf(error) });
  }
  return taken;
}
