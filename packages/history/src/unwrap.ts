import type { Fields } from "./source-row.ts";

/** What stands in the wrapping of a tool: rows, or nothing that is one, and why. */
export type Unwrapped = { readonly rows: readonly Fields[] } | { readonly skipped: string };

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function objectIn(value: unknown): Fields | null {
  if (isObject(value)) return value;
  if (typeof value !== "string") return null;
  try {
    const read: unknown = JSON.parse(value);
    return isObject(read) ? read : null;
  } catch {
    return null;
  }
}

/** Streams of Airbyte and Singer that tell of incidents, by their last word. */
const isOfIncidents = (stream: unknown): boolean =>
  typeof stream !== "string" || /(incidents?|log_entries|alerts?|issues?|tickets?)$/iu.test(stream);

type Wrapping = (row: Fields) => Unwrapped | null;

/** GET /incidents/{id}, and a log entry alone. */
const single: Wrapping = (row) => {
  const inner = objectIn(row.incident) ?? objectIn(row.log_entry);
  // An entry of the log names its incident, too, and stands for itself.
  return inner !== null && row.id === undefined && row.type === undefined ? { rows: [inner] } : null;
};

/** Messages of Airbyte and of Singer: RECORD has a row, the others have none. */
const messages: Wrapping = ({ type, stream, record, ...row }) => {
  if (typeof type !== "string" || !/^[A-Z_]+$/u.test(type) || row.id !== undefined) return null;
  if (type !== "RECORD") return record === undefined ? { skipped: `a message of type ${type}` } : null;
  const told = objectIn(record);
  if (told === null) return null;
  const data = objectIn(told.data);
  const of = stream ?? (data === null ? undefined : told.stream);
  return isOfIncidents(of) ? { rows: [data ?? told] } : { skipped: `of the stream ${String(of)}` };
};

/** Airbyte's raw tables: the row is in `_airbyte_data`. */
const airbyteRaw: Wrapping = (row) => {
  const data = objectIn(row._airbyte_data);
  return data === null ? null : { rows: [data] };
};

const bodies = ["body", "payload", "request", "webhook", "message"] as const;
/** What a receiver of webhooks kept: beside when it came, and its headings, what came. */
const keptWebhook: Wrapping = (row) => {
  const kept = bodies.map((name) => objectIn(row[name])).find((one) => one !== null);
  return kept != null && (Array.isArray(kept.alerts) || isObject(kept.event)) ? { rows: [kept] } : null;
};

/** A dump of Elasticsearch or OpenSearch. */
const elastic: Wrapping = (row) => {
  const source = objectIn(row._source);
  return source === null ? null : { rows: [source] };
};

/** Pages among the objects of a list: `jq -s` puts them there. */
const page =
  (fields: readonly string[]): Wrapping =>
  (row) => {
    if (row.id !== undefined) return null;
    const found = fields.map((name) => row[name]).find(Array.isArray);
    if (found === undefined) return null;
    const rows: readonly unknown[] = found;
    return { rows: rows.filter(isObject) };
  };

/** Takes rows out of what tools wrap them in. `pages` are the names under which a page has its rows. */
export function unwrapper(pages: readonly string[]): (row: Fields) => Unwrapped {
  const wrappings: readonly Wrapping[] = [messages, airbyteRaw, elastic, keptWebhook, single, page(pages)];
  return (row) => {
    if (row.id !== undefined && row._airbyte_data === undefined) return keptWebhook(row) ?? { rows: [row] };
    for (const wrapping of wrappings) {
      const found = wrapping(row);
      if (found !== null) return found;
    }
    return { rows: [row] };
  };
}
