import { type CountName, countOf, type TrackRecord } from "@mrdata/incident";

/** The number of a subject's incidents counted under any of `names`, as far back as its records go. */
export const everOf = (records: readonly TrackRecord[], names: readonly CountName[]): number => {
  let sum = 0;
  for (const { days } of records)
    for (const counts of Object.values(days)) for (const name of names) sum += countOf(counts, name);
  return sum;
};
