import { outOfRange } from "@mrdata/base";
import type { Feature, ModelVersion } from "@mrdata/learning";

/** A feature with its description and importance, from 0 to 1; null without a model. */
export type FeatureImportance = Pick<Feature, "name" | "sentence"> & { readonly importance: number | null };

type Trees = Pick<ModelVersion["model"], "feature" | "cover">;

/**
 * Feature importance by cover: the rows that pass a feature's splits, as a share of the rows that pass any split (XGBoost's `total_cover`,
 * https://xgboost.readthedocs.io/en/stable/python/python_api.html). Leaves do not count.
 */
function coverShares({ feature, cover }: Trees): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  let all = 0;
  for (const [node, index] of feature.entries()) {
    if (index < 0) continue;
    const rows = cover[node] ?? outOfRange();
    sums.set(index, (sums.get(index) ?? 0) + rows);
    all += rows;
  }
  return new Map([...sums].map(([index, rows]) => [index, all === 0 ? 0 : rows / all]));
}

const WORDS = "words";

/** The features with all words merged into one row, the most important first if there is a model. */
export function featureImportances(
  table: readonly Feature[],
  model: Trees | null,
): readonly FeatureImportance[] {
  const byIndex = model === null ? null : coverShares(model);
  const rated = table.map(({ name, sentence, type }, index) => ({
    name: type === WORDS ? WORDS : name,
    sentence,
    importance: byIndex === null ? null : (byIndex.get(index) ?? 0),
  }));
  const own = rated.filter(({ name }) => name !== WORDS);
  const words = rated.filter(({ name }) => name === WORDS);
  const [first] = words;
  const all =
    first === undefined
      ? own
      : [
          ...own,
          {
            ...first,
            importance:
              byIndex === null ? null : words.reduce((sum, { importance }) => sum + (importance ?? 0), 0),
          },
        ];
  return byIndex === null ? all : all.toSorted((a, b) => (b.importance ?? 0) - (a.importance ?? 0));
}
