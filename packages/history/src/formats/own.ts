import { columnWords, historyColumns, pastIncidentReader } from "@mrdata/learning";
import { nearest, secondsIn } from "@mrdata/pagerduty";
import type { Fields, SourceRow } from "../source-row.ts";
import type { HistoryFormat } from "./format.ts";

/** Our own columns, under which a table of one's own can be read. */
export const own: HistoryFormat = {
  name: "own",
  means:
    "a table (CSV with commas, semicolons or tabs), JSON, or a JSON object a line, with the columns below",
  headings: [...Object.keys(historyColumns), "details"],
  detects: ({ raw }) => {
    const row = canonical(raw);
    return (
      row.id !== undefined &&
      row.title !== undefined &&
      row.created_at !== undefined &&
      (typeof row.service === "number" ||
        (typeof row.service === "string" && !row.service.trimStart().startsWith("{")))
    );
  },
  reader: ({ time, keeps, onLeftOut, isMonitor }) => {
    const read = pastIncidentReader({ time, keeps, onLeftOut });
    return ({ raw, isTable }: SourceRow) => {
      const named = canonical(raw);
      const { resolved_by } = named;
      const row =
        typeof resolved_by === "string" && isMonitor(resolved_by)
          ? { ...named, resolved_by: "integration" }
          : named;
      const told = read(isTable ? cellsOf(row) : row);
      if ("problem" in told) return { problem: missingIn(row, raw) ?? told.problem };
      const { incident } = told;
      return {
        incident,
        // Asked for in the night alone when the clocks go back.
        get lastedMs() {
          return lastedIn(raw);
        },
      };
    };
  },
};

const needed = ["id", "service", "title", "created_at"] as const;
const MAX_SHOWN = 8;

/** What a row lacks that has to be there, what it has instead, and what of that is nearest; null where all is there. */
function missingIn(row: Fields, raw: Fields): string | null {
  const missing = needed.find((name) => row[name] === undefined);
  if (missing === undefined) return null;
  const names = Object.keys(raw);
  const near = nearest(missing, names);
  const shown = `${names.slice(0, MAX_SHOWN).join(", ")}${names.length > MAX_SHOWN ? ", …" : ""}`;
  return `${missing}: is missing; there is ${names.length === 0 ? "nothing" : shown}${near === null ? "" : `, of which ${near} is nearest`}`;
}

/** How people call the time that an incident lasted, by words, and how many milliseconds one of it is. */
const lasted: Readonly<Record<string, number>> = {
  seconds_to_resolve: 1_000,
  time_to_resolve_seconds: 1_000,
  duration_seconds: 1_000,
  duration_s: 1_000,
  duration_sec: 1_000,
  duration: 1_000,
  ttr: 1_000,
  time_to_resolve: 1_000,
  duration_ms: 1,
  duration_minutes: 60_000,
  duration_min: 60_000,
  minutes_to_resolve: 60_000,
};

function lastedIn(raw: Fields): number | undefined {
  for (const [name, value] of Object.entries(raw)) {
    const unit = lasted[columnWords(name)];
    if (unit === undefined || (typeof value !== "string" && typeof value !== "number")) continue;
    // A duration with units of its own is what it says; a number is in the column's.
    const told = secondsIn(String(value));
    if (told === null) continue;
    return /[a-z:]/iu.test(String(value)) ? told * 1_000 : told * unit;
  }
  return undefined;
}

const ownNames: ReadonlySet<string> = new Set([...Object.keys(historyColumns), "details"]);
/** What a heading is called by us: `Created At` is `created_at`. Other columns keep their names, for they are details. */
const called = new Map<string, string>();
const MAX_CALLED = 20_000;
function canonicalName(name: string): string {
  const before = called.get(name);
  if (before !== undefined) return before;
  const words = columnWords(name);
  const found = ownNames.has(words) ? words : name;
  if (called.size < MAX_CALLED) called.set(name, found);
  return found;
}

function canonical(raw: Fields): Fields {
  let renamed: Record<string, unknown> | null = null;
  for (const name of Object.keys(raw)) {
    const to = canonicalName(name);
    if (to === name || raw[to] !== undefined) continue;
    renamed ??= { ...raw };
    delete renamed[name];
    renamed[to] = raw[name];
  }
  return renamed ?? raw;
}

/** Cells are texts: what is written as a number is one, and `details` may be JSON. `details.site` is the detail `site`. */
function cellsOf(record: Fields): Fields {
  const cells: Record<string, unknown> = {};
  const details: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(record)) {
    if (typeof text !== "string") cells[name] = text;
    else if (name === "details" && text.trimStart().startsWith("{")) Object.assign(details, jsonOr(text));
    else if (name.startsWith("details.")) details[name.slice("details.".length)] = cellValue(text);
    else if (name === "maintenance") cells[name] = listOr(text);
    else cells[name] = ownNames.has(name) ? text : cellValue(text);
  }
  return Object.keys(details).length === 0 ? cells : { ...cells, details };
}

const parsedOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const jsonOr = (text: string): Fields => {
  const value = parsedOr(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
};
const listOr = (text: string): unknown => {
  const value = parsedOr(text);
  return Array.isArray(value) ? value : text;
};

/** `007` is no number but a name. */
function cellValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : text;
}
