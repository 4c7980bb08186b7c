import type { AsOf, Prediction } from "@mrdata/incident";
import type { Circumstances } from "./circumstances.ts";
import { isControl } from "./control.ts";
import { guardRails, judgeAll, problemsOfStoredRails, type RailFailed } from "./guard-rails.ts";
import type { Rules } from "./rules.ts";

/**
 * The decision with everything that led to it, as it is written to `predictions/{incident}`. A hold needs every guard rail's
 * consent; any doubt pages. `taken` starts as nothing done.
 */
export function decide(
  circumstances: Circumstances,
  { asOf, railFailed }: { readonly asOf: AsOf; readonly railFailed?: RailFailed },
): Prediction {
  const { observation, forecast, predictor, settings, windowMs, now, alertType, names } = circumstances;
  const verdicts = judgeAll(circumstances, guardRails, railFailed);
  const objection = verdicts.find((verdict) => !verdict.allowsHold);
  const decision = objection === undefined ? "hold" : "page";
  const mode = settings?.mode ?? "shadow";
  const probability = forecast.abstained === null ? forecast.probability : null;
  const prediction = probability !== null && probability >= 0.5;
  const held = decision === "hold" && mode === "armed";
  const drawable =
    settings !== null && verdicts.every(({ name, allowsHold }) => allowsHold || name === "control");
  return {
    incident: observation.incident,
    prediction,
    confidence: probability === null ? 0 : prediction ? probability : 1 - probability,
    probability,
    abstained: probability === null ? (forecast.abstained ?? "the model gave no probability") : null,
    model: predictor.version,
    features: forecast.features,
    reasons: forecast.reasons,
    asOf,
    decision,
    decidedBy: objection?.name ?? "threshold",
    verdicts,
    mode,
    service: observation.service,
    alertType,
    names,
    openedAt: observation.openedAt,
    decidedAt: now,
    holdUntil: held ? observation.openedAt + windowMs : null,
    window: windowMs,
    taken: { action: "none", sentence: "Nothing done yet.", at: now },
    ...(drawable && {
      control: { share: settings.control, drawn: isControl(observation.incident, settings.control) },
    }),
    ...(held && { unsettled: true as const }),
  };
}

/**
 * True while the stored prediction keeps a page back: a hold of an armed service that has not been ended and whose window is still
 * open. Never true with settings that name a guard rail unknown to this version.
 *
 * @example
 * ```ts
 * const held = { decision: "hold", holdUntil: 300_000, taken: { action: "none", sentence: "", at: 0 } };
 * const settings = { mode: "armed", disarmed: null, rails: {} };
 * isLiveHold(held, settings, 60_000); // => true
 * isLiveHold(held, settings, 300_000); // => false
 * isLiveHold(held, { ...settings, mode: "shadow" }, 60_000); // => false
 * isLiveHold(held, null, 60_000); // => false
 * ```
 */
export const isLiveHold = (
  prediction: Pick<Prediction, "decision" | "holdUntil" | "ended" | "taken"> | null,
  settings: Pick<Rules, "mode" | "disarmed" | "rails"> | null,
  now: number,
): boolean =>
  prediction !== null &&
  prediction.decision === "hold" &&
  prediction.holdUntil !== null &&
  prediction.ended === undefined &&
  prediction.taken.action === "none" &&
  now < prediction.holdUntil &&
  settings !== null &&
  settings.mode === "armed" &&
  settings.disarmed === null &&
  problemsOfStoredRails(settings.rails).length === 0;
