import { noDetails, type Predictor } from "./predictor.ts";

/** Takes the place of a model version that cannot be used, and always abstains with the reason. `windowMs` in milliseconds. */
export const refusedPredictor = (version: string, windowMs: number, reason: string): Predictor => ({
  version,
  windowMs,
  threshold: null,
  certificate: null,
  refused: reason,
  details: noDetails,
  predict: () => ({ features: {}, probability: null, abstained: reason, reasons: [], outside: [] }),
});
