import type { TrainingData } from "@mrdata/forest";
import type { DetailColumns } from "./detail-columns.ts";
import { featureTable } from "./feature-table.ts";

/** Details that all rows, or none, of a version's training data had; others are not listed. */
export type DetailPresence = Readonly<Record<string, "always" | "never">>;

/** The features that are present where an incident has the detail, as a number or as a text with a past. */
const featuresOfDetail = ({ numbers, texts }: DetailColumns, name: string): readonly string[] => [
  ...(numbers.includes(name) ? [`details.${name}`] : []),
  ...(texts.includes(name) ? [`details.${name}.rateEver`] : []),
];

const namesOf = ({ numbers, texts }: DetailColumns): readonly string[] => [
  ...new Set([...numbers, ...texts]),
];

/** The details that every training row had, and those that none had. */
export function presenceOf(
  { columns }: Pick<TrainingData, "columns">,
  details: DetailColumns,
): DetailPresence {
  const places = new Map(featureTable(details).map(({ name }, i) => [name, i]));
  return Object.fromEntries(
    namesOf(details).flatMap((name): [string, "always" | "never"][] => {
      const own = featuresOfDetail(details, name).flatMap((feature) => {
        const column = columns[places.get(feature) ?? -1];
        return column === undefined ? [] : [column];
      });
      const rows = own[0]?.length ?? 0;
      let having = 0;
      for (let i = 0; i < rows; i++) if (own.some((column) => !Number.isNaN(column[i]))) having++;
      if (rows === 0) return [];
      return having === rows ? [[name, "always"]] : having === 0 ? [[name, "never"]] : [];
    }),
  );
}

/**
 * Sentences on how a row's details differ from all training rows: it lacks what every one had, or has what none had. A
 * tree answers there without having seen anything similar.
 */
export function unlikeLearnt({
  details,
  presence = {},
}: {
  readonly details: DetailColumns;
  readonly presence?: DetailPresence | undefined;
}): (features: Readonly<Record<string, number | null>>) => readonly string[] {
  const watched = namesOf(details).flatMap((name) => {
    const always = presence[name];
    return always === undefined ? [] : [{ name, always, features: featuresOfDetail(details, name) }];
  });
  return (features) =>
    watched.flatMap(({ name, always, features: own }) => {
      const has = own.some((feature) => (features[feature] ?? null) !== null);
      if (always === "always")
        return has ? [] : [`every incident that it learnt from had its ${name}, and this one has none`];
      return has ? [`no incident that it learnt from had a ${name}, and this one has`] : [];
    });
}
