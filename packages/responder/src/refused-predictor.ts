import { noDetails, type Predictor } from "./predictor.ts";

/** Stands where a model version should, and abstains with the reason why it does not. `window` in milliseconds. */
export const refusedPredictor = (version: string, window: number, reason: string): Predictor => ({
  version,
  window,
  threshold: null,
  certificate: null,
  refused: reason,
  details: noDetails,
  predict: () => ({ features: {}, probability: null, abstained: reason, reasons: [], outside: [] }),
});
