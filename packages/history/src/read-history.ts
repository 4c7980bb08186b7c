import type { IncidentEvent, PastIncident } from "@mrdata/incident";
import { columnWords } from "@mrdata/learning";
import { type Identity, mergeIncidents, nearest, pastFrom } from "@mrdata/pagerduty";
import { type ColumnMapping, mappedRow } from "./column-mapping.ts";
import { type FormatRow, type HistoryFormat, NO_SERVICE } from "./formats/format.ts";
import { eventFormats, historyFormats, pageNames } from "./formats/index.ts";
import { own } from "./formats/own.ts";
import { HistoryFileError } from "./history-file-error.ts";
import { openText, type TextEncodingName } from "./open-text.ts";
import { type DateOrder, timeMeanings } from "./read-times.ts";
import { rowsOf } from "./rows-of.ts";
import { settleTimes } from "./settle-times.ts";
import { type SourceRow, sourceRow } from "./source-row.ts";
import { unwrapper } from "./unwrap.ts";

export type BadRow = { readonly file: string; readonly line: number; readonly problem: string };
export type History = {
  readonly incidents: readonly PastIncident[];
  /** Number of rows, and of those among them that could not be read and were left out. */
  readonly rows: number;
  readonly bad: number;
  /** Number of rows about an incident that was already read: the last one counts. */
  readonly duplicates: number;
  /** Number of rows left out, by reason. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Columns only known afterwards, judged by name or because they changed, with the reason. */
  readonly columnsLeftOut: ReadonlyMap<string, string>;
  /** Remarks for the reader, with the number of occurrences. */
  readonly remarks: ReadonlyMap<string, number>;
  /** Number of rows by format. */
  readonly formats: ReadonlyMap<string, number>;
  /** Whether any row had a field about escalations or reassignments. */
  readonly recordsEscalations: boolean;
};

/** Rows per file that are examined for their fields. */
const EXAMINED_ROWS = 50;
/** Fields about escalations and reassignments, in any export. */
const escalates = /escalat(?!ion[ _.]?polic)|reassign|taken[ _]?over|neuzuweis|r[eé]affect/iu;

/** Rows between two progress reports. */
const PROGRESS_INTERVAL = 5_000;
/** PagerDuty's default `auto_resolve_timeout` (API reference, Service). */
export const AUTO_RESOLVE_AFTER = 4 * 3_600_000;
/** The replacement character, which programs write for undecodable bytes. */
const REPLACEMENT_CHARACTER = "\ufffd";
/** Tolerance for clock skew and unstated time zones. */
const MAX_FUTURE_MS = 24 * 3_600_000;

export type ReadOptions = {
  /** The name of a format, instead of detection by row. */
  readonly format?: string;
  /** The zone of times without an offset. */
  readonly timeZone?: string;
  /** The order in dates like 3/4/2024. */
  readonly dateOrder?: DateOrder;
  readonly encoding?: TextEncodingName;
  /** The file's headings for our columns. */
  readonly columns?: ColumnMapping;
  readonly identity?: Identity;
  /** Names, as written in the export, that close incidents for the monitor. */
  readonly monitors?: readonly string[];
  /** Columns to use as details in spite of any objection. */
  readonly keepColumns?: readonly string[];
  /** PagerDuty's auto-resolve timeout, milliseconds; null for none. */
  readonly autoResolveAfter?: number | null;
  readonly strict?: boolean;
  /** The current time, milliseconds since the epoch: later openings are bad rows. */
  readonly now?: number;
  readonly onBad?: (row: BadRow) => void;
  /** Called every few thousand rows with the number of rows read. */
  readonly progress?: (rows: number) => void;
};

/**
 * Reads the history in one or more files: an incident's row and its log entries may be in different ones. Bad rows are passed to `onBad` and
 * left out; with `strict` the first one throws a HistoryFileError with its line.
 */
