import { calibrate, score } from "@mrdata/forest";
import { featureTable } from "./feature-table.ts";
import type { ModelVersion } from "./model-version.ts";

/** Features by name, as a prediction stores them; null where a value is missing. */
type ByName = Readonly<Record<string, number | null>>;

/** A model version as served elsewhere, with what is needed to query it for the same row. */
export type ServedModel = {
  /** SHA-256 of its `model.bst`, hexadecimal: identifies the model. */
  readonly modelSha256: string;
  /** The row of these features in the model's order, null where a value is missing. */
  instance(features: ByName): readonly (number | null)[];
  /** The model's raw score before calibration: the answer of an endpoint that serves its `model.bst`. */
  score(features: ByName): number;
  /** The calibrated probability of a score. */
  probability(score: number): number;
};

/** For a loaded version; undefined where its card does not identify its model file. */
export function servedModel({
  model,
  calibration,
  details,
  card,
}: Pick<ModelVersion, "model" | "calibration" | "details" | "card">): ServedModel | undefined {
  const modelSha256 = card.files["model.bst"];
  if (modelSha256 === undefined) return undefined;
  const names = featureTable(details).map(({ name }) => name);
  return {
    modelSha256,
    instance: (features) => names.map((name) => features[name] ?? null),
    score: (features) =>
      score(
        model,
        Float32Array.from(names, (name) => features[name] ?? Number.NaN),
      ),
    probability: (of) => calibrate(calibration, of),
  };
}
