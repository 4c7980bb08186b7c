import { calibrate, score } from "@mrdata/forest";
import { featureTable } from "./feature-table.ts";
import { featuresLearntWith } from "./learnt-with-version.ts";
import type { ModelVersion } from "./model-version.ts";
import type { Valued } from "./value-effects.ts";

/**
 * What a version says of an incident by features that were told by name, as a prediction of another version stores them: its
 * probability and nothing else. A feature that was not told, for another version was asked, has no value; what is learnt
 * with a version is its own.
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
