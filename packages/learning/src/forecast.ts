import { attributionsOf, calibrate, score } from "@mrdata/forest";
import { featuresOf, featureTable, type Situation } from "./feature-table.ts";
import { type Interval, intervalOf } from "./interval.ts";
import type { ModelVersion } from "./model-version.ts";
import { type Moved, movedBy } from "./reasons.ts";

/** A version's prediction for one situation. */
export type VersionForecast = {
  /** Probability that it resolves itself within the version's window. */
  readonly probability: number;
  readonly interval: Interval;
  /** By name, null where a value is missing. */
  readonly features: Readonly<Record<string, number | null>>;
  /** What moved it, the largest contribution first. */
  readonly moved: readonly Moved[];
};

/** Evaluates loaded versions; caches each one's table of features. */
export function forecaster(version: ModelVersion): (situation: Situation) => VersionForecast {
  const table = featureTable(version.details);
  const explain = explainer(version);
  return (situation) => {
    const row = featuresOf(situation, version.details);
    const features: Record<string, number | null> = {};
    for (const [i, { name }] of table.entries()) {
      const value = row[i] ?? Number.NaN;
      features[name] = Number.isNaN(value) ? null : value;
    }
    return { ...explain(row), features };
  };
}

/** A version's prediction from stored features: probability, interval and contributions. */
export function forecastOfFeatures(
  version: ModelVersion,
  features: Readonly<Record<string, number | null>>,
): Omit<VersionForecast, "features"> {
  const row = Float32Array.from(featureTable(version.details), ({ name }) => features[name] ?? Number.NaN);
  return explainer(version)(row);
}

function explainer(version: ModelVersion): (row: Float32Array) => Omit<VersionForecast, "features"> {
  const { model, calibration, past, details } = version;
  const table = featureTable(details);
  return (row) => {
    const probability = calibrate(calibration, score(model, row));
    return {
      probability,
      interval: intervalOf(probability, past),
      moved: movedBy(table, row, attributionsOf(model, row).contributions),
    };
  };
}
