import { z } from "zod";
import type { Reader } from "./read-answer.ts";
import type { Period } from "./schedule-calls.ts";

type Row = Readonly<Record<string, unknown>>;

/** A note's incident, and the id of the user or other agent who wrote it. */
export type Annotation = { readonly incident: string; readonly by: string | null };

export type AnnotationCalls = {
  /**
   * The notes written on any incident in a period, without their text, newest first, up to PagerDuty's limit of 10,000
   * log entries. Malformed entries are skipped.
   */
  listAnnotations(period: Period): AsyncIterable<Annotation>;
};

/** Calls that read history: raw rows for `exportReader`. Periods are milliseconds since the epoch, end excluded. */
export type HistoryCalls = {
  /** How many incidents opened in a period of at most six months. */
  countIncidents(period: Period): Promise<number>;
  /** The first 10,000 that opened in a period, oldest first. */
  incidentRows(period: Period): AsyncIterable<Row>;
  countLogEntries(period: Period): Promise<number>;
  /** With their channels, which distinguish a monitor from a timer. */
  logEntryRows(period: Period): AsyncIterable<Row>;
  logEntryRowsOf(incident: string): AsyncIterable<Row>;
};

const rows = z.array(z.record(z.string(), z.unknown()));
const incidents = z
  .object({ incidents: rows, more: z.boolean().nullish() })
  .transform(({ incidents: list, more }) => ({ list, more: more ?? false }));
const entries = z
  .object({ log_entries: rows, more: z.boolean().nullish() })
  .transform(({ log_entries: list, more }) => ({ list, more: more ?? false }));
const annotations = z
  .object({
    log_entries: z.array(
      z
        .object({
          type: z.string(),
          agent: z.object({ id: z.string() }).nullish(),
          incident: z.object({ id: z.string() }),
        })
        .nullable()
        .catch(null),
    ),
    more: z.boolean().nullish(),
  })
  .transform(({ log_entries: list, more }) => ({ list, more: more ?? false }));
const counted = z.object({ total: z.number() });

// Without an offset PagerDuty reads times in the account's time zone.
const within = ({ since, until }: Period) => ({
  since: new Date(since).toISOString(),
  until: new Date(until).toISOString(),
  time_zone: "UTC",
});
const channels = { include: ["channels"] };

/** The calls that read an account's history, row by row as PagerDuty returns it. Each rejects with PagerDutyError. */
export const historyCalls = ({ read, readPages }: Reader): HistoryCalls => ({
  countIncidents: async (period) =>
    (await read(counted, ["incidents"], { ...within(period), total: true, limit: 1 })).total,
  incidentRows: (period) =>
    readPages(incidents, ["incidents"], { ...within(period), sort_by: "created_at:asc" }),
  countLogEntries: async (period) =>
    (await read(counted, ["log_entries"], { ...within(period), total: true, limit: 1 })).total,
  logEntryRows: (period) => readPages(entries, ["log_entries"], { ...within(period), ...channels }),
  logEntryRowsOf: (incident) => readPages(entries, ["incidents", incident, "log_entries"], channels),
});

export const annotationCalls = ({ readPages }: Reader): AnnotationCalls => ({
  async *listAnnotations(period) {
    for await (const entry of readPages(annotations, ["log_entries"], within(period)))
      if (entry?.type.startsWith("annotate_log_entry"))
        yield { incident: entry.incident.id, by: entry.agent?.id ?? null };
  },
});
