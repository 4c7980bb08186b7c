import type { TreeModel } from "@mrdata/forest";
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
    const at = threshold[node] ?? 0;
    if (at < (low[of] ?? 0)) low[of] = at;
    if (at > (high[of] ?? 0)) high[of] = at;
  }
  return Array.from(low, (from, i) => {
    const to = high[i] ?? from;
    return from < to ? { low: from, high: to } : null;
  });
}

/**
 * Names the features of a row that are far from everything the model tells apart: beyond its outermost splits by
 * more than twice the distance between them, and by more than 2. A tree answers there what it answers at its edge,
 * without ever having seen the like.
 */
export function outsideOf(
  version: Pick<ModelVersion, "model" | "details">,
): (features: Readonly<Record<string, number | null>>) => readonly string[] {
  const ranges = splitRanges(version.model);
  const table = featureTable(version.details).map((feature, i) => ({ ...feature, range: ranges[i] ?? null }));
  const watched = table.filter(({ type }) => unbounded.includes(type));
  return (features) =>
    watched.flatMap(({ name, sentence, range }) => {
      const value = features[name];
      if (range === null || value === null || value === undefined) return [];
      const margin = Math.max(2, 2 * (range.high - range.low));
      return value < range.low - margin || value > range.high + margin ? [sentence] : [];
    });
}
