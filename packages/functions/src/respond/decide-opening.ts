import type { EventDetails, OpeningEvent, Prediction } from "@mrdata/incident";
import type { Settings } from "@mrdata/platform";
import { type Circumstances, decide, reasonNotToPage } from "@mrdata/responder";
import type { Delivery } from "../push/push-handler.ts";
import { readSettings } from "../rules-for.ts";
import { withinMs } from "../within.ts";
import type { RespondContext } from "./context.ts";
import { logRailFailure } from "./rail-failure.ts";
import { readDetails } from "./read-details.ts";

/** A decision before it is stored, and its inputs. */
export type DecidedOpening = {
  readonly prediction: Prediction;
  readonly circumstances: Circumstances;
  /** Other holds of the last hour. */
  readonly otherHolds: readonly Prediction[];
};

/** What is known of an opening incident: the stored decision, or else the one made now. */
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

/** An opening received within this time is taken at its word. */
const FRESH_EVENT_MS = 10_000;
/** The longest wait for a decision: after it the incident is paged, and decided on when its message is redelivered. */
const MAX_DECISION_MS = 15_000;

/** Reads the inputs of a decision and makes it, unless one is stored. Rejects where that takes too long. */
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
  // Issued concurrently, the ledger's reads take one round trip.
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
  const { observation, asOf, circumstances, holds: otherHolds } = gathered;
  const forecast = predictor.predict(observation);
  const decideBy = (complete: Circumstances): DecidedOpening => ({
    prediction: decide(complete, { asOf, railFailed: logRailFailure(context, event.incident) }),
    circumstances: complete,
    otherHolds,
  });
  const decision = decideBy({ ...circumstances, observation, forecast, predictor, now: clock.now() });
  if (stored !== null) return { stored, settings, decision };
  const isOld = again || clock.now() - event.occurredAt > FRESH_EVENT_MS;
  const isHold = decision.prediction.holdUntil !== null;
  if (isHold && isOld && !(await stillWaits(context, event.incident))) {
    const moved = decideBy({ ...decision.circumstances, waitsOnBot: false, now: clock.now() });
    return { stored, settings, details, decision: moved };
  }
  const prediction = await context.queryEndpoint(decision.prediction, predictor);
  return { stored, settings, details, decision: { ...decision, prediction } };
}

/** In a storm the calls for details are reserved for pages: unknown details count as missing. */
const detailsPorts = ({ pagerduty, pager, clock, log }: RespondContext) => ({
  pager: pager.hasSpareCalls() ? pagerduty : null,
  clock,
  log,
});

/**
 * An opening that arrives late or again may be outdated: an earlier delivery may have paged and failed to record it, or
 * a person may have taken the incident. Nothing is held that no longer waits on the bot.
 */
async function stillWaits({ pagerduty, bot }: RespondContext, incident: string): Promise<boolean> {
  if (pagerduty === null || bot === null) return true;
  return reasonNotToPage(await pagerduty.getIncident(incident), bot) === null;
}
