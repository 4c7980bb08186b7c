import { outOfRange } from "@mrdata/base";
import type { TrainingData, TreeModel } from "@mrdata/forest";
import { type Feature, featureTable } from "./feature-table.ts";
import type { ModelVersion } from "./model-version.ts";

/**
 * The range in which a model distinguishes values of a feature; null where it does not use it, or distinguishes only
 * two sides.
 */
type Range = { readonly low: number; readonly high: number } | null;

/** Only for these is the magnitude unbounded; shares, times and weekdays have a fixed range. */
const unbounded: readonly Feature["type"][] = ["count", "log-count", "log-seconds", "number"];

function splitRanges({ feature, threshold, features }: TreeModel): readonly Range[] {
  const low = new Float64Array(features).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(features).fill(Number.NEGATIVE_INFINITY);
  for (let node = 0; node < feature.length; node++) {
    const of = feature[node] ?? -1;
    if (of < 0) continue;
    const at = threshold[node] ?? outOfRange();
    if (at < (low[of] ?? outOfRange())) low[of] = at;
    if (at > (high[of] ?? outOfRange())) high[of] = at;
  }
  return Array.from(low, (from, i) => {
    const to = high[i] ?? from;
    return from < to ? { low: from, high: to } : null;
  });
}

/** The range of each feature in a model's training data; null where it was always missing. */
export const learntRanges = ({ columns }: Pick<TrainingData, "columns">): LearntRanges =>
  columns.map((column) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of column) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low <= high ? [low, high] : null;
  });
export type LearntRanges = readonly (readonly [low: number, high: number] | null)[];

/**
 * The features of a row, among those the model uses, that are far from all training data: a tree answers there as at
 * its edge, without having seen anything similar. Far is beyond the seen range by more than half of it, and by more
 * than 2: log counts and log seconds are then seven times as large or small. For a version without stored ranges its
 * outermost splits are used, with twice the distance between them.
 */
export function outsideOf({
  model,
  details,
  ranges: seen,
}: Pick<ModelVersion, "model" | "details" | "ranges">): (
  features: Readonly<Record<string, number | null>>,
) => readonly string[] {
  const splits = splitRanges(model);
  const watched = featureTable(details).flatMap(({ name, sentence, type }, i) => {
    const split = splits[i] ?? null;
    if (split === null || !unbounded.includes(type)) return [];
    const [low, high] = seen?.[i] ?? [split.low, split.high];
    const margin = Math.max(2, (seen?.[i] ? 0.5 : 2) * (high - low));
    return [{ name, sentence, low: low - margin, high: high + margin }];
  });
  return (features) =>
    watched.flatMap(({ name, sentence, low, high }) => {
      const value = features[name];
      if (value === null || value === undefined) return [];
      return value < low || value > high ? [sentence] : [];
    });
}
