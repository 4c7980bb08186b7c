import { outOfRange } from "@mrdata/base";
import type { TrainingData, TreeModel } from "@mrdata/forest";
import { type Feature, featureTable } from "./feature-table.ts";
import type { ModelVersion } from "./model-version.ts";

/** From where to where a model tells values of a feature apart; null where it does not look at it, or at two sides only. */
type Range = { readonly low: number; readonly high: number } | null;

/** Of these the size says something; shares, times and weekdays have an end of their own. */
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

/** From where to where each feature went in what a model learnt from; null where it was never there. */
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
 * Names the features of a row that are far from everything the model has learnt from, of those that it looks at: a tree
 * answers there what it answers at its edge, without ever having seen the like. Far is beyond what was seen by more than
 * half of that range, and by more than 2: log counts and log seconds are then seven times as large or small. A version
 * that does not say what it saw is gone by its outermost splits, and by twice the distance between them.
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
