import type { EventDetails, OpeningEvent, Prediction } from "@mrdata/incident";
import type { Settings } from "@mrdata/platform";
import { type Circumstances, decide, reasonNotToPage } from "@mrdata/responder";
import type { Delivery } from "../push/push-handler.ts";
import { readSettings } from "../rules-for.ts";
import { withinMs } from "../within.ts";
import type { RespondContext } from "./context.ts";
import { logRailFailure } from "./rail-failure.ts";
import { readDetails } from "./read-details.ts";

/** A decision before it is stored, and what it was made from. */
export type DecidedOpening = {
  readonly prediction: Prediction;
  readonly circumstances: Circumstances;
  /** Other holds of the last hour. */
  readonly otherHolds: readonly Prediction[];
};

/** What is known of an incident that opens: the decision that is stored, or else the one that is made now. */
export type OpeningKnown = {
  readonly settings: Settings | null;
  readonly decision: DecidedOpening;
} & (
  | { readonly stored: Prediction }
  | {
      readonly stored: null;
      readonly details: EventDetails;
    }
);

/** An opening that is heard of within this is taken as it is told. */
const FRESH_EVENT_MS = 10_000;
/** Nobody waits longer for a decision: the incident is paged, and decided on when its message comes again. */
const MAX_DECISION_MS = 15_000;

/** Reads what a decision goes by and makes it. What is stored already stands before it. Rejects where that takes too long. */
export const decideOpening = (
  context: RespondContext,
  event: OpeningEvent,
  delivery: Delivery,
): Promise<OpeningKnown> =>
  withinMs(context.clock, MAX_DECISION_MS, "the decision", () => readAndDecide(context, event, delivery));

async function readAndDecide(
  context: RespondContext,
  event: OpeningEvent,
  { again }: Delivery,
): Promise<OpeningKnown> {
  const { ledger, clock, log, champion, gather } = context;
  const predictor = await champion();
  const details = await readDetails(event.incident, predictor.details, detailsPorts(context));
  const now = clock.now();
  // Asked for concurrently, the ledger answers in one round trip.
  const reading = readSettings(ledger, log);
  const [stored, settings, gathered] = await Promise.all([
    ledger.prediction(event.incident),
    reading,
    gather(event, event.snapshot, {
      details,
      looksAtNames: predictor.details.names === true,
      settings: reading,
      now,
    }),
  ]);
  const { observation, asOf, around, holds: otherHolds } = gathered;
  const forecast = predictor.predict(observation);
  const decideBy = (circumstances: Circumstances): DecidedOpening => ({
    prediction: decide(circumstances, { asOf, railFailed: logRailFailure(context, event.incident) }),
    circumstances,
    otherHolds,
  });
  const decision = decideBy({ ...around, observation, forecast, predictor, now: clock.now() });
  if (stored !== null) return { stored, settings, decision };
  const isOld = again || clock.now() - event.occurredAt > FRESH_EVENT_MS;
  const isHold = decision.prediction.holdUntil !== null;
  if (isHold && isOld && !(await stillWaits(context, event.incident))) {
    const moved = decideBy({ ...decision.circumstances, waitsOnBot: false, now: clock.now() });
    return { stored, settings, details, decision: moved };
  }
  const prediction = await context.askEndpoint(decision.prediction, predictor);
  return { stored, settings, details, decision: { ...decision, prediction } };
}

/** In a storm the calls for details are left to pages: what is not known counts as missing. */
const detailsPorts = ({ pagerduty, pager, clock, log }: RespondContext) => ({
  pager: pager.hasSpareCalls() ? pagerduty : null,
  clock,
  log,
});

/**
 * What the opening told may be long past when it comes late or again: an earlier delivery may have paged and failed
 * to write so, a person may have taken the incident. Nothing is held that does not wait on the bot any more.
 */
async function stillWaits({ pagerduty, bot }: RespondContext, incident: string): Promise<boolean> {
  if (pagerduty === null || bot === null) return true;
  return reasonNotToPage(await pagerduty.getIncident(incident), bot) === null;
}
