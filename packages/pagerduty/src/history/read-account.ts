import type { IncidentEvent, PastIncident } from "@mrdata/incident";
import type { HistoryCalls } from "../history-calls.ts";
import type { Period } from "../schedule-calls.ts";
import { exportReader } from "./export-reader.ts";
import type { ParseOptions } from "./parsed-row.ts";
import { pastFrom } from "./past-from.ts";

const DAY_MS = 86_400_000;
/** PagerDuty answers for at most six months per request; the shortest six months have 181 days. */
const MAX_PERIOD_MS = 180 * DAY_MS;
/** The maximum of offset plus limit. */
const MAX_OFFSET = 10_000;
/** Log entries are listed by their time of writing: this long after opening most incidents are closed. */
const LOG_MARGIN_MS = 2 * 3_600_000;

/** The incidents of one segment of time. */
export type AccountSegment = {
  /** Everything before this is read, milliseconds since the epoch. */
  readonly until: number;
  readonly incidents: readonly PastIncident[];
  /** One line for each row that PagerDuty sent and that could not be parsed. */
  readonly bad: readonly string[];
};

/** How many incidents opened in a period of any length. */
export async function countIncidents(calls: HistoryCalls, period: Period): Promise<number> {
  let sum = 0;
  for (const part of split(period, MAX_PERIOD_MS)) sum += await calls.countIncidents(part);
  return sum;
}

/**
 * Reads the incidents that opened in a period together with their log entries, a week at a time, so that an interrupted
 * reader can continue after the last one. Rejects with PagerDutyError.
 */
export async function* readAccount(
  calls: HistoryCalls,
  period: Period,
  options: ParseOptions,
): AsyncGenerator<AccountSegment> {
  for (const week of split(period, 7 * DAY_MS)) yield await readSegment(calls, week, options);
}

async function readSegment(
  calls: HistoryCalls,
  period: Period,
  options: ParseOptions,
): Promise<AccountSegment> {
  const parseRow = exportReader(options);
  const found = new Map<
    string,
    { readonly row: PastIncident; readonly log: IncidentEvent[]; hasClosingEntry: boolean }
  >();
  const bad: string[] = [];
  for await (const row of withinOffset(period, calls.countIncidents, calls.incidentRows)) {
    const parsed = parseRow("incidents", row);
    if ("incident" in parsed)
      found.set(parsed.incident.id, { row: parsed.incident, log: [], hasClosingEntry: false });
    else if ("problem" in parsed) bad.push(`incident ${String(row.id)}: ${parsed.problem}`);
  }
  const take = (row: Readonly<Record<string, unknown>>) => {
    const parsed = parseRow("log-entries", row);
    if ("problem" in parsed) bad.push(`log entry ${String(row.id)}: ${parsed.problem}`);
    if (!("of" in parsed) || parsed.event === null) return;
    const one = found.get(parsed.of);
    if (one === undefined) return;
    one.log.push(parsed.event);
    one.hasClosingEntry ||= parsed.event.type === "resolved";
  };
  if (found.size > 0) {
    const written = { since: period.since, until: period.until + LOG_MARGIN_MS };
    for await (const row of withinOffset(written, calls.countLogEntries, calls.logEntryRows)) take(row);
  }
  // Closed later than that: a person is named by the row itself, but a monitor and a timer look alike.
  for (const [id, one] of found)
    if (
      one.row.resolvedAt !== null &&
      !one.hasClosingEntry &&
      one.row.resolvedBy !== "human" &&
      one.row.mergedInto === null
    )
      for await (const row of calls.logEntryRowsOf(id)) take(row);
  const incidents = [...found.values()].flatMap(({ row, log }) => {
    const past = pastFrom(row, log);
    return past === null ? [] : [past];
  });
  return { until: period.until, incidents, bad };
}

/** Halves a period until each part is within reach of the offset. */
async function* withinOffset<Row>(
  period: Period,
  count: (period: Period) => Promise<number>,
  list: (period: Period) => AsyncIterable<Row>,
): AsyncGenerator<Row> {
  const { since, until } = period;
  // PagerDuty's times are whole seconds: a shorter period cannot be split.
  if ((await count(period)) <= MAX_OFFSET || until - since <= 1_000) return yield* list(period);
  const middle = since + Math.max(1, Math.floor((until - since) / 2_000)) * 1_000;
  yield* withinOffset({ since, until: middle }, count, list);
  yield* withinOffset({ since: middle, until }, count, list);
}

function split({ since, until }: Period, longest: number): readonly Period[] {
  const parts: Period[] = [];
  for (let from = since; from < until; from += longest)
    parts.push({ since: from, until: Math.min(until, from + longest) });
  return parts;
}
