import type { IncidentEvent, PastIncident } from "@mrdata/incident";
import { timeReader } from "@mrdata/incident";
import { pastIncidentReader } from "@mrdata/learning";
import {
  type ExportKind,
  exportKindOf,
  exportReader,
  type Identity,
  pastFrom,
  toldAgain,
} from "@mrdata/pagerduty";
import { CommandError } from "../exit-codes.ts";
import { openText } from "./open-text.ts";
import { rowsOf } from "./rows-of.ts";

export type BadRow = { readonly file: string; readonly line: number; readonly problem: string };
export type History = {
  readonly incidents: readonly PastIncident[];
  /** Rows that were read, and of them those that could not be and were left out. */
  readonly rows: number;
  readonly bad: number;
  /** Rows that told of an incident again: the last one stands. */
  readonly duplicates: number;
};

/** What the rows of a file are: our own columns, or one of PagerDuty's exports. */
export const rowFormats = ["own", "analytics", "incidents", "log-entries"] as const;
export type RowFormat = (typeof rowFormats)[number];

/** A row more often than this tells nothing new about progress. */
const TELL_EVERY = 5_000;
/** PagerDuty's default `auto_resolve_timeout` (API reference, Service). */
export const AUTO_RESOLVE_AFTER = 4 * 3_600_000;

export type ReadOptions = {
  /** In place of what each row looks like. */
  readonly format?: RowFormat;
  /** Of times without an offset. */
  readonly timeZone?: string;
  readonly identity?: Identity;
  /** PagerDuty's own timer, milliseconds; null where there is none. */
  readonly autoResolveAfter?: number | null;
  readonly strict?: boolean;
  readonly onBad?: (row: BadRow) => void;
  /** Told every few thousand rows how many were read so far. */
  readonly progress?: (rows: number) => void;
};

/**
 * Reads the history that files tell together: an incident's row and its log entries may be in different ones. Bad
 * rows are handed to `onBad` and left out; with `strict` the first one is a CommandError that names its line.
 */
export async function readHistory(files: readonly string[], options: ReadOptions = {}): Promise<History> {
  const { strict = false, onBad = () => {}, progress = () => {} } = options;
  const read = rowReader(options);
  const incidents = new Map<string, PastIncident>();
  const log = new Map<string, IncidentEvent[]>();
  let rows = 0;
  let bad = 0;
  let duplicates = 0;
  for (const file of files) {
    for await (const row of rowsOf(file, openText(file))) {
      if (++rows % TELL_EVERY === 0) progress(rows);
      const told = "problem" in row ? row : read(row.value);
      if ("problem" in told) {
        if (strict) throw new CommandError(`${file}, line ${row.line}: ${told.problem}`);
        bad++;
        onBad({ file, line: row.line, problem: told.problem });
      } else if ("of" in told) {
        if (told.event === null) continue;
        const events = log.get(told.of);
        if (events === undefined) log.set(told.of, [told.event]);
        else events.push(told.event);
      } else {
        const { incident } = told;
        const before = incidents.get(incident.id);
        if (before !== undefined) duplicates++;
        incidents.set(incident.id, before === undefined ? incident : toldAgain(before, incident));
      }
    }
  }
  for (const [id, events] of log) {
    const past = pastFrom(incidents.get(id) ?? null, events);
    if (past !== null) incidents.set(id, past);
  }
  return { incidents: [...incidents.values()], rows, bad, duplicates };
}

type Read = ReturnType<ReturnType<typeof exportReader>>;

function rowReader({
  format,
  timeZone = "UTC",
  identity = { botUser: null },
  autoResolveAfter = AUTO_RESOLVE_AFTER,
}: ReadOptions): (row: Readonly<Record<string, unknown>>) => Read {
  const own = pastIncidentReader(timeZone);
  const ofExport = exportReader({ identity, autoResolveAfter, time: timeReader(timeZone) });
  const kindOf = (row: Readonly<Record<string, unknown>>): ExportKind | null =>
    format === undefined ? exportKindOf(row) : format === "own" ? null : format;
  return (row) => {
    const kind = kindOf(row);
    return kind === null ? own(row) : ofExport(kind, row);
  };
}
