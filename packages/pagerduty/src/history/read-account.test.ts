import { timeReader } from "@mrdata/incident";
import { expect, test } from "vitest";
import type { HistoryCalls } from "../history-calls.ts";
import type { Period } from "../schedule-calls.ts";
import { countIncidents, readAccount } from "./read-account.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-03-02T00:00:00Z");
const options = { identity: { botUser: null }, time: timeReader(), autoResolveAfter: null };

/** An account whose incidents open this many milliseconds apart, with PagerDuty's offset limit. */
function accountOf(count: number, apart: number) {
  const asked: string[] = [];
  const openings = Array.from({ length: count }, (_, i) => START + i * apart);
  const within = ({ since, until }: Period) => openings.filter((at) => at >= since && at < until);
  const guard = (period: Period) => {
    if (period.until - period.since > 184 * DAY) throw new Error("more than six months");
  };
  const calls: HistoryCalls = {
    countIncidents: async (period) => {
      guard(period);
      return within(period).length;
    },
    async *incidentRows(period) {
      guard(period);
      const found = within(period);
      if (found.length > 10_000) throw new Error(`${found.length} behind an offset of 10,000`);
      for (const at of found) yield rowAt(at);
    },
    countLogEntries: async () => 0,
    async *logEntryRows() {},
    async *logEntryRowsOf(incident) {
      asked.push(incident);
      yield closing(incident);
    },
  };
  return { calls, asked };
}
const rowAt = (at: number) => ({
  id: `Q${at}`,
  type: "incident",
  title: "Down",
  created_at: new Date(at).toISOString(),
  status: "resolved",
  service: { id: "PSVC001" },
  resolved_at: new Date(at + 60_000).toISOString(),
  last_status_change_by: { id: "PSVC001", type: "service_reference" },
});
const closing = (incident: string) => ({
  id: `R${incident}`,
  type: "resolve_log_entry",
  created_at: new Date(Number(incident.slice(1)) + 60_000).toISOString(),
  agent: { id: "PSVC001", type: "service_reference" },
  channel: { type: "timeout" },
  incident: { id: incident },
});

test("more than 10,000 incidents of a week are read in parts, each once", async () => {
  const { calls } = accountOf(25_000, 20_000);
  const ids = new Set<string>();
  let read = 0;
  for await (const { incidents } of readAccount(
    { ...calls, async *logEntryRowsOf() {} },
    { since: START, until: START + 7 * DAY },
    options,
  )) {
    read += incidents.length;
    for (const { id } of incidents) ids.add(id);
  }
  expect([read, ids.size]).toEqual([25_000, 25_000]);
});

test("a year is requested in parts of at most six months, and read a week at a time", async () => {
  const { calls } = accountOf(365, DAY);
  const year = { since: START, until: START + 365 * DAY };
  expect(await countIncidents(calls, year)).toBe(365);
  const ends: number[] = [];
  for await (const { until } of readAccount(calls, year, options)) ends.push(until);
  expect(ends).toHaveLength(53);
  expect(ends.at(-1)).toBe(year.until);
});

test("closers are read one by one only where the log of the surrounding time does not show them", async () => {
  const { calls, asked } = accountOf(3, DAY);
  const unlogged = {
    ...calls,
    countLogEntries: async () => 1,
    async *logEntryRows() {
      yield { ...closing(`Q${START}`), channel: { type: "api" } };
    },
  };
  const found: (string | null)[] = [];
  for await (const { incidents } of readAccount(unlogged, { since: START, until: START + 7 * DAY }, options))
    found.push(...incidents.map(({ resolvedBy }) => resolvedBy));
  expect(found).toEqual(["integration", "automation", "automation"]);
  expect(asked).toEqual([START + DAY, START + 2 * DAY].map((at) => `Q${at}`));
});

test("unreadable rows are reported and skipped", async () => {
  const { calls } = accountOf(1, DAY);
  const broken = {
    ...calls,
    async *incidentRows() {
      yield { ...rowAt(START), created_at: null };
    },
  };
  for await (const { incidents, bad } of readAccount(broken, { since: START, until: START + DAY }, options))
    expect({ incidents, bad }).toEqual({
      incidents: [],
      bad: [`incident Q${START}: created_at: is missing`],
    });
});
