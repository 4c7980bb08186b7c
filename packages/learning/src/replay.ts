import { outOfRange } from "@mrdata/base";
import { comparePast, type OrganisationCounts, type PastIncident } from "@mrdata/incident";
import type { DetailColumns } from "./detail-columns.ts";
import { featuresOf, featureTable, LEARNT_NAME, placeAmong, VALUE_EFFECT } from "./feature-table.ts";
import { effectColumn } from "./fit-value-effects.ts";
import { learntNameColumn } from "./names/learnt-name-column.ts";
import { serviceReplay } from "./service-replay.ts";

const HOUR = 3_600_000;

/** A history as it unfolded: each incident and what was known when it opened. */
export type Replay = {
  /** In order of opening. */
  readonly incidents: readonly PastIncident[];
  /** One column per feature, one entry per incident; in memory that threads may share. */
  readonly columns: readonly Float32Array[];
  /**
   * Ids of incidents used for training but excluded from every count: nobody has confirmed them. Omitted where there
   * are none.
   */
  readonly apart?: ReadonlySet<string>;
};

/** The features of one incident of a replay. */
export const rowOf = ({ columns }: Replay, i: number): Float32Array =>
  Float32Array.from(columns, (column) => column[i] ?? Number.NaN);

/**
 * Replays a history through the reducer that serving uses, in order of time, and reads each incident's features when it
 * opens: nothing later is in the records yet. No record spans two services, so services are replayed one after the
 * other, and only one service's records are in memory at a time.
 */
export function replayHistory(
  history: readonly PastIncident[],
  windowMs: number,
  details: DetailColumns,
  progress: (done: number, of: number) => void = () => {},
): Replay {
  const incidents = history.toSorted(comparePast);
  const organisation = organisationCounts(incidents);
  const columns = featureTable(details).map(
    () => new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * incidents.length)),
  );
  let done = 0;
  for (const places of placesByService(incidents)) {
    const play = serviceReplay(windowMs, details);
    const own = Array.from(places, (i) => incidents[i]).filter((incident) => incident !== undefined);
    play(own, (n, situation) => {
      const i = places[n] ?? outOfRange();
      const row = featuresOf({ ...situation, organisation: organisation(i) }, details);
      for (const [k, column] of columns.entries()) column[i] = row[k] ?? Number.NaN;
      progress(++done, incidents.length);
    });
  }
  if (details.effects === true)
    columns[placeAmong(featureTable(details), VALUE_EFFECT)]?.set(
      effectColumn(incidents, windowMs, details.texts),
    );
  if (details.learnt === true)
    columns[placeAmong(featureTable(details), LEARNT_NAME)]?.set(learntNameColumn(incidents, windowMs));
  return { incidents, columns };
}

/** The indexes of each service's incidents, in order. */
function placesByService(incidents: readonly PastIncident[]): Iterable<readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [i, { service }] of incidents.entries()) {
    const those = places.get(service);
    if (those === undefined) places.set(service, [i]);
    else those.push(i);
  }
  return places.values();
}

/** How many incidents opened anywhere in the hour, day and week before the one at an index. */
export function organisationCounts(
  incidents: readonly Pick<PastIncident, "createdAt">[],
): (i: number) => OrganisationCounts {
  return organisationCountsAt(Float64Array.from(incidents, ({ createdAt }) => createdAt));
}

/** The same from the moments of opening alone, ascending, milliseconds since the epoch. */
export function organisationCountsAt(openedAt: Float64Array): (i: number) => OrganisationCounts {
  const within = (time: number): Int32Array => {
    let first = 0;
    return new Int32Array(openedAt.length).map((_, i) => {
      const from = (openedAt[i] ?? outOfRange()) - time;
      while ((openedAt[first] ?? from) < from) first++;
      return i - first;
    });
  };
  const [hour, day, week] = [within(HOUR), within(24 * HOUR), within(7 * 24 * HOUR)];
  return (i) => ({
    hour: hour[i] ?? outOfRange(),
    day: day[i] ?? outOfRange(),
    week: week[i] ?? outOfRange(),
  });
}
