import { outOfRange } from "@mrdata/base";
import {
  type Contribution,
  contributionOf,
  detailSubject,
  eventsOf,
  familyOfKey,
  normaliseTitle,
  type PastIncident,
  RECORD_SHARDS,
  type RecordSubject,
  shardOf,
  subjectsOf,
  TrackRecordBuilder,
} from "@mrdata/incident";
import { type DetailColumns, pickDetails } from "./detail-columns.ts";
import type { Situation } from "./feature-table.ts";
import { numbersAmong } from "./numbers-among.ts";

/** The outcome of an incident is known at the earliest this long after its opening, as in `knownAt`, milliseconds. */
const SOONEST = 1_000;

/** The records of one subject, one per shard. */
type Shards = readonly TrackRecordBuilder[];

/** What is known of an incident when it opens, except what opens elsewhere. */
export type ServiceSituation = Omit<Situation, "organisation">;

/**
 * Replays the incidents of one service, given in order of opening, and reports what is known when each one opens: `n`
 * is its index. The records in a situation are valid until the next one is reported.
 */
export function serviceReplay(windowMs: number, details: DetailColumns) {
  const rules = { windowMs, autoResolveAfter: null };
  const records = new Map<string, Shards>();
  const recordsOf = ({ kind, key }: RecordSubject): Shards => {
    const name = `${kind}:${key}`;
    const known = records.get(name);
    if (known !== undefined) return known;
    const made = Array.from(
      { length: RECORD_SHARDS },
      () => new TrackRecordBuilder(windowMs, familyOfKey(kind)),
    );
    records.set(name, made);
    return made;
  };
  // A cache: titles recur, and normalising one takes longer than a lookup.
  const titles = new Map<string, Known>();
  const knownOf = ({ service, title }: PastIncident): Known => {
    const known = titles.get(title);
    if (known !== undefined) return known;
    const made = { title: normaliseTitle(title), shards: subjectsOf(service, title).map(recordsOf) };
    if (titles.size < MAX_TITLES) titles.set(title, made);
    return made;
  };
  const textsFor = ({ service, details: given }: PastIncident): readonly [string, Shards][] =>
    details.texts.flatMap((name): [string, Shards][] => {
      const value = given[name];
      return value === undefined ? [] : [[name, recordsOf(detailSubject(service, name, value))]];
    });

  return (
    incidents: readonly PastIncident[],
    report: (n: number, situation: ServiceSituation) => void,
  ): void => {
    const later = laterEvents(incidents);
    const underWay = new Map<number, UnderWay>();
    let next = 0;
    for (const [n, incident] of incidents.entries()) {
      const at = incident.createdAt;
      for (; next < later.at.length && (later.at[next] ?? at) <= at; next++) {
        const place = later.incident[next] ?? outOfRange();
        const j = later.place[next] ?? outOfRange();
        const one = underWay.get(place);
        if (one === undefined) continue;
        apply(one, j);
        if (j === one.steps.length - 1) underWay.delete(place);
      }
      const { title, shards } = knownOf(incident);
      const [alertType = [], service = [], ...names] = shards;
      const texts = textsFor(incident);
      report(n, {
        openedAt: at,
        title,
        urgency: incident.urgency,
        alertType,
        service,
        ...(details.names === undefined ? {} : { names }),
        texts: Object.fromEntries(texts),
        values: pickDetails(incident.details, { numbers: [], texts: details.texts }).texts,
        numbers: numbersAmong(incident),
      });
      const events = eventsOf(incident);
      const shard = shardOf(incident.id);
      const one: UnderWay = {
        records: [...shards, ...texts.map(([, those]) => those)].flatMap((those) => those[shard] ?? []),
        steps: events.map((_, j) => contributionOf(events.slice(0, j + 1), rules)),
        at: events.map(({ occurredAt }) => occurredAt),
      };
      apply(one, 0);
      if (events.length > 1) underWay.set(n, one);
    }
  };
}

const MAX_TITLES = 200_000;

/** What is looked up once per title. */
type Known = { readonly title: string; readonly shards: readonly Shards[] };

/** An incident with events to come: the records that count it, and its contribution to them after each event. */
type UnderWay = {
  readonly records: readonly TrackRecordBuilder[];
  readonly steps: readonly (Contribution | null)[];
  readonly at: readonly number[];
};

/** Applies an incident's event, by its index, to the records that count it. */
function apply({ records, steps, at }: UnderWay, j: number): void {
  const change = {
    before: steps[j - 1] ?? null,
    after: steps[j] ?? null,
    events: 1,
    latest: at[j] ?? outOfRange(),
  };
  for (const record of records) record.apply(change);
}

/** Events after the openings, in order of time: the incident, the event's index, and when. */
type Later = { readonly at: Float64Array; readonly incident: Int32Array; readonly place: Uint8Array };

function laterEvents(incidents: readonly PastIncident[]): Later {
  const at: number[] = [];
  const incident: number[] = [];
  const place: number[] = [];
  for (const [i, one] of incidents.entries())
    for (let j = 1, events = eventsOf(one); j < events.length; j++) {
      // Clocks with a resolution of seconds put whole bursts into one moment: nothing is known within it.
      at.push(Math.max(events[j]?.occurredAt ?? outOfRange(), one.createdAt + SOONEST));
      incident.push(i);
      place.push(j);
    }
  // Ties stay in order of incident and event: they are in that order, and the sort is stable.
  const order = Int32Array.from(at.keys()).sort(
    (a, b) => (at[a] ?? outOfRange()) - (at[b] ?? outOfRange()) || a - b,
  );
  return {
    at: Float64Array.from(order, (k) => at[k] ?? outOfRange()),
    incident: Int32Array.from(order, (k) => incident[k] ?? outOfRange()),
    place: Uint8Array.from(order, (k) => place[k] ?? outOfRange()),
  };
}
