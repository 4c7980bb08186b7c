import {
  comparePast,
  contributionOf,
  detailSubject,
  eventsOf,
  type IncidentEvent,
  normaliseTitle,
  type PastIncident,
  RECORD_SHARDS,
  type RecordSubject,
  RunningRecord,
  shardOf,
  subjectsOf,
} from "@mrdata/incident";
import { type DetailColumns, pickDetails } from "./detail-columns.ts";
import { featuresOf, featureTable } from "./feature-table.ts";

const HOUR = 3_600_000;
/** What becomes of an incident is known so long after its opening at the soonest, as in `knownAt`, milliseconds. */
const SOONEST = 1_000;

/** A history as it was lived through: each incident and what was known when it opened. */
export type Replay = {
  /** In order of opening. */
  readonly incidents: readonly PastIncident[];
  /** One column a feature, one entry an incident; in memory that threads may share. */
  readonly columns: readonly Float32Array[];
};

/** The features of one incident of a replay. */
export const rowOf = ({ columns }: Replay, i: number): Float32Array =>
  Float32Array.from(columns, (column) => column[i] ?? Number.NaN);

/** The records of one subject, a shard each. */
type Shards = readonly RunningRecord[];

/**
 * Plays a history through the reducer that serving uses, in the order in which things happened, and reads each
 * incident's features at the moment it opens: nothing that happened later is in the records yet.
 */
export function replayHistory(
  history: readonly PastIncident[],
  window: number,
  details: DetailColumns,
  progress: (done: number, of: number) => void = () => {},
): Replay {
  const rules = { window, autoResolveAfter: null };
  const records = new Map<string, Shards>();
  const recordsOf = ({ kind, key }: RecordSubject): Shards => {
    const name = `${kind}:${key}`;
    const known = records.get(name);
    if (known !== undefined) return known;
    const made = Array.from({ length: RECORD_SHARDS }, () => new RunningRecord(window));
    records.set(name, made);
    return made;
  };
  // The same titles come again, and to normalise one takes longer than to look it up.
  const subjects = new Map<string, Known>();
  const knownOf = ({ service, title }: PastIncident): Known => {
    const name = `${service}\n${title}`;
    const known = subjects.get(name);
    if (known !== undefined) return known;
    const made = { title: normaliseTitle(title), shards: subjectsOf(service, title).map(recordsOf) };
    if (subjects.size < MOST_TITLES) subjects.set(name, made);
    return made;
  };
  const textsFor = ({ service, details: given }: PastIncident): readonly [string, Shards][] =>
    details.texts.flatMap((name): [string, Shards][] => {
      const value = given[name];
      return value === undefined ? [] : [[name, recordsOf(detailSubject(service, name, value))]];
    });

  const incidents = history.toSorted(comparePast);
  const later = laterEvents(incidents);

  const apply = (incident: PastIncident, events: readonly IncidentEvent[], j: number) => {
    const change = {
      before: j === 0 ? null : contributionOf(events.slice(0, j), rules),
      after: contributionOf(events.slice(0, j + 1), rules),
      events: 1,
      latest: events[j]?.occurredAt ?? incident.createdAt,
    };
    const shard = shardOf(incident.id);
    for (const shards of knownOf(incident).shards) shards[shard]?.apply(change);
    for (const [, shards] of textsFor(incident)) shards[shard]?.apply(change);
  };

  const columns = featureTable(details).map(
    () => new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * incidents.length)),
  );
  const from = { hour: 0, day: 0, week: 0 };
  let next = 0;
  for (const [i, incident] of incidents.entries()) {
    const at = incident.createdAt;
    for (; next < later.at.length && (later.at[next] ?? at) <= at; next++) {
      const of = incidents[later.incident[next] ?? 0];
      if (of !== undefined) apply(of, eventsOf(of), later.place[next] ?? 0);
    }
    while ((incidents[from.hour]?.createdAt ?? at) < at - HOUR) from.hour++;
    while ((incidents[from.day]?.createdAt ?? at) < at - 24 * HOUR) from.day++;
    while ((incidents[from.week]?.createdAt ?? at) < at - 7 * 24 * HOUR) from.week++;
    const { title, shards } = knownOf(incident);
    const [alertType = [], service = []] = shards;
    const row = featuresOf(
      {
        openedAt: at,
        title,
        urgency: incident.urgency,
        alertType,
        service,
        texts: Object.fromEntries(textsFor(incident)),
        values: valuesAmong(incident, details),
        numbers: numbersAmong(incident),
        organisation: { hour: i - from.hour, day: i - from.day, week: i - from.week },
      },
      details,
    );
    for (const [k, column] of columns.entries()) column[i] = row[k] ?? Number.NaN;
    apply(incident, eventsOf(incident), 0);
    progress(i + 1, incidents.length);
  }
  return { incidents, columns };
}

const MOST_TITLES = 200_000;

/** What is looked up once for a title on a service. */
type Known = { readonly title: string; readonly shards: readonly Shards[] };

/** Events after the openings, in order of time: of which incident, the how manieth, and when. */
type Later = { readonly at: Float64Array; readonly incident: Int32Array; readonly place: Uint8Array };

function laterEvents(incidents: readonly PastIncident[]): Later {
  const at: number[] = [];
  const incident: number[] = [];
  const place: number[] = [];
  for (const [i, one] of incidents.entries())
    for (let j = 1, events = eventsOf(one); j < events.length; j++) {
      // Clocks that tell seconds alone put whole bursts into one moment: nothing is known within it.
      at.push(Math.max(events[j]?.occurredAt ?? 0, one.createdAt + SOONEST));
      incident.push(i);
      place.push(j);
    }
  // Equal moments stay in order of incident and event: that is how they stand, and sorting leaves equals as they are.
  const order = Int32Array.from(at.keys()).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0) || a - b);
  return {
    at: Float64Array.from(order, (k) => at[k] ?? 0),
    incident: Int32Array.from(order, (k) => incident[k] ?? 0),
    place: Uint8Array.from(order, (k) => place[k] ?? 0),
  };
}

/** The values of the texts that a model looks at. */
const valuesAmong = ({ details: given }: PastIncident, { texts }: DetailColumns) =>
  pickDetails(given, { numbers: [], texts }).texts;

/** The numbers among an incident's details. */
export const numbersAmong = ({ details }: Pick<PastIncident, "details">): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([name, value]) => (typeof value === "number" ? [[name, value]] : [])),
  );
