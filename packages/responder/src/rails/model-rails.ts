import { certificateSentence, certificateShortfall } from "@mrdata/learning";
import { allow, byRules, deny, type GuardRail } from "../circumstances.ts";
import { details } from "./detail-rails.ts";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const model: GuardRail = {
  name: "model",
  judge: ({ predictor }) => {
    if (predictor.refused !== null) return deny(`There is no model to go by: ${predictor.refused}.`);
    return allow(
      predictor.version === "rate"
        ? "No model version is champion: the alert's own rate stands in, with a threshold of its own."
        : `Model version ${predictor.version} is champion.`,
    );
  },
};

export const window: GuardRail = {
  name: "window",
  judge: ({ predictor, windowMs: of }) =>
    predictor.windowMs === of
      ? allow("The model was made for this hold window.")
      : deny(
          `The model was made for a hold window of ${predictor.windowMs / 1000} s, and this one is ${of / 1000} s.`,
        ),
};

export const features: GuardRail = {
  name: "features",
  judge: ({ forecast }) =>
    forecast.outside.length === 0
      ? allow("Nothing about it is far from what the model has learnt from.")
      : deny(`The model has learnt from nothing like it: ${forecast.outside.join("; ")}.`),
};

export const prediction: GuardRail = {
  name: "prediction",
  judge: ({ forecast }) =>
    forecast.abstained === null
      ? allow("There is a prediction.")
      : deny(`There is no prediction: ${forecast.abstained}.`),
};

export const threshold: GuardRail = {
  name: "threshold",
  judge: ({ forecast, predictor }) => {
    if (predictor.threshold === null) return deny("This model version was not good enough to hold anything.");
    const probability = forecast.probability ?? 0;
    const text = `${percent(probability)} against the ${percent(predictor.threshold)} that a hold takes`;
    return probability >= predictor.threshold
      ? allow(`Likely enough to resolve itself: ${text}.`)
      : deny(`Not likely enough to resolve itself: ${text}.`);
  },
};

/**
 * Nothing is held on an armed service without a certificate, whatever version is promoted. A certificate for a larger miss budget or a
 * larger delta than now set does not count.
 */
export const certificate: GuardRail = {
  name: "certificate",
  judge: byRules(
    ({ mode, missBudget: budget, certificate: { delta } }, { predictor: { certificate: of, version } }) => {
      const shortfall = certificateShortfall(of, { budget, delta });
      if (of !== null && shortfall === null) return allow(certificateSentence(of));
      const text = `${version === "rate" ? "The alert's own rate" : `Model version ${version}`} ${shortfall}`;
      return mode === "armed"
        ? deny(`${text}: 'mrdata train --promote' makes a version that is certified for what is set.`)
        : allow(`${text}; while the service is not armed it needs no certificate.`);
    },
  ),
};

/** Guard rails on the model itself: is there one, and for this window? */
export const modelRails: readonly GuardRail[] = [model, window];

/** Guard rails on the model's forecast. */
export const forecastRails: readonly GuardRail[] = [features, details, prediction, threshold, certificate];
