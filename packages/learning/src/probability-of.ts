import { calibrate, score } from "@mrdata/forest";
import { featureTable } from "./feature-table.ts";
import { featuresLearntWith } from "./learnt-with-version.ts";
import type { ModelVersion } from "./model-version.ts";
import type { Valued } from "./value-effects.ts";

/**
 * A version's probability for an incident from named features, as a prediction of another version stores them. A
 * feature missing there, because the other version does not use it, has no value; features learnt with a version are
 * its own.
 */
export function probabilityOf(
  version: Pick<
    ModelVersion,
    "model" | "calibration" | "details" | "valueEffects" | "titleComponents" | "learntNames"
  >,
): (features: Readonly<Record<string, number | null>>, incident: Valued) => number {
  const names = featureTable(version.details).map(({ name }) => name);
  const ownOf = featuresLearntWith(version);
  return (features, incident) => {
    const all = { ...features, ...ownOf(incident) };
    const row = Float32Array.from(names, (name) => all[name] ?? Number.NaN);
    return calibrate(version.calibration, score(version.model, row));
  };
}
