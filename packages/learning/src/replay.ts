import {
  alertTypeOf,
  applyChange,
  contributionOf,
  emptyRecord,
  type IncidentEvent,
  type TrackRecord,
  timelineOf,
} from "@mrdata/incident";
import { type DetailColumns, featuresOf, type Situation } from "./feature-table.ts";
import { comparePast, type PastIncident } from "./past-incident.ts";

const HOUR = 3_600_000;
/** A text that takes more values than this share of the rows names each incident, and says nothing of its kind. */
const MOST_VALUES = 0.5;

export type Row = { readonly incident: PastIncident; readonly features: Float32Array };

/** Which details are numbers and which are texts with values that come again. A detail that is both is a text. */
export function detailColumns(history: readonly PastIncident[]): DetailColumns {
  const values = new Map<string, { readonly texts: Set<string>; numbers: number; rows: number }>();
  for (const { details } of history)
    for (const [name, value] of Object.entries(details)) {
      const known = values.get(name) ?? { texts: new Set<string>(), numbers: 0, rows: 0 };
      values.set(name, known);
      known.rows++;
      if (typeof value === "number") known.numbers++;
      known.texts.add(String(value));
    }
  const names = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    numbers: names.filter(([, { numbers, rows }]) => numbers === rows).map(([name]) => name),
    // Few numbers that come again and again are a code, and have a past as texts have.
    texts: names
      .filter(([, { texts, numbers, rows }]) =>
        numbers === rows ? texts.size <= MOST_CODES && texts.size > 1 : texts.size <= MOST_VALUES * rows,
      )
      .map(([name]) => name)
      .filter((name) => !renames(name, history)),
  };
}

/** True if a detail is but another name of the alert type: nearly every value goes with one alert type, and it with it. */
function renames(name: string, history: readonly PastIncident[]): boolean {
  const kinds = new Set<string>();
  const values = new Set<string>();
  const pairs = new Set<string>();
  for (const { service, title, details } of history) {
    const value = details[name];
    if (value === undefined) continue;
    const kind = alertTypeOf(service, title).key;
    kinds.add(kind);
    values.add(JSON.stringify([service, value]));
    pairs.add(JSON.stringify([kind, service, value]));
  }
  return pairs.size <= 1.1 * Math.min(kinds.size, values.size);
}

const MOST_CODES = 50;

/**
 * Plays a history through the reducer that serving uses, in the order in which things happened, and reads each
 * incident's features at the moment it opens: nothing that happened later is in the records yet.
 */
export function replayHistory(
  history: readonly PastIncident[],
  window: number,
  columns: DetailColumns,
  progress: (done: number) => void = () => {},
): readonly Row[] {
  const rules = { window, autoResolveAfter: null };
  const records = new Map<string, TrackRecord>();
  const opened = history.toSorted(comparePast);
  const closings = opened
    .filter(({ resolvedAt }) => resolvedAt !== null)
    .toSorted((a, b) => (a.resolvedAt ?? 0) - (b.resolvedAt ?? 0) || comparePast(a, b));
  const apply = (incident: PastIncident, before: readonly IncidentEvent[], event: IncidentEvent) => {
    const after = timelineOf([...before, event]);
    const change = {
      before: before.length === 0 ? null : contributionOf(before, rules),
      after: contributionOf(after, rules),
      events: 1,
      latest: event.occurredAt,
    };
    for (const key of Object.values(keysOf(incident, columns)))
      records.set(key, applyChange(records.get(key) ?? emptyRecord(window), change));
  };
  const times = opened.map(({ createdAt }) => createdAt);
  const from = { hour: 0, day: 0, week: 0 };
  let closed = 0;
  return opened.map((incident, i) => {
    const at = incident.createdAt;
    for (let next = closings[closed]; next && (next.resolvedAt ?? 0) <= at; next = closings[++closed]) {
      // Closed within its own first moment, it is still to open.
      if (comparePast(next, incident) >= 0) break;
      apply(next, [openingEvent(next)], closingEvent(next));
    }
    while ((times[from.hour] ?? at) < at - HOUR) from.hour++;
    while ((times[from.day] ?? at) < at - 24 * HOUR) from.day++;
    while ((times[from.week] ?? at) < at - 7 * 24 * HOUR) from.week++;
    const features = featuresOf(
      situationOf(incident, columns, records, {
        hour: i - from.hour,
        day: i - from.day,
        week: i - from.week,
      }),
      columns,
    );
    apply(incident, [], openingEvent(incident));
    progress(i + 1);
    return { incident, features };
  });
}

function situationOf(
  incident: PastIncident,
  columns: DetailColumns,
  records: ReadonlyMap<string, TrackRecord>,
  organisation: Situation["organisation"],
): Situation {
  const of = (key: string | undefined): readonly TrackRecord[] => {
    const record = key === undefined ? undefined : records.get(key);
    return record === undefined ? [] : [record];
  };
  const keys = keysOf(incident, columns);
  return {
    openedAt: incident.createdAt,
    urgency: incident.urgency,
    alertType: of(keys["alert-type"]),
    service: of(keys.service),
    texts: Object.fromEntries(
      columns.texts.flatMap((name) => {
        const key = keys[`details.${name}`];
        return key === undefined ? [] : [[name, of(key)]];
      }),
    ),
    numbers: Object.fromEntries(
      Object.entries(incident.details).flatMap(([name, value]) =>
        typeof value === "number" ? [[name, value]] : [],
      ),
    ),
    organisation,
  };
}

/** The records that an incident's events teach, by what they are of. */
function keysOf(
  { service, title, details }: PastIncident,
  { texts }: DetailColumns,
): Readonly<Record<string, string>> {
  const ofDetails = texts.flatMap((name) => {
    const value = details[name];
    return value === undefined
      ? []
      : [[`details.${name}`, `details:${JSON.stringify([service, name, value])}`]];
  });
  return {
    "alert-type": `alert-type:${alertTypeOf(service, title).key}`,
    service: `service:${service}`,
    ...Object.fromEntries(ofDetails),
  };
}

const common = ({ id, service, title, urgency, createdAt }: PastIncident) => ({
  incident: id,
  actorId: null,
  note: null,
  mergedInto: null,
  snapshot: {
    title,
    service,
    serviceName: null,
    status: "triggered" as const,
    urgency,
    priority: null,
    assignees: [],
    escalationPolicy: null,
    teams: [],
    number: null,
    htmlUrl: null,
    createdAt,
  },
});

const openingEvent = (incident: PastIncident): IncidentEvent => ({
  ...common(incident),
  id: `${incident.id} opened`,
  type: "triggered",
  occurredAt: incident.createdAt,
  actor: "integration",
});

const closingEvent = (incident: PastIncident): IncidentEvent => ({
  ...common(incident),
  id: `${incident.id} closed`,
  type: "resolved",
  occurredAt: incident.resolvedAt ?? incident.createdAt,
  actor: incident.resolvedBy ?? "automation",
});
