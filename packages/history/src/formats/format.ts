import type { PastIncident } from "@mrdata/incident";
import type { ParsedRow, ParseOptions } from "@mrdata/pagerduty";
import type { SourceRow } from "../source-row.ts";

/** The result of parsing a row: an incident, several, a log entry, or the problem with it. */
export type FormatRow = ParsedRow | { readonly incidents: readonly PastIncident[] };

export type FormatOptions = ParseOptions & {
  /** True for a column to be kept as a detail, whatever its name suggests. */
  readonly keeps: (name: string) => boolean;
  /** Called with the name of a column that is only known afterwards. */
  readonly onLeftOut: (name: string) => void;
  /** True for a name, as written in the export, that closes incidents for the monitor. */
  readonly isMonitor: (name: string) => boolean;
};

/**
 * A history format. To add one, write a file with one of these and its test, and add it to the list of formats.
 */
export type HistoryFormat = {
  /** The value for `--format`. */
  readonly name: string;
  /** For `--help`: the tool and the export. */
  readonly description: string;
  /** Its rows are single events of incidents, including escalations by people. */
  readonly isEventLog?: true;
  /** The names under which a JSON page has its rows, like `incidents` in `{"incidents": [...]}`. */
  readonly pages?: readonly string[];
  /** The normalised headings of its tables: the line with the most known headings is taken for the header. */
  readonly headings: readonly string[];
  /** Whether a row has this format, judged by its fields. */
  detects(row: SourceRow): boolean;
  reader(options: FormatOptions): (row: SourceRow) => FormatRow;
};

/** The service of incidents from an export that names none. */
export const NO_SERVICE = "no service told";
