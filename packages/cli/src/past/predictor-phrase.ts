/** The current predictor as a phrase; `rate` is the alert type's historical rate. */
export const predictorPhrase = (model: string): string =>
  model === "rate" ? "the alert's own rate" : `the champion, ${model},`;
