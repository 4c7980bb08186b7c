import { outOfRange } from "@mrdata/base";
import { organisationCountsAt } from "@mrdata/learning";
import { grouped } from "./grouped.ts";
import { PARTITIONS, partitionOf } from "./partitions.ts";
import type { SortedHeads } from "./sorted-heads.ts";

/** The number of values per incident: its row (−1 for none), and how many incidents opened anywhere in the hour, day and week before it. */
export const PER_PLACE = 4;

/** By partition that has rows: the values of its incidents, in `byService` order. */
export function* placesByPartition(
  heads: SortedHeads,
  rowOf: Int32Array,
): Generator<{ readonly partition: number; readonly numbers: Int32Array }> {
  const { count, serviceAt, services } = heads;
  const countsOf = countsByPlace(heads);
  const placesOf = grouped(count, services.length, (place) => serviceAt[place] ?? outOfRange());
  const byPartition = Map.groupBy(services.entries(), ([, name]) => partitionOf(name));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = (byPartition.get(partition) ?? []).toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
    const places = own.map(([service]) => placesOf(service));
    const numbers = new Int32Array(PER_PLACE * places.reduce((sum, { length }) => sum + length, 0));
    let [at, rows] = [0, 0];
    for (const those of places)
      for (const place of those) {
        const row = rowOf[place] ?? outOfRange();
        const { hour, day, week } = countsOf(place);
        numbers.set([row, hour, day, week], at);
        at += PER_PLACE;
        if (row >= 0) rows++;
      }
    if (rows > 0) yield { partition, numbers };
  }
}

/** An organisation's counts at a place. Incidents that the bot saw live had no knowledge of imported files. */
function countsByPlace({ count, openedAt, byFile }: SortedHeads): ReturnType<typeof organisationCountsAt> {
  const all = organisationCountsAt(openedAt);
  if (!byFile.includes(1)) return all;
  const liveOpenedAt = openedAt.filter((_, place) => byFile[place] === 0);
  const live = organisationCountsAt(liveOpenedAt);
  /** By place: how many before it the bot saw live. */
  const liveBefore = new Int32Array(count);
  let before = 0;
  for (let place = 0; place < count; place++) {
    liveBefore[place] = before;
    if (byFile[place] === 0) before++;
  }
  return (place) => (byFile[place] === 1 ? all(place) : live(liveBefore[place] ?? outOfRange()));
}
