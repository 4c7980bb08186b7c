import type { Prediction } from "@mrdata/incident";

/** A prediction with the fields that a test cares about. */
export const aPrediction = (fields: Partial<Prediction> & { readonly incident: string }): Prediction => ({
  prediction: true,
  confidence: 0.9,
  probability: 0.9,
  abstained: null,
  model: "rate",
  features: { rate: 0.9, seen: 12, unknown: null },
  reasons: ["self-resolved 11 of 12 times"],
  asOf: { records: {}, organisation: { hour: 0, day: 1, week: 2 }, at: 1_770_000_000_000 },
  decision: "hold",
  decidedBy: "threshold",
  verdicts: [{ name: "threshold", allowsHold: true, sentence: "0.9 is at least 0.8" }],
  mode: "armed",
  service: "PSVC001",
  alertType: "PSVC001|disk # full",
  openedAt: 1_770_000_000_000,
  decidedAt: 1_770_000_000_100,
  holdUntil: 1_770_000_300_000,
  taken: { action: "none", sentence: "held", at: 1_770_000_000_100 },
  ...fields,
});
