import { z } from "zod";
import { analyticsNames, analyticsRowReader } from "./analytics-row.ts";
import { incidentRowReader } from "./incident-row.ts";
import { logEntryReader } from "./log-entry.ts";
import type { ParsedRow, ParseOptions } from "./parsed-row.ts";

export const exportKinds = ["analytics", "incidents", "log-entries"] as const;
/** PagerDuty's own exports; the incident CSV has the same rows as analytics. */
export type ExportKind = (typeof exportKinds)[number];

const object = z.record(z.string(), z.unknown());

/**
 * Which of PagerDuty's exports a row comes from, judged by its columns; null for none.
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
  // Our own columns: each a text, with exactly these names.
  if (typeof row.service === "string" && row.title !== undefined && row.id !== undefined) return null;
  const { created_at, description, ...further } = analyticsNames(row);
  const given = [
    further.service_id,
    further.incident_number,
    further.auto_resolved,
    further.seconds_to_resolve,
  ];
  return created_at !== undefined && description !== undefined && given.some((value) => value !== undefined)
    ? "analytics"
    : null;
}

/** Returns a parser of export rows. */
export function exportReader(
  options: ParseOptions,
): (kind: ExportKind, row: Readonly<Record<string, unknown>>) => ParsedRow {
  const readers = {
    analytics: analyticsRowReader(options),
    incidents: incidentRowReader(options),
    "log-entries": logEntryReader(options),
  };
  return (kind, row) => readers[kind](row);
}
