import type { PastIncident } from "@mrdata/incident";
import type { ParsedRow, ParseOptions } from "@mrdata/pagerduty";
import type { SourceRow } from "../source-row.ts";

/** What a row tells: an incident, several, a log entry, or what is wrong with it. */
export type FormatTold = ParsedRow | { readonly incidents: readonly PastIncident[] };

export type FormatOptions = ParseOptions & {
  /** True for a column that is a detail whatever its name says. */
  readonly keeps: (name: string) => boolean;
  /** Told of a column that is only known afterwards, by its name. */
  readonly onLeftOut: (name: string) => void;
  /** True for the name of whoever closes incidents for the monitor, as the export writes it. */
  readonly isMonitor: (name: string) => boolean;
};

/**
 * One way in which people have a history. A new one is a file with one of these, its place in the list of formats, and
 * its test.
 */
export type HistoryFormat = {
  /** As `--format` takes it. */
  readonly name: string;
  /** For `--help`: whose export it is. */
  readonly means: string;
  /** Its rows tell what happened to an incident, each one thing: also what people took further. */
  readonly tellsEvents?: true;
  /** Under which names a page has its rows, as `incidents` in `{"incidents": [...]}`. */
  readonly pages?: readonly string[];
  /** Headings that tables of it have, as their words: the line with the most of all formats is the one with the headings. */
  readonly headings: readonly string[];
  /** True for a row of this format, by what it has. */
  detects(row: SourceRow): boolean;
  reader(options: FormatOptions): (row: SourceRow) => FormatTold;
};

/** What incidents of an export that names no service are filed under. */
export const NO_SERVICE = "no service told";