export async function readHistory(files: readonly string[], options: ReadOptions = {}): Promise<History> {
  const { strict = false, onBad = () => {}, progress = () => {}, columns = new Map(), encoding } = options;
  const tally = newTally();
  const read = rowReader(options, tally);
  const unwrap = unwrapper(pageNames);
  const found = incidentMerger(tally);
  const headings = new Set([...columns.values()].map(columnWords));
  /** Rows with ambiguous dates, whose order other rows may reveal. */
  const waiting: { readonly file: string; readonly line: number; readonly row: SourceRow }[] = [];
  let rows = 0;
  let bad = 0;
  const isBad = (file: string, line: number, problem: string) => {
    if (strict) throw new HistoryFileError(`${file}, line ${line}: ${problem}`);
    bad++;
    tally.leftOut(problem);
    onBad({ file, line, problem });
  };
  for (const file of files) {
    const mapped = columns.size === 0 ? null : mappedRow(file, columns);
    const rowsOptions = { headings, remark: tally.remark };
    let isFirst = true;
    let examined = 0;
    for await (const row of rowsOf(file, openText(file, encoding), rowsOptions)) {
      if (++rows % PROGRESS_INTERVAL === 0) progress(rows);
      if ("problem" in row) {
        isBad(file, row.line, row.problem);
        continue;
      }
      const isTable = row.isTable === true;
      const unwrapped = unwrap(mapped === null ? row.value : mapped(row.value));
      if ("skipped" in unwrapped) {
        tally.skip(unwrapped.skipped);
        continue;
      }
      for (const value of unwrapped.rows) {
        const source = sourceRow(value, isTable);
        if (isFirst && isTable) assertReadable(file, source, options.format);
        isFirst = false;
        if (examined++ < EXAMINED_ROWS && Object.keys(value).some((name) => escalates.test(name)))
          tally.recordsEscalations();
        const answer = read(source);
        if (answer === "takes-order") waiting.push({ file, line: row.line, row: source });
        else if ("problem" in answer) isBad(file, row.line, answer.problem);
        else found.take(answer);
      }
    }
  }
  for (const { file, line, row } of waiting) {
    const answer = read(row, tally.dateOrder());
    if (answer === "takes-order")
      isBad(file, line, "its date may be day/month or month/day, and no other row tells: say --date-order");
    else if ("problem" in answer) isBad(file, line, answer.problem);
    else found.take(answer);
  }
  const { incidents, duplicates } = found.end();
  return { incidents, rows, bad, duplicates, ...tally.all() };
}

/** Counters and remarks collected while reading. */
function newTally() {
  const leftOut = new Map<string, number>();
  const columnsLeftOut = new Map<string, string>();
  const remarks = new Map<string, number>();
  const formats = new Map<string, number>();
  let recordsEscalations = false;
  const orders = new Set<DateOrder>();
  const count = (of: Map<string, number>, name: string) => {
    of.set(name, (of.get(name) ?? 0) + 1);
  };
  return {
    leftOut: (problem: string) => count(leftOut, kindOf(problem)),
    skip: (reason: string) => count(leftOut, reason),
    remark: (sentence: string) => count(remarks, sentence),
    format: (name: string) => count(formats, name),
    columnLeftOut: (name: string, reason: string) => {
      if (!columnsLeftOut.has(name)) columnsLeftOut.set(name, reason);
    },
    tellsOrder: (order: DateOrder) => orders.add(order),
    dateOrder: (): DateOrder | null => (orders.size === 1 ? ([...orders][0] ?? null) : null),
    recordsEscalations: () => {
      recordsEscalations = true;
    },
    all: () => ({
      leftOut,
      columnsLeftOut,
      remarks,
      formats,
      recordsEscalations: recordsEscalations || [...formats.keys()].some((name) => eventFormats.has(name)),
    }),
  };
}
type Tally = ReturnType<typeof newTally>;

/** Groups problems by removing the value after the message: `created_at: is no time: soon`. */
function kindOf(problem: string): string {
  const kind = problem.replace(/^([^:]*: is [^:]*): .*$/su, "$1");
  return kind.length > 80 ? `${kind.slice(0, 79)}…` : kind;
}

/** Reads each row by the format that detects it; `takes-order` for one with an ambiguous date order. */
function rowReader(options: ReadOptions, tally: Tally) {
  const {
    format,
    timeZone = "UTC",
    dateOrder = null,
    identity = { botUser: null },
    autoResolveAfter = AUTO_RESOLVE_AFTER,
    keepColumns = [],
    monitors = [],
    now = Date.now(),
  } = options;
  const kept = new Set(keepColumns.map(columnWords));
  const monitorNames = new Set(monitors.map((name) => name.trim().toLowerCase()));
  const named = historyFormats.find(({ name }) => name === format);
  const settle = settleTimes(
    (order) => timeMeanings({ timeZone, dateOrder: order ?? dateOrder }),
    tally.remark,
    tally.tellsOrder,
  );
  const readers = new Map<HistoryFormat, (row: SourceRow) => FormatRow>();
  const readerOf = (of: HistoryFormat) => {
    const before = readers.get(of);
    if (before !== undefined) return before;
    const made = of.reader({
      identity,
      autoResolveAfter,
      time: settle.time,
      keeps: (name) => kept.has(columnWords(name)),
      onLeftOut: (name) => tally.columnLeftOut(name, "by its name it is only known afterwards"),
      isMonitor: (name) => monitorNames.has(name.trim().toLowerCase()),
    });
    readers.set(of, made);
    return made;
  };
  return (row: SourceRow, order: DateOrder | null = null): FormatRow | "takes-order" => {
    const of = named ?? historyFormats.find((one) => one.detects(row)) ?? own;
    const parsed = settle.read(() => readerOf(of)(row), order);
    if (parsed === "takes-order" || "problem" in parsed) return parsed;
    tally.format(of.name);
    if ("incident" in parsed && parsed.incident.title.includes(REPLACEMENT_CHARACTER))
      tally.remark(
        `titles with ${REPLACEMENT_CHARACTER}, which stands for letters that were lost before the file came here`,
      );
    const opened = "incident" in parsed ? parsed.incident.createdAt : null;
    if (opened !== null && opened > now + MAX_FUTURE_MS)
      return { problem: `created_at: is in the future: ${new Date(opened).toISOString()}` };
    return parsed;
  };
}

