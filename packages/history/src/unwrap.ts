import type { Fields } from "./source-row.ts";

/** The content of a tool's wrapper: rows, or the reason why it has none. */
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

/** Whether an Airbyte or Singer stream is about incidents, by the last word of its name. */
const isOfIncidents = (stream: unknown): boolean =>
  typeof stream !== "string" || /(incidents?|log_entries|alerts?|issues?|tickets?)$/iu.test(stream);

type Wrapper = (row: Fields) => Unwrapped | null;

/** The response of GET /incidents/{id}, or a single log entry. */
const single: Wrapper = (row) => {
  const inner = objectIn(row.incident) ?? objectIn(row.log_entry);
  // A log entry also contains its incident; it must not be unwrapped.
  return inner !== null && row.id === undefined && row.type === undefined ? { rows: [inner] } : null;
};

/** Messages of Airbyte and Singer: only RECORD has a row. */
const messages: Wrapper = ({ type, stream, record, ...row }) => {
  if (typeof type !== "string" || !/^[A-Z_]+$/u.test(type) || row.id !== undefined) return null;
  if (type !== "RECORD") return record === undefined ? { skipped: `a message of type ${type}` } : null;
  const inner = objectIn(record);
  if (inner === null) return null;
  const data = objectIn(inner.data);
  const of = stream ?? (data === null ? undefined : inner.stream);
  return isOfIncidents(of) ? { rows: [data ?? inner] } : { skipped: `of the stream ${String(of)}` };
};

/** Airbyte's raw tables: the row is in `_airbyte_data`. */
const airbyteRaw: Wrapper = (row) => {
  const data = objectIn(row._airbyte_data);
  return data === null ? null : { rows: [data] };
};

const bodies = ["body", "payload", "request", "webhook", "message"] as const;
/** A webhook stored with metadata such as its time and headers. */
const keptWebhook: Wrapper = (row) => {
  const kept = bodies.map((name) => objectIn(row[name])).find((one) => one !== null);
  return kept != null && (Array.isArray(kept.alerts) || isObject(kept.event)) ? { rows: [kept] } : null;
};

/** A dump of Elasticsearch or OpenSearch. */
const elastic: Wrapper = (row) => {
  const source = objectIn(row._source);
  return source === null ? null : { rows: [source] };
};

/** Pages among the objects of a list: `jq -s` puts them there. */
const page =
  (fields: readonly string[]): Wrapper =>
  (row) => {
    if (row.id !== undefined) return null;
    const found = fields.map((name) => row[name]).find(Array.isArray);
    if (found === undefined) return null;
    const rows: readonly unknown[] = found;
    return { rows: rows.filter(isObject) };
  };

/** Extracts rows from the wrappers of tools. `pages`: the names under which a page has its rows. */
export function unwrapper(pages: readonly string[]): (row: Fields) => Unwrapped {
  const wrappers: readonly Wrapper[] = [messages, airbyteRaw, elastic, keptWebhook, single, page(pages)];
  return (row) => {
    if (row.id !== undefined && row._airbyte_data === undefined) return keptWebhook(row) ?? { rows: [row] };
    for (const wrapper of wrappers) {
      const found = wrapper(row);
      if (found !== null) return found;
    }
    return { rows: [row] };
  };
}
