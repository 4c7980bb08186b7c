import type { IncidentEvent, PastIncident } from "@mrdata/incident";
import { columnWords } from "@mrdata/learning";
import { type Identity, mergeIncidents, nearest, pastFrom } from "@mrdata/pagerduty";
import { type ColumnMapping, mappedRow } from "./column-mapping.ts";
import { type FormatTold, type HistoryFormat, NO_SERVICE } from "./formats/format.ts";
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
  /** Rows that were read, and of them those that could not be and were left out. */
  readonly rows: number;
  readonly bad: number;
  /** Rows that told of an incident again: the last one stands. */
  readonly duplicates: number;
  /** What rows were left out for, and how many of each. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Names of columns that are only known afterwards, by their names or because they changed, with the reason. */
  readonly columnsLeftOut: ReadonlyMap<string, string>;
  /** What whoever reads the history should know, and how often it was so. */
  readonly remarks: ReadonlyMap<string, number>;
  /** The formats that rows were read as. */
  readonly formats: ReadonlyMap<string, number>;
  /** Whether any row had a field that tells what people took further. */
  readonly tellsEscalations: boolean;
};

/** So many rows of a file show what fields it has. */
const LOOKED_AT = 50;
/** Fields that tell what people took further, of whatever export. */
const escalates = /escalat(?!ion[ _.]?polic)|reassign|taken[ _]?over|neuzuweis|r[eé]affect/iu;

/** A row more often than this tells nothing new about progress. */
const TELL_EVERY = 5_000;
/** PagerDuty's default `auto_resolve_timeout` (API reference, Service). */
export const AUTO_RESOLVE_AFTER = 4 * 3_600_000;
/** What a program writes for bytes that are no letters. */
const LOST = "\ufffd";
/** Clocks differ, and so do zones that nobody named. */
const FUTURE = 24 * 3_600_000;

export type ReadOptions = {
  /** The name of a format, in place of what each row looks like. */
  readonly format?: string;
  /** Of times without an offset. */
  readonly timeZone?: string;
  /** Of dates between slashes. */
  readonly dateOrder?: DateOrder;
  readonly encoding?: TextEncodingName;
  /** Headings of one's own for our columns. */
  readonly columns?: ColumnMapping;
  readonly identity?: Identity;
  /** Names, as an export writes them, of whoever closes incidents for the monitor. */
  readonly monitors?: readonly string[];
  /** Columns that are details whatever speaks against them. */
  readonly keepColumns?: readonly string[];
  /** PagerDuty's own timer, milliseconds; null where there is none. */
  readonly autoResolveAfter?: number | null;
  readonly strict?: boolean;
  /** Milliseconds since the epoch: nothing opened after it. */
  readonly now?: number;
  readonly onBad?: (row: BadRow) => void;
  /** Told every few thousand rows how many were read so far. */
  readonly progress?: (rows: number) => void;
};

/**
 * Reads the history that files tell together: an incident's row and its log entries may be in different ones. Bad
 * rows are handed to `onBad` and left out; with `strict` the first one is a HistoryFileError that names its line.
 */
