import { calibrate, score } from "@mrdata/forest";
import { featureTable } from "./feature-table.ts";
import type { ModelVersion } from "./model-version.ts";

/** Features by name, as a prediction stores them; null where a value is missing. */
type ByName = Readonly<Record<string, number | null>>;

/** A model version as it can be served elsewhere, and asked about the same row there. */
export type ServedModel = {
  /** SHA-256 of its `model.bst`, hexadecimal: which model it is. */
  readonly modelSha256: string;
  /** The row of these features in the model's order, null where a value is missing. */
  instance(features: ByName): readonly (number | null)[];
  /** What the model itself says of them, before calibration: what an endpoint that serves its `model.bst` answers with. */
  score(features: ByName): number;
  /** The calibrated probability of a score. */
  probability(score: number): number;
};

/** Of a version that was read; undefined where its card does not say which file its model is. */
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
