import { createHash } from "node:crypto";
import {
  type Certificate,
  type CertifyingRow,
  certificateOf,
  modelCard,
  realRows,
  sealCard,
} from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";
import { modelsOf } from "./trained-version.ts";

const HOUR = 3_600_000;
const FROM = Date.parse("2025-09-01T00:00:00.000Z");

/** Two hundred real incidents, ten of which a rate of 80 % would have held. */
const rows = Array.from(
  { length: 200 },
  (_, i): CertifyingRow => ({
    id: `PREAL${i}`,
    openedAt: FROM + i * 21 * HOUR,
    probability: i % 20 === 0 ? 0.8 : 0.2,
    label: 0,
  }),
);

/** What the alert type's own rate may hold by where a test lets it: from 80 % on. */
export const rateCertificate: Certificate = certificateOf(0.8, rows, { budget: 0.1, delta: 0.1 });

/**
 * A store whose one version is champion nowhere and carries a certificate for the alert type's own rate, as every trained
 * version does that can. `windowMs` in milliseconds.
 */
export const certifiedRate = (windowMs: number): ModelStore => modelsOf({ v1: certifiedRateFiles(windowMs) });

/** The files of that version, as far as they are read for the rate; `claimed`: what its card says and its rows do not come to. */
export function certifiedRateFiles(
  windowMs: number,
  claimed: Partial<Certificate> = {},
): ReadonlyMap<string, Uint8Array> {
  const certifying = { version: [], fallback: realRows(rows) };
  const calibration = Buffer.from(
    JSON.stringify({ calibration: { kind: "identity" }, past: [], certifying }),
  );
  const card = modelCard.parse({
    schema: 1,
    trainedAt: "2026-02-28T00:00:00.000Z",
    window: windowMs / 1000,
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
    fallback: { certificate: { ...rateCertificate, ...claimed } },
    figures: { scored: 400, auc: { value: 0.8, low: 0.7, high: 0.9 } },
    files: { "calibration.json": createHash("sha256").update(calibration).digest("hex") },
  });
  return new Map([
    ["calibration.json", calibration],
    ["card.json", sealCard(card)],
  ]);
}
