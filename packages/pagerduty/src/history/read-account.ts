import type { IncidentEvent, PastIncident } from "@mrdata/incident";
import type { HistoryCalls } from "../history-calls.ts";
import type { Period } from "../schedule-calls.ts";
import { pastFrom } from "./past-from.ts";
import { exportReader } from "./tell.ts";
import type { ParseOptions } from "./told.ts";

const DAY = 86_400_000;
/** PagerDuty answers for six months at once at the most; the shortest six months have 181 days. */
const LONGEST = 180 * DAY;
/** Offset and limit together reach no further. */
const WALL = 10_000;
/** Log entries are listed by when they were written: so long after opening most incidents are closed. */
const AFTER = 2 * 3_600_000;

/** What one stretch of time held. */
export type Stretch = {
  /** Up to where all is read, milliseconds since the epoch. */
  readonly until: number;
  readonly incidents: readonly PastIncident[];
  /** One line each: rows that PagerDuty sent and nobody can read. */
  readonly bad: readonly string[];
};

/** How many incidents a period has, however long it is. */
export async function countIncidents(calls: HistoryCalls, period: Period): Promise<number> {
  let sum = 0;
  for (const part of cut(period, LONGEST)) sum += await calls.countIncidents(part);
  return sum;
}

/**
 * Reads the incidents that opened in a period with what their log entries tell, a week at a time, so that whoever is
 * interrupted goes on behind the last one. Rejects with PagerDutyError.
 */
export async function* readAccount(
  calls: HistoryCalls,
  period: Period,
  options: ParseOptions,
): AsyncGenerator<Stretch> {
  for (const week of cut(period, 7 * DAY)) yield await readStretch(calls, week, options);
}

async function readStretch(calls: HistoryCalls, period: Period, options: ParseOptions): Promise<Stretch> {
  const tell = exportReader(options);
  const found = new Map<
    string,
    { readonly row: PastIncident; readonly log: IncidentEvent[]; told: boolean }
  >();
  const bad: string[] = [];
  for await (const row of behindWall(period, calls.countIncidents, calls.incidentRows)) {
    const told = tell("incidents", row);
    if ("incident" in told) found.set(told.incident.id, { row: told.incident, log: [], told: false });
    else if ("problem" in told) bad.push(`incident ${String(row.id)}: ${told.problem}`);
  }
  const take = (row: Readonly<Record<string, unknown>>) => {
    const told = tell("log-entries", row);
    if ("problem" in told) bad.push(`log entry ${String(row.id)}: ${told.problem}`);
    if (!("of" in told) || told.event === null) return;
    const one = found.get(told.of);
    if (one === undefined) return;
    one.log.push(told.event);
    one.told ||= told.event.type === "resolved";
  };
  if (found.size > 0) {
    const written = { since: period.since, until: period.until + AFTER };
    for await (const row of behindWall(written, calls.countLogEntries, calls.logEntryRows)) take(row);
  }
  // Who closed later than that: a person is told by the row itself, the monitor and a timer are told alike.
  for (const [id, one] of found)
    if (
      one.row.resolvedAt !== null &&
      !one.told &&
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
async function* behindWall<Row>(
  period: Period,
  count: (period: Period) => Promise<number>,
  list: (period: Period) => AsyncIterable<Row>,
): AsyncGenerator<Row> {
  const { since, until } = period;
  // PagerDuty's times are of a second: less cannot be cut.
  if ((await count(period)) <= WALL || until - since <= 1_000) return yield* list(period);
  const middle = since + Math.max(1, Math.floor((until - since) / 2_000)) * 1_000;
  yield* behindWall({ since, until: middle }, count, list);
  yield* behindWall({ since: middle, until }, count, list);
}

function cut({ since, until }: Period, longest: number): readonly Period[] {
  const parts: Period[] = [];
  for (let from = since; from < until; from += longest)
    parts.push({ since: from, until: Math.min(until, from + longest) });
  return parts;
}
