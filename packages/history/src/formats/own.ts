import { columnWords, historyColumns, pastIncidentReader } from "@mrdata/learning";
import { nearest, secondsIn } from "@mrdata/pagerduty";
import type { Fields, SourceRow } from "../source-row.ts";
import type { HistoryFormat } from "./format.ts";

/** Our own columns, for tables that people make themselves. */
export const own: HistoryFormat = {
  name: "own",
  description:
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
      const parsed = read(isTable ? cellsOf(row) : row);
      if ("problem" in parsed) return { problem: missingIn(row, raw) ?? parsed.problem };
      const { incident } = parsed;
      return {
        incident,
        // Lazy: only needed for ambiguous times when the clocks go back.
        get lastedMs() {
          return durationMsIn(raw);
        },
      };
    };
  },
};

const needed = ["id", "service", "title", "created_at"] as const;
const MAX_SHOWN = 8;

/** The first required column that a row lacks, with its columns and the nearest match; null if all are present. */
function missingIn(row: Fields, raw: Fields): string | null {
  const missing = needed.find((name) => row[name] === undefined);
  if (missing === undefined) return null;
  const names = Object.keys(raw);
  const near = nearest(missing, names);
  const shown = `${names.slice(0, MAX_SHOWN).join(", ")}${names.length > MAX_SHOWN ? ", …" : ""}`;
  return `${missing}: is missing; there is ${names.length === 0 ? "nothing" : shown}${near === null ? "" : `, of which ${near} is nearest`}`;
}

/** Usual names of a duration column, normalised, with the unit in milliseconds. */
const durationUnitsMs: Readonly<Record<string, number>> = {
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

function durationMsIn(raw: Fields): number | undefined {
  for (const [name, value] of Object.entries(raw)) {
    const unitMs = durationUnitsMs[columnWords(name)];
    if (unitMs === undefined || (typeof value !== "string" && typeof value !== "number")) continue;
    // A duration may state its own units; a plain number is in the column's.
    const seconds = secondsIn(String(value));
    if (seconds === null) continue;
    return /[a-z:]/iu.test(String(value)) ? seconds * 1_000 : seconds * unitMs;
  }
  return undefined;
}

const ownNames: ReadonlySet<string> = new Set([...Object.keys(historyColumns), "details"]);
/** Our name for a heading: `Created At` is `created_at`. Other columns keep their names, as they are details. */
const canonicalNames = new Map<string, string>();
const MAX_CACHED = 20_000;
function canonicalName(name: string): string {
  const before = canonicalNames.get(name);
  if (before !== undefined) return before;
  const words = columnWords(name);
  const found = ownNames.has(words) ? words : name;
  if (canonicalNames.size < MAX_CACHED) canonicalNames.set(name, found);
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

/** Converts text cells: numerals become numbers, `details` may be JSON, and `details.site` is the detail `site`. */
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

/** Numerals and booleans become values; `007` stays a text. */
function cellValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : text;
}