/** Merges the rows about the same incident. */
function incidentMerger(tally: Tally) {
  const incidents = new Map<string, PastIncident>();
  const openings = new Map<string, PastIncident>();
  const log = new Map<string, IncidentEvent[]>();
  /** For details given more than once: how often, and how often they differed. */
  const repeatedDetails = new Map<string, { times: number; differed: number }>();
  let duplicates = 0;
  const compare = ({ details: before }: PastIncident, { details: now }: PastIncident) => {
    for (const name of Object.keys({ ...before, ...now })) {
      const one = repeatedDetails.get(name) ?? { times: 0, differed: 0 };
      repeatedDetails.set(name, one);
      one.times++;
      if (before[name] !== now[name]) one.differed++;
    }
  };
  const add = (incident: PastIncident) => {
    const before = incidents.get(incident.id);
    if (before === undefined) {
      incidents.set(incident.id, incident);
      return;
    }
    duplicates++;
    compare(before, incident);
    incidents.set(incident.id, mergeIncidents(before, incident));
  };
  return {
    take(parsed: Exclude<FormatRow, { readonly problem: string }>): void {
      if ("of" in parsed) {
        if (parsed.event === null) return;
        const events = log.get(parsed.of);
        if (events === undefined) log.set(parsed.of, [parsed.event]);
        else events.push(parsed.event);
      } else if ("incidents" in parsed) for (const one of parsed.incidents) add(one);
      else if (parsed.opensOnly) {
        if (openings.has(parsed.incident.id)) duplicates++;
        openings.set(parsed.incident.id, parsed.incident);
      } else add(parsed.incident);
    },
    end(): { readonly incidents: readonly PastIncident[]; readonly duplicates: number } {
      for (const [id, opening] of openings) {
        const full = incidents.get(id);
        if (full === undefined) incidents.set(id, opening);
        else {
          duplicates++;
          const { service, serviceName } = full.service === NO_SERVICE ? opening : full;
          const { serviceName: _, ...others } = mergeIncidents(opening, full);
          incidents.set(id, { ...others, service, ...(serviceName === undefined ? {} : { serviceName }) });
        }
      }
      for (const [id, events] of log) {
        const past = pastFrom(incidents.get(id) ?? null, events);
        if (past !== null) incidents.set(id, past);
      }
      const changing = changingAmong(repeatedDetails);
      for (const name of changing)
        tally.columnLeftOut(
          name,
          "it changed after the opening: rows tell it otherwise for the same incident",
        );
      const all = [...incidents.values()];
      return { incidents: changing.length === 0 ? all : all.map(without(changing)), duplicates };
    },
  };
}

/** Occasional corrections do not count; a column that follows the incident's state changes in many incidents. */
const MAX_CHANGED_SHARE = 0.05;

const changingAmong = (
  repeatedDetails: ReadonlyMap<string, { readonly times: number; readonly differed: number }>,
): readonly string[] =>
  [...repeatedDetails].flatMap(([name, { times, differed }]) =>
    differed > MAX_CHANGED_SHARE * times ? [name] : [],
  );

const without =
  (names: readonly string[]) =>
  (past: PastIncident): PastIncident => {
    const left = new Set(names);
    return {
      ...past,
      details: Object.fromEntries(Object.entries(past.details).filter(([name]) => !left.has(name))),
    };
  };

/** The required columns of our own format. */
const needed = ["id", "service", "title", "created_at"] as const;

/** Throws HistoryFileError for an unreadable table, with the missing columns, those present and the nearest match. */
function assertReadable(file: string, row: SourceRow, format: string | undefined): void {
  if (format !== undefined && format !== own.name) return;
  if (format === undefined && historyFormats.some((one) => one.detects(row))) return;
  const headings = Object.keys(row.raw);
  const words = headings.map(columnWords);
  const missing = needed.filter((name) => !words.includes(name));
  if (missing.length === 0) return;
  const [first = ""] = missing;
  const near = nearest(
    first,
    words.filter((word) => word !== ""),
  );
  const heading = headings[words.indexOf(near ?? "")];
  const shown = headings.slice(0, 12).map((name) => `"${name}"`);
  throw new HistoryFileError(
    `${file} has no ${missing.join(", no ")} among its headings (${shown.join(", ")}${headings.length > 12 ? ", …" : ""}): name the column with --column ${first}="${heading ?? "Its heading"}"${heading === undefined ? "" : ", if that is it"}`,
  );
}
