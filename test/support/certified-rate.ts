import type { Certificate } from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";
import { modelsOf } from "./trained-version.ts";

/** What the alert type's own rate may hold by where a test lets it: from 80 % on. */
export const rateCertificate: Certificate = {
  budget: 0.1,
  delta: 0.1,
  real: 200,
  missesAllowed: 14,
  misses: 10,
  upperBound: 0.076,
  threshold: 0.8,
  from: "2025-09-01T00:00:00.000Z",
  to: "2026-02-28T00:00:00.000Z",
};

/**
 * A store whose one version is champion nowhere and carries a certificate for the alert type's own rate, as every trained
 * version does that can. `window` in milliseconds.
 */
export const certifiedRate = (window: number): ModelStore =>
  modelsOf({ v1: new Map([["card.json", cardOf(window)]]) });

const cardOf = (window: number): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      schema: 1,
      trainedAt: "2026-02-28T00:00:00.000Z",
      window: window / 1000,
      learner: "rates",
      threshold: null,
      rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
      seed: 1,
      incidents: 1_000,
      from: "2025-09-01T00:00:00.000Z",
      to: "2026-02-28T00:00:00.000Z",
      services: 1,
      remark: null,
      certificate: null,
      fallback: { certificate: rateCertificate },
      figures: { scored: 400, auc: { value: 0.8, low: 0.7, high: 0.9 } },
      files: {},
    }),
  );
