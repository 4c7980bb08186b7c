import type { AsOf, Prediction } from "@mrdata/incident";
import { type Circumstances, judgeAll } from "./guard-rails.ts";

/**
 * The decision, with all that led to it: what is written to `predictions/{incident}`. A hold needs every guard rail's
 * leave; whatever is in doubt pages. `taken` starts as nothing done.
 */
export function decide(
  circumstances: Circumstances,
  context: { readonly asOf: AsOf; readonly alertType: string },
): Prediction {
  const { observation, forecast, predictor, settings, window, now } = circumstances;
  const verdicts = judgeAll(circumstances);
  const objection = verdicts.find((verdict) => !verdict.allowsHold);
  const decision = objection === undefined ? "hold" : "page";
  const mode = settings?.mode ?? "shadow";
  const probability = forecast.abstained === null ? forecast.probability : null;
  const prediction = probability !== null && probability >= 0.5;
  return {
    incident: observation.incident,
    prediction,
    confidence: probability === null ? 0 : prediction ? probability : 1 - probability,
    probability,
    abstained: probability === null ? (forecast.abstained ?? "the model gave no probability") : null,
    model: predictor.version,
    features: forecast.features,
    reasons: forecast.reasons,
    asOf: context.asOf,
    decision,
    decidedBy: objection?.name ?? "threshold",
    verdicts,
    mode,
    service: observation.service,
    alertType: context.alertType,
    openedAt: observation.openedAt,
    decidedAt: now,
    holdUntil: decision === "hold" && mode === "armed" ? observation.openedAt + window : null,
    taken: { action: "none", sentence: "Nothing done yet.", at: now },
  };
}

/** True while the stored prediction keeps a page back: an armed service's hold whose window has not ended. */
export const isLiveHold = (
  prediction: Prediction | null,
  settings: { readonly mode: string; readonly disarmed: boolean } | null,
  now: number,
): boolean =>
  prediction !== null &&
  prediction.decision === "hold" &&
  prediction.holdUntil !== null &&
  now < prediction.holdUntil &&
  settings !== null &&
  settings.mode === "armed" &&
  !settings.disarmed;
