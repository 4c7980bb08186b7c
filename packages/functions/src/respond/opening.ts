import type { ActionTaken, OpeningEvent, Prediction } from "@mrdata/incident";
import { isLiveHold } from "@mrdata/responder";
import { asPaged, createDecision, pageAndRecord, pageIfThisFails } from "../paging/page-and-record.ts";
import { liveAmong, releaseHolds } from "../paging/release-holds.ts";
import type { Delivery } from "../push/push-handler.ts";
import { rulesFor } from "../rules-for.ts";
import { recordAlertDetails } from "./alert-details.ts";
import { pageLate } from "./change.ts";
import type { RespondContext } from "./context.ts";
import { type DecidedOpening, decideOpening, type OpeningKnown } from "./decide-opening.ts";
import { countInTime } from "./in-time.ts";
import { recheckConcurrentHolds } from "./recheck-concurrent-holds.ts";

/** Decides on an opening incident, and holds or pages it. A redelivery continues where the last delivery ended. */
export async function onOpening(
  context: RespondContext,
  event: OpeningEvent,
  delivery: Delivery,
): Promise<void> {
  const inTime = countInTime(context, event, delivery);
  const { known, isHeld } = await pageIfThisFails(
    context,
    event,
    () => decideAndHold(context, event, delivery),
    inTime.paged,
  );
  if (isHeld) inTime.held(known.stored === null);
  if (known.stored !== null) {
    if (isHeld) return;
    inTime.decided(false);
    await pageLate(context, event, known, inTime.paged);
    return;
  }
  const { decision, details } = known;
  if (!isHeld) inTime.decided(await pageAtOnce(context, event, decision, inTime.paged));
  if (saysStorm(decision.prediction))
    await releaseHolds(
      context,
      liveAmong(decision.otherHolds, known.settings, context.clock.now()),
      "A storm began.",
    );
  await recordAlertDetails(context, event, details);
  // Last: its outcome can delay no page.
  await context.queryChallenger(decision.prediction, decision.circumstances.observation);
}

/** Everything that must succeed before an incident may wait: any failure in here pages. */
async function decideAndHold(
  context: RespondContext,
  event: OpeningEvent,
  delivery: Delivery,
): Promise<{ readonly known: OpeningKnown; readonly isHeld: boolean }> {
  const known = await decideOpening(context, event, delivery);
  const { stored, settings } = known;
  const rules = settings === null ? null : rulesFor(settings, event.snapshot.service);
  if (stored !== null) {
    const isHeld = isLiveHold(stored, rules, context.clock.now());
    // The delivery that stored it may have ended right after.
    if (isHeld && delivery.again) await recheckConcurrentHolds(context, stored, known);
    return { known, isHeld };
  }
  const { prediction } = known.decision;
  if (!isLiveHold(prediction, rules, context.clock.now())) return { known, isHeld: false };
  return { known, isHeld: await storeHold(context, known) };
}

/**
 * Holds the incident, which only means storing the decision. False if another delivery's decision is stored and pages.
 */
async function storeHold(
  context: RespondContext,
  known: Extract<OpeningKnown, { readonly stored: null }>,
): Promise<boolean> {
  const { ledger, clock } = context;
  const taken: ActionTaken = { action: "none", sentence: "Held: nothing but the note.", at: clock.now() };
  const hold: Prediction = { ...known.decision.prediction, taken };
  if (await createDecision(context, hold)) {
    await recheckConcurrentHolds(context, hold, known);
    return true;
  }
  const rules = known.settings === null ? null : rulesFor(known.settings, hold.service);
  return isLiveHold(await ledger.prediction(hold.incident), rules, clock.now());
}

/** Pages, and writes the decision. True if this wrote it. */
async function pageAtOnce(
  context: RespondContext,
  { incident, snapshot, occurredAt }: OpeningEvent,
  { prediction }: DecidedOpening,
  onPaged: (taken: ActionTaken) => void,
): Promise<boolean> {
  const { isNews } = await pageAndRecord(context, {
    onPaged,
    incident,
    snapshot,
    occurredAt,
    stored: null,
    why: "another delivery of its opening paged it",
    decision: (taken) => asPaged(prediction, taken),
  });
  return isNews;
}

const saysStorm = ({ verdicts }: Prediction): boolean =>
  verdicts.some(({ name, allowsHold }) => name === "storm" && !allowsHold);
