import { outOfRange } from "@mrdata/base";
import type { Feature, ModelVersion } from "@mrdata/learning";

/** A feature in words, and how much of the model's splitting is by it, from 0 to 1; null where that was not counted. */
export type WeighedFeature = Pick<Feature, "name" | "sentence"> & { readonly importance: number | null };

type Trees = Pick<ModelVersion["model"], "feature" | "cover">;

/**
 * How much of the splitting is by each feature: the rows that come by its splits, as a share of those that come by any
 * (XGBoost's `total_cover`, https://xgboost.readthedocs.io/en/stable/python/python_api.html). Leaves split nothing.
 */
function shares({ feature, cover }: Trees): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  let all = 0;
  for (const [node, place] of feature.entries()) {
    if (place < 0) continue;
    const rows = cover[node] ?? outOfRange();
    sums.set(place, (sums.get(place) ?? 0) + rows);
    all += rows;
  }
  return new Map([...sums].map(([place, rows]) => [place, all === 0 ? 0 : rows / all]));
}

const WORDS = "words";

/** The table's features, words as one row, the weightiest first where that was counted. */
export function weighedFeatures(table: readonly Feature[], model: Trees | null): readonly WeighedFeature[] {
  const byPlace = model === null ? null : shares(model);
  const weighed = table.map(({ name, sentence, type }, place) => ({
    name: type === WORDS ? WORDS : name,
    sentence,
    importance: byPlace === null ? null : (byPlace.get(place) ?? 0),
  }));
  const own = weighed.filter(({ name }) => name !== WORDS);
  const words = weighed.filter(({ name }) => name === WORDS);
  const [first] = words;
  const all =
    first === undefined
      ? own
      : [
          ...own,
          {
            ...first,
            importance:
              byPlace === null ? null : words.reduce((sum, { importance }) => sum + (importance ?? 0), 0),
          },
        ];
  return byPlace === null ? all : all.toSorted((a, b) => (b.importance ?? 0) - (a.importance ?? 0));
}
