import { z } from "zod";
import { analyticsNames, analyticsRowReader } from "./analytics-row.ts";
import { incidentRowReader } from "./incident-row.ts";
import { logEntryReader } from "./log-entry.ts";
import type { ParseOptions, Told } from "./told.ts";

export const exportKinds = ["analytics", "incidents", "log-entries"] as const;
/** PagerDuty's own exports: analytics rows are the incident CSV's too. */
export type ExportKind = (typeof exportKinds)[number];

/** Where the rows of a page are: `{"incidents": [...], "more": true}`. */
export const pageFields = ["data", "incidents", "log_entries"] as const;

const object = z.record(z.string(), z.unknown());

/**
 * Which of PagerDuty's exports a row is of, by the columns that it has; null for none.
 *
 * @example
 * ```ts
 * exportKindOf({ type: "resolve_log_entry" }); // => "log-entries"
 * exportKindOf({ id: "1", service: "PDB", title: "Disk full" }); // => null
 * ```
 */
export function exportKindOf(row: Readonly<Record<string, unknown>>): ExportKind | null {
  const { type } = row;
  if (typeof type === "string" && type.endsWith("_log_entry")) return "log-entries";
  if (type === "incident" || object.safeParse(row.service).success) return "incidents";
  // Our own columns: a text each, by these very names.
  if (typeof row.service === "string" && row.title !== undefined && row.id !== undefined) return null;
  const { created_at, description, ...further } = analyticsNames(row);
  const told = [
    further.service_id,
    further.incident_number,
    further.auto_resolved,
    further.seconds_to_resolve,
  ];
  return created_at !== undefined && description !== undefined && told.some((value) => value !== undefined)
    ? "analytics"
    : null;
}

/** Reads a row of an export. */
export function exportReader(
  options: ParseOptions,
): (kind: ExportKind, row: Readonly<Record<string, unknown>>) => Told {
  const readers = {
    analytics: analyticsRowReader(options),
    incidents: incidentRowReader(options),
    "log-entries": logEntryReader(options),
  };
  return (kind, row) => readers[kind](row);
}
