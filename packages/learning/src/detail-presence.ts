import type { TrainingData } from "@mrdata/forest";
import type { DetailColumns } from "./detail-columns.ts";
import { featureTable } from "./feature-table.ts";

/** Of a detail that all rows had which a version learnt from, or none of them; others are not named. */
export type DetailPresence = Readonly<Record<string, "always" | "never">>;

/** By detail: the features that are there where an incident has it, as a number or as a text with a past. */
const featuresOfDetail = ({ numbers, texts }: DetailColumns, name: string): readonly string[] => [
  ...(numbers.includes(name) ? [`details.${name}`] : []),
  ...(texts.includes(name) ? [`details.${name}.rateEver`] : []),
];

const namesOf = ({ numbers, texts }: DetailColumns): readonly string[] => [
  ...new Set([...numbers, ...texts]),
];

/** Which of the details every learnt row had, and which none. */
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
 * Sentences on the details of a row by which it is unlike all that was learnt: it lacks what every learnt row had, or
 * has what none of them had. A tree answers there without ever having seen the like.
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
