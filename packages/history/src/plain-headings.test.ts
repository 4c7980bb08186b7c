import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inUtc, plainHeadings } from "./plain-headings.ts";
import { readHistory } from "./read-history.ts";

const isKnown = (words: string) => ["id", "title", "created_at", "status", "service"].includes(words);
const namesOf = (...given: readonly string[]) => plainHeadings(given, isKnown).map(({ name }) => name);

describe("headings", () => {
  it("lose the additions of tools", () => {
    expect(namesOf("Created At (UTC)", "Resolved at [GMT]", "TTR (seconds)", "TTA (s)")).toEqual([
      "Created At",
      "Resolved at",
      "TTR",
      "TTA",
    ]);
    expect(namesOf(" id ", "", "Unnamed: 0", "id")).toEqual(["id", "", "", "id 2"]);
  });

  it("keep a zone or unit that changes the value", () => {
    const given = ["Created (CET)", "Opened (America/New_York)", "TTR (minutes)", "Load (5m)"];
    expect(namesOf(...given)).toEqual(given);
  });

  it.each([
    ["incident.", "a dotted path"],
    ["incident_", "a path with underscores"],
    ["data.attributes.", "two words"],
  ])("lose a beginning that all have, where more are known without it: %s (%s)", (prefix) => {
    const names = ["id", "title", "created_at", "status"];
    expect(namesOf("", ...names.map((name) => `${prefix}${name}`))).toEqual(["", ...names]);
    expect(namesOf("id", ...names.map((name) => `${prefix}${name}`))[1]).toBe(`${prefix}id`);
  });

  it("stay as written if the caller named them", () => {
    const given = ["Ticket id", "Created (UTC)"];
    const read = plainHeadings(given, isKnown, (words) => words === "created_utc");
    expect(read.map(({ name }) => name)).toEqual(given);
  });
});

it("a time in a UTC column is marked as UTC, unless it has an offset", () => {
  expect(inUtc("2026-10-01 02:03:04")).toBe("2026-10-01 02:03:04 UTC");
  expect(inUtc("10/1/2026, 2:03:04 PM")).toBe("10/1/2026, 2:03:04 PM UTC");
  for (const text of ["2026-10-01T02:03:04Z", "2026-10-01 02:03:04 +0530", "", "soon"])
    expect(inUtc(text)).toBe(text);
});

/** Incidents as PagerDuty's REST API has them, laid flat by pandas in several ways. */
const flatRow = (mark: string, i: number): Readonly<Record<string, string>> => ({
  id: `QFLAT${i}`,
  type: "incident",
  title: "Disk is full",
  created_at: `2026-10-0${i + 1} 00:00:00`,
  status: "resolved",
  [`service${mark}id`]: "PSVC001",
  [`service${mark}type`]: "service_reference",
  [`service${mark}summary`]: "Shop",
  [`last_status_change_by${mark}id`]: i === 0 ? "PSVC001" : "PUSR001",
  [`last_status_change_by${mark}type`]: i === 0 ? "service_reference" : "user_reference",
  last_status_change_at: `2026-10-0${i + 1} 00:03:00`,
});

async function historyOf(text: string, timeZone = "UTC") {
  const file = join(mkdtempSync(join(tmpdir(), "headings-")), "history.csv");
  writeFileSync(file, text);
  return readHistory([file], { timeZone });
}

const tableOf = (
  rows: readonly Readonly<Record<string, string>>[],
  head: (name: string) => string,
  mark = ",",
) =>
  [
    Object.keys(rows[0] ?? {})
      .map(head)
      .join(mark),
    ...rows.map((row) => Object.values(row).join(mark)),
    "",
  ].join("\n");

it.each([
  ["dots", ".", (name: string) => name],
  ["underscores", "_", (name: string) => name],
  ["dots behind a prefix", ".", (name: string) => `incident.${name}`],
  ["underscores behind a prefix", "_", (name: string) => `incident_${name}`],
  ["dots, in capitals", ".", (name: string) => name.toUpperCase()],
])("incidents laid flat with %s are read", async (_, mark, head) => {
  const { incidents, bad } = await historyOf(tableOf([flatRow(mark, 0), flatRow(mark, 1)], head, ";"));
  expect(bad).toBe(0);
  expect(
    incidents.map(({ id, service, serviceName, resolvedBy }) => [id, service, serviceName, resolvedBy]),
  ).toEqual([
    ["QFLAT0", "PSVC001", "Shop", "integration"],
    ["QFLAT1", "PSVC001", "Shop", "human"],
  ]);
});

it("times under a heading that says UTC are in UTC, whatever the zone of the others", async () => {
  const rows = [
    {
      id: "Q1",
      service: "P",
      title: "t",
      "created_at (UTC)": "2026-07-01 12:00:00",
      resolved_at: "2026-07-01 14:30:00",
    },
  ];
  const { incidents } = await historyOf(tableOf(rows, String), "Europe/Berlin");
  expect(incidents[0]?.createdAt).toBe(Date.parse("2026-07-01T12:00:00Z"));
  expect(incidents[0]?.resolvedAt).toBe(Date.parse("2026-07-01T12:30:00Z"));
});

it.each([
  "",
  "NULL",
  "NaN",
  "NaT",
  "None",
  "\\N",
  "(null)",
  "<nil>",
  "0000-00-00 00:00:00",
  "undefined",
  "--",
])("'%s' is no time, nobody and no other incident", async (nothing) => {
  const rows = [
    {
      id: "Q1",
      service: "P",
      title: "t",
      created_at: "2026-07-01T12:00:00Z",
      resolved_at: "2026-07-01T12:03:00Z",
      resolved_by: "integration",
      merged_into: nothing,
      urgency: nothing,
    },
    {
      id: "Q2",
      service: "P",
      title: "t",
      created_at: "2026-07-01T12:00:00Z",
      resolved_at: nothing,
      resolved_by: nothing,
      merged_into: nothing,
      urgency: "low",
    },
  ];
  const { incidents, bad } = await historyOf(tableOf(rows, String));
  expect(bad).toBe(0);
  expect(incidents).toMatchObject([
    { resolvedBy: "integration", mergedInto: null, urgency: "high" },
    { resolvedAt: null, resolvedBy: null, mergedInto: null },
  ]);
});
