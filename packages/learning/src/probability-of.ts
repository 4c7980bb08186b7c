import { calibrate, score } from "@mrdata/forest";
import { featureTable } from "./feature-table.ts";
import type { ModelVersion } from "./model-version.ts";

/**
 * What a version says of features that were told by name, as a prediction stores them: its probability and nothing else.
 * A feature that was not told, for another version was asked, has no value.
 */
export function probabilityOf(
  version: Pick<ModelVersion, "model" | "calibration" | "details">,
): (features: Readonly<Record<string, number | null>>) => number {
  const names = featureTable(version.details).map(({ name }) => name);
  return (features) => {
    const row = Float32Array.from(names, (name) => features[name] ?? Number.NaN);
    return calibrate(version.calibration, score(version.model, row));
  };
}
