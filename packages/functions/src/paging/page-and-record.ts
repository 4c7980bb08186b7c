import type { ActionTaken, IncidentSnapshot, Prediction } from "@mrdata/incident";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import { reasonOf } from "@mrdata/runtime";
import type { DatedSnapshot } from "./behind-event.ts";
import type { IncidentReading } from "./incident-reader.ts";
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
  /** The incident as its event shows it; `reading` as it was just read. Either one saves a read. */
  readonly snapshot: IncidentSnapshot | null;
  readonly reading?: IncidentReading;
  /**
   * When the snapshot's event occurred, by PagerDuty's clock, milliseconds since the epoch; omitted without an event.
   */
  readonly occurredAt?: number;
  /** The stored decision on the incident; null where there is none or it could not be read. */
  readonly stored: Prediction | null;
  /** Why a hold ends with this page, if there is a hold. */
  readonly why: string;
  /**
   * The decision to store where none is stored yet, including the action taken; null where there is nothing to write.
   * `failure` is the error of an attempt that failed.
   */
  readonly decision: (taken: ActionTaken, failure: unknown) => Promise<Prediction | null> | Prediction | null;
  /** Called before anything is written, unless paging failed: from here on nobody waits for a page. */
  readonly onPaged?: (taken: ActionTaken) => void;
};

export type PageOutcome = {
  readonly taken: ActionTaken;
  /** True if this call wrote the incident's decision, or is the first to note that it was paged. */
  readonly isNews: boolean;
};

/**
 * Pages an incident that waits on the bot and records it: the page goes out first and the writes follow, whatever the
 * ledger does meanwhile. Idempotent and safe to call from several processes at once: what no longer waits is not paged
 * again, the first decision stands, and no hold outlives the page. A failed attempt is recorded too, so that the
 * incident is held no longer, and is then thrown.
 *
 * @throws PagerDutyError where PagerDuty cannot be reached or refuses; and whatever the ledger throws
 */
export async function pageAndRecord(context: PagingContext, request: PageRequest): Promise<PageOutcome> {
  const { ledger, clock, log, pager } = context;
  const { incident, snapshot, reading, occurredAt, stored, why } = request;
  let failure: unknown = null;
  let taken: ActionTaken;
  try {
    taken = await pager.pageIfWaiting(incident, {
      snapshot,
      ...(reading && { reading }),
      ...(occurredAt !== undefined && { occurredAt }),
    });
    request.onPaged?.(taken);
  } catch (error) {
    failure = error;
    const sentence = `Paging failed: ${reasonOf(error)}.`;
    // Without a snapshot or a read it is not known whose incident it is.
    const isKnownToWait = snapshot !== null || reading != null;
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

/** Another delivery may have stored a hold after this one read the decision. */
const mayBeHeld = (stored: Prediction | null): boolean =>
  stored === null || (stored.holdUntil !== null && stored.ended === undefined);

/** Writes the decision unless one is stored. True if this decision is the stored one: its writer leaves the note. */
export async function createDecision(
  { ledger, log }: Pick<PagingContext, "ledger" | "log">,
  prediction: Prediction,
): Promise<boolean> {
  if (!(await ledger.createPrediction(prediction))) return false;
  const { incident, decision, decidedBy, probability, mode } = prediction;
  log({ severity: "INFO", event: "prediction.stored", incident, decision, decidedBy, probability, mode });
  return true;
}

/** The decision as it reads once the incident is paged: nothing is held. */
export function asPaged(decision: Prediction, taken: ActionTaken): Prediction {
  const { unsettled: _, ...rest } = decision;
  return { ...rest, taken, holdUntil: null };
}

type FailingEvent = DatedSnapshot & { readonly incident: string };

/**
 * Runs `work`. If that fails, pages the incident first and throws the failure afterwards, so that the message is
 * redelivered and what could not be written is written then.
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

/** Pages whatever the ledger does; a hold that was stored before the failure is ended if that can be written. */
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