export async function readHistory(files: readonly string[], options: ReadOptions = {}): Promise<History> {
  const { strict = false, onBad = () => {}, progress = () => {}, columns = new Map(), encoding } = options;
  const tally = newTally();
  const read = rowReader(options, tally);
  const unwrap = unwrapper(pageNames);
  const found = gathering(tally);
  const headings = new Set([...columns.values()].map(columnWords));
  /** Rows that take a date order which other rows may tell. */
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
    const told = { headings, remark: tally.remark };
    let isFirst = true;
    let looked = 0;
    for await (const row of rowsOf(file, openText(file, encoding), told)) {
      if (++rows % TELL_EVERY === 0) progress(rows);
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
        if (looked++ < LOOKED_AT && Object.keys(value).some((name) => escalates.test(name)))
          tally.tellsEscalations();
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

/** What is counted on the way. */
function newTally() {
  const leftOut = new Map<string, number>();
  const columnsLeftOut = new Map<string, string>();
  const remarks = new Map<string, number>();
  const formats = new Map<string, number>();
  let tellsEscalations = false;
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
    tellsEscalations: () => {
      tellsEscalations = true;
    },
    all: () => ({
      leftOut,
      columnsLeftOut,
      remarks,
      formats,
      tellsEscalations: tellsEscalations || [...formats.keys()].some((name) => eventFormats.has(name)),
    }),
  };
}
type Tally = ReturnType<typeof newTally>;

/** Problems differ by their values, which stand behind what they are about: `created_at: is no time: soon`. */
function kindOf(problem: string): string {
  const kind = problem.replace(/^([^:]*: is [^:]*): .*$/su, "$1");
  return kind.length > 80 ? `${kind.slice(0, 79)}…` : kind;
}

/** Reads rows, each by the format that knows it; `takes-order` for one whose date may be either way round. */
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
  const readers = new Map<HistoryFormat, (row: SourceRow) => FormatTold>();
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
  return (row: SourceRow, order: DateOrder | null = null): FormatTold | "takes-order" => {
    const of = named ?? historyFormats.find((one) => one.detects(row)) ?? own;
    const told = settle.read(() => readerOf(of)(row), order);
    if (told === "takes-order" || "problem" in told) return told;
    tally.format(of.name);
    if ("incident" in told && told.incident.title.includes(LOST))
      tally.remark(`titles with ${LOST}, which stands for letters that were lost before the file came here`);
    const opened = "incident" in told ? told.incident.createdAt : null;
    if (opened !== null && opened > now + FUTURE)
      return { problem: `created_at: is in the future: ${new Date(opened).toISOString()}` };
    return told;
  };
}

/** Puts together what rows tell of the same incident. */
function gathering(tally: Tally) {
  const incidents = new Map<string, PastIncident>();
  const openings = new Map<string, PastIncident>();
  const log = new Map<string, IncidentEvent[]>();
  /** Of details that were told twice: how often, and how often they differed. */
  const toldTwice = new Map<string, { times: number; differed: number }>();
  let duplicates = 0;
  const compare = ({ details: before }: PastIncident, { details: now }: PastIncident) => {
    for (const name of Object.keys({ ...before, ...now })) {
      const one = toldTwice.get(name) ?? { times: 0, differed: 0 };
      toldTwice.set(name, one);
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
    take(told: Exclude<FormatTold, { readonly problem: string }>): void {
      if ("of" in told) {
        if (told.event === null) return;
        const events = log.get(told.of);
        if (events === undefined) log.set(told.of, [told.event]);
        else events.push(told.event);
      } else if ("incidents" in told) for (const one of told.incidents) add(one);
      else if (told.opensOnly) {
        if (openings.has(told.incident.id)) duplicates++;
        openings.set(told.incident.id, told.incident);
      } else add(told.incident);
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
      const changing = changingAmong(toldTwice);
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

/** A correction now and then is none; a column that changes with the incident does so for many. */
const CHANGES = 0.05;

const changingAmong = (
  toldTwice: ReadonlyMap<string, { readonly times: number; readonly differed: number }>,
): readonly string[] =>
  [...toldTwice].flatMap(([name, { times, differed }]) => (differed > CHANGES * times ? [name] : []));

const without =
  (names: readonly string[]) =>
  (past: PastIncident): PastIncident => {
    const left = new Set(names);
    return {
      ...past,
      details: Object.fromEntries(Object.entries(past.details).filter(([name]) => !left.has(name))),
    };
  };

/** Of our own format these have to be there. */
const needed = ["id", "service", "title", "created_at"] as const;

/** Throws HistoryFileError for a table of which no row can be read: it names what is missing, what is there and the nearest. */
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
