import type { LogEventName } from "./log-events.ts";
import { withoutCredentials } from "./without-credentials.ts";

/** Severities of Cloud Logging (https://cloud.google.com/logging/docs/structured-logging). */
export type Severity = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/**
 * One structured log line. `event` names what happened (`webhook.refused`), so that lines can be counted: the
 * log-based metrics and alarms of the deployment (`logEvents`) and the counters of tests depend on it.
 */
export type LogEntry = { readonly severity: Severity; readonly event: LogEventName } & Readonly<
  Record<string, unknown>
>;

export type Log = (entry: LogEntry) => void;

/**
 * A log with one JSON object per line, as Cloud Logging reads it from standard output. Users and passwords in URLs are
 * always removed.
 */
export const jsonLog =
  (write: (line: string) => void): Log =>
  (entry) =>
    write(`${withoutCredentials(JSON.stringify(entry))}\n`);
