import { type ActionTaken, alertTypeOf, type Mode, nameKeysOf, type Prediction } from "@mrdata/incident";

/**
 * The decision stored for an incident that the bot paged without having received its opening: no action is without a
 * decision.
 */
export function barePrediction(known: {
  readonly incident: string;
  /** PagerDuty id; null where nothing that was read names the service. */
  readonly service: string | null;
  readonly title: string;
  readonly openedAt: number;
  readonly mode: Mode;
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  /** What found it waiting: `sweep`, or `late` for a later event. */
  readonly decidedBy: "sweep" | "late";
  readonly sentence: string;
  readonly taken: ActionTaken;
}): Prediction {
  const { incident, title, openedAt, mode, windowMs, decidedBy, sentence, taken } = known;
  // A decision needs a service: the empty one collects those that are unknown.
  const service = known.service ?? "";
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
    window: windowMs,
    taken,
  };
}
