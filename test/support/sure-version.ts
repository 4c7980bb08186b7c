import { modelOf } from "@mrdata/forest";
import { backtestFigures, featureTable, type ScoredIncident, writeVersion } from "@mrdata/learning";
import { defaultSettings, type Settings, withMode } from "@mrdata/platform";
import { somePast } from "./trained-version.ts";

const details = { numbers: [], texts: [] };
const WINDOW_SECONDS = 300;

/** A version for a hold window of five minutes that is sure of every incident, with a certificate: whatever the guard rails leave is held. */
export function sureVersion(trainedAt: number): ReadonlyMap<string, Uint8Array> {
  const at = new Date(trainedAt).toISOString();
  const holdBy = { certified: false, halfBudget: false, point: false };
  // As few as make figures.
  const scored = somePast(trainedAt)
    .slice(0, 8)
    .map(
      (incident, i): ScoredIncident => ({
        incident,
        probability: 0.5,
        rate: 0.5,
        hold: false,
        rateHold: false,
        holdBy,
        label: i % 2 === 0 ? 1 : 0,
      }),
    );
  const leaf = {
    feature: Int32Array.of(-1),
    threshold: Float32Array.of(0),
    left: Int32Array.of(-1),
    defaultLeft: Uint8Array.of(0),
    value: Float32Array.of(0.97),
    cover: Float32Array.of(8),
  };
  return writeVersion(
    {
      model: modelOf([leaf], { kind: "forest", features: featureTable(details).length, base: 0 }),
      calibration: { kind: "identity" },
      past: [],
      details,
      card: {
        schema: 1,
        trainedAt: at,
        window: WINDOW_SECONDS,
        learner: "forest",
        threshold: 0.9,
        rule: { precision: 0.9, rows: 20, missBudget: 0.1 },
        seed: 1,
        incidents: 300,
        from: at,
        to: at,
        services: 1,
        remark: null,
        certificate: {
          budget: 0.1,
          delta: 0.1,
          real: 200,
          missesAllowed: 14,
          misses: 10,
          upperBound: 0.08,
          threshold: 0.9,
          from: at,
          to: at,
        },
        fallback: null,
        figures: backtestFigures(scored),
      },
    },
    () => "",
  );
}

/**
 * Settings by which this service is armed, a minute ago, so that no check of it is missed yet, and what the model is sure of is
 * held, however new it is.
 */
export const holdingOn = (service: string, policy: string): Settings =>
  withMode(
    { ...defaultSettings, novelty: 0, history: 0, control: 0 },
    service,
    { mode: "armed", policy },
    { who: "PPERSON", at: Date.now() - 60_000, why: "a test" },
  );
