import { certificateSentence, certificateShortfall } from "@mrdata/learning";
import { byRules, type GuardRail, passes, stops } from "../circumstances.ts";
import { details } from "./detail-rails.ts";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const model: GuardRail = {
  name: "model",
  judge: ({ predictor }) => {
    if (predictor.refused !== null) return stops(`There is no model to go by: ${predictor.refused}.`);
    return passes(
      predictor.version === "rate"
        ? "No model version is champion: the alert's own rate stands in, with a threshold of its own."
        : `Model version ${predictor.version} is champion.`,
    );
  },
};

export const window: GuardRail = {
  name: "window",
  judge: ({ predictor, window: of }) =>
    predictor.window === of
      ? passes("The model was made for this hold window.")
      : stops(
          `The model was made for a hold window of ${predictor.window / 1000} s, and this one is ${of / 1000} s.`,
        ),
};

export const features: GuardRail = {
  name: "features",
  judge: ({ forecast }) =>
    forecast.outside.length === 0
      ? passes("Nothing about it is far from what the model has learnt from.")
      : stops(`The model has learnt from nothing like it: ${forecast.outside.join("; ")}.`),
};

export const prediction: GuardRail = {
  name: "prediction",
  judge: ({ forecast }) =>
    forecast.abstained === null
      ? passes("There is a prediction.")
      : stops(`There is no prediction: ${forecast.abstained}.`),
};

export const threshold: GuardRail = {
  name: "threshold",
  judge: ({ forecast, predictor }) => {
    if (predictor.threshold === null)
      return stops("This model version was not good enough to hold anything.");
    const probability = forecast.probability ?? 0;
    const text = `${percent(probability)} against the ${percent(predictor.threshold)} that a hold takes`;
    return probability >= predictor.threshold
      ? passes(`Likely enough to resolve itself: ${text}.`)
      : stops(`Not likely enough to resolve itself: ${text}.`);
  },
};

/**
 * Of an armed service nothing is held without a certificate, whatever is promoted; one for a larger miss budget or a larger delta
 * than are set now is none.
 */
export const certificate: GuardRail = {
  name: "certificate",
  judge: byRules(
    ({ mode, missBudget: budget, certificate: { delta } }, { predictor: { certificate: of, version } }) => {
      const shortfall = certificateShortfall(of, { budget, delta });
      if (of !== null && shortfall === null) return passes(certificateSentence(of));
      const said = `${version === "rate" ? "The alert's own rate" : `Model version ${version}`} ${shortfall}`;
      return mode === "armed"
        ? stops(`${said}: 'mrdata train --promote' makes a version that is certified for what is set.`)
        : passes(`${said}; while the service is not armed it needs no certificate.`);
    },
  ),
};

/** Whether there is a model for this incident at all. */
export const modelRails: readonly GuardRail[] = [model, window];

/** What it says. */
export const forecastRails: readonly GuardRail[] = [features, details, prediction, threshold, certificate];
