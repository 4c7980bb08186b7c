import { join } from "node:path";
import { selfResolved } from "@mrdata/incident";
import { expect, test } from "vitest";
import { type ReadOptions, readHistory } from "./read-history.ts";

/** Files as people have them, after public reports: names, ids and hosts are invented. */
const caseOf = (name: string) => join(import.meta.dirname, "cases", name);
const read = (name: string, options: ReadOptions = {}) =>
  readHistory([caseOf(name)], { strict: true, ...options });
const MINUTE = 60_000;

test("Incident Activity of Insights: manual resolution and escalation are by people", async () => {
  const { incidents } = await read("insights-incident-activity.csv");
  expect(incidents).toHaveLength(26);
  expect(incidents[0]).toMatchObject({
    service: "Queues",
    title: "Queue is long",
    resolvedBy: "integration",
  });
  const [byHand, escalated] = incidents.slice(-2);
  if (byHand === undefined || escalated === undefined) throw new Error("the last two rows are missing");
  expect(byHand).toMatchObject({ id: "Q2AAAAAAAAAAA2", resolvedBy: "human" });
  expect(escalated).toMatchObject({ id: "Q2AAAAAAAAAAA3", resolvedBy: "integration" });
  expect(selfResolved(escalated, 5 * MINUTE)).toBe(false);
  expect(selfResolved({ ...escalated, takenOverAt: null }, 5 * MINUTE)).toBe(true);
});

test("the older reports write yes as 1 and no as 0", async () => {
  const { incidents } = await read("reports-auto-resolved-01.csv");
  expect(incidents.map(({ resolvedBy }) => resolvedBy)).toEqual(["integration", "human", "integration"]);
});

test("own columns win over a column type", async () => {
  const { incidents, formats } = await read("own-columns-with-type.csv");
  expect([...formats]).toEqual([["own", 2]]);
  expect(incidents[0]).toMatchObject({ id: "A1", service: "Shop", details: { type: "incident" } });
});

test("JSON in cells and dotted headings are parsed", async () => {
  for (const [name, many] of [
    ["json-in-cells.csv", 12],
    ["json-normalize.csv", 5],
  ] as const) {
    const { incidents } = await read(name);
    expect(incidents).toHaveLength(many);
    expect(incidents[0]).toMatchObject({
      service: "PSVC001",
      serviceName: "Queues",
      resolvedBy: "integration",
    });
  }
});

test("invalid UTF-8 is refused with its line, and read with the right --encoding", async () => {
  await expect(read("latin-1.csv")).rejects.toThrow(/latin-1\.csv, line 2 is no UTF-8: .*Läden.*--encoding/u);
  const { incidents } = await read("latin-1.csv", { encoding: "windows-1252" });
  expect(incidents[0]).toMatchObject({ service: "Läden", title: "Festplatte überlastet" });
});

test("headings and values are case-insensitive", async () => {
  expect((await read("urgency-case.csv")).incidents.map(({ urgency }) => urgency)).toEqual(["high", "low"]);
  expect((await read("headings-with-capitals.csv")).incidents).toMatchObject([
    { id: "Q3AAAAAAAAAAA1", service: "Queues", createdAt: Date.parse("2024-05-21T02:00:00Z") },
    { id: "Q3AAAAAAAAAAA2", service: "Databases", createdAt: Date.parse("2024-05-21T23:05:09Z") },
  ]);
});

test("responses for a single incident, Steampipe's rows, and a page with one row per line", async () => {
  for (const [name, many] of [
    ["single-incident-answers.ndjson", 2],
    ["steampipe.json", 1],
    ["page-one-row-a-line.json", 5],
  ] as const) {
    const { incidents, bad } = await read(name);
    expect([name, incidents.length, bad]).toEqual([name, many, 0]);
    expect(incidents[0]).toMatchObject({ title: "Queue is long", resolvedBy: "integration" });
  }
});

test("when the clocks go back a row is kept if only one reading ends after it begins", async () => {
  const { incidents, remarks } = await read("clock-change.csv", { timeZone: "America/Los_Angeles" });
  const minutes = incidents.map(({ createdAt, resolvedAt }) => ((resolvedAt ?? 0) - createdAt) / MINUTE);
  expect(minutes).toEqual([15, 4]);
  expect(remarks.size).toBe(0);
});

test("titles of digits stay texts", async () => {
  const { incidents } = await read("titles-of-digits.csv");
  expect(incidents.map(({ title }) => title)).toEqual(["12345678901234567890", "5e3", "true"]);
});

test("columns only known afterwards are left out and listed under their labels", async () => {
  const { incidents, columnsLeftOut } = await read("leak-labels.csv");
  expect([...columnsLeftOut.keys()]).toEqual(["Closed by", "Close code", "Updated by"]);
  expect(new Set(incidents.flatMap(({ details }) => Object.keys(details)))).toEqual(new Set(["Priority"]));
  const kept = await read("leak-labels.csv", { keepColumns: ["close_code"] });
  expect(kept.incidents[0]?.details).toMatchObject({ "Close code": "Solved (Permanently)" });
});
