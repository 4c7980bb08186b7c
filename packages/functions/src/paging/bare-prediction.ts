import { type ActionTaken, alertTypeOf, type Mode, nameKeysOf, type Prediction } from "@mrdata/incident";

/**
 * The prediction of an incident whose opening the bot was never told of, and which it paged all the same: so that no
 * action is without a decision.
 */
export function barePrediction(told: {
  readonly incident: string;
  /** PagerDuty id; null where nothing that was read says it. */
  readonly service: string | null;
  readonly title: string;
  readonly openedAt: number;
  readonly mode: Mode;
  /** The hold window, milliseconds. */
  readonly window: number;
  /** Who found it waiting: `sweep`, or `late` for a later event. */
  readonly decidedBy: "sweep" | "late";
  readonly sentence: string;
  readonly taken: ActionTaken;
}): Prediction {
  const { incident, title, openedAt, mode, window, decidedBy, sentence, taken } = told;
  // A decision is filed under some service: that of those that nobody named.
  const service = told.service ?? "";
  return {
    incident,
    prediction: false,
    confidence: 0,
    probability: null,
    abstained: "the bot was not told when the incident opened",
    model: "none",
    features: {},
    reasons: [],
    asOf: { records: {}, organisation: { hour: 0, day: 0, week: 0 }, at: openedAt },
    decision: "page",
    decidedBy,
    verdicts: [{ name: decidedBy, allowsHold: false, sentence }],
    mode,
    service,
    alertType: alertTypeOf(service, title).key,
    names: nameKeysOf(service, title),
    openedAt,
    decidedAt: taken.at,
    holdUntil: null,
    window,
    taken,
  };
}
