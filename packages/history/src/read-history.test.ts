import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { comparePast } from "@mrdata/incident";
import { rowOfPast } from "@mrdata/learning";
import { expect, onTestFinished, test } from "vitest";
import { type BadRow, readHistory } from "./read-history.ts";

function file(name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-history-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const row = (id: string, change: object = {}) => ({
  id,
  service: "shop",
  title: "Checkout is down",
  created_at: "2026-03-02T03:00:00Z",
  resolved_at: "2026-03-02T03:04:00Z",
  resolved_by: "integration",
  ...change,
});
const lines = (rows: readonly object[]) => rows.map((one) => JSON.stringify(one)).join("\n");
const read = async (...files: readonly string[]) => {
  const bad: BadRow[] = [];
  const history = await readHistory(files, { onBad: (one) => bad.push(one) });
  return { ...history, told: bad.map(({ line, problem }) => `${line}: ${problem}`) };
};

test("JSON lines, gzipped whatever the name; a repeated incident counts once", async () => {
  const path = file("history.txt", gzipSync(lines([row("1"), row("2"), row("1", { title: "Again" })])));
  const { incidents, rows, duplicates } = await read(path);
  expect({ rows, duplicates }).toEqual({ rows: 3, duplicates: 1 });
  expect(incidents.map(({ id, title }) => [id, title])).toEqual([
    ["1", "Again"],
    ["2", "Checkout is down"],
  ]);
});

test("a broken line, even the first, is reported with its number and left out; strict stops there", async () => {
  const path = file(
    "history.ndjson",
    `not JSON\n${lines([row("1")])}\n\n{"id":\n${lines([row("2", { created_at: "?" })])}\n[]\n`,
  );
  const { incidents, bad, told } = await read(path);
  expect(incidents).toHaveLength(1);
  expect(bad).toBe(4);
  expect(told).toEqual([
    "1: it is not JSON",
    "4: it is not JSON",
    "5: created_at: is no time: ?",
    "6: it is no object",
  ]);
  await expect(readHistory([path], { strict: true })).rejects.toThrow(`${path}, line 1: it is not JSON`);
});

test("a table with commas or semicolons: numbers are numbers, other columns are details, line breaks stay in their cell", async () => {
  const table = (mark: string) =>
    [
      [
        "id",
        "service",
        "title",
        "created_at",
        "resolved_at",
        "resolved_by",
        "http_code",
        "zone",
        "build",
        "details.site",
      ],
      ["1", "shop", `"Down${mark} very\n""down"""`, "2026-03-02 03:00", "", "", "503", "", "007", "a"],
      ["2", "shop", "Down", "", "", "", "0.5", "b", "", ""],
      [
        "3",
        "shop",
        "Down",
        "2026-03-02T03:00:00Z",
        "2026-03-02T03:01:00Z",
        "integration",
        "",
        "true",
        "",
        "",
      ],
    ]
      .map((cells) => cells.join(mark))
      .join("\r\n");
  for (const mark of [",", ";", "\t"]) {
    const { incidents, told } = await read(file("history.csv", `\ufeff${table(mark)}\r\n`));
    expect(told).toEqual(["4: created_at: is missing"]);
    expect(incidents[0]).toMatchObject({
      id: "1",
      title: `Down${mark} very\n"down"`,
      createdAt: Date.parse("2026-03-02T03:00:00Z"),
      resolvedAt: null,
      resolvedBy: null,
      details: { http_code: 503, build: "007", site: "a" },
    });
    expect(incidents[1]).toMatchObject({ resolvedBy: "integration", details: { zone: 1 } });
  }
});

test("our own text columns stay texts, and the resolver is read in any letter case", async () => {
  const { incidents, told } = await read(
    file(
      "texts.csv",
      "id,service,service_name,title,created_at,resolved_at,resolved_by,merged_into\n" +
        "17,1,404,500,2026-03-02T03:00:00Z,2026-03-02T03:01:00Z,Integration,18\n",
    ),
  );
  expect(told).toEqual([]);
  expect(incidents).toMatchObject([
    {
      id: "17",
      service: "1",
      serviceName: "404",
      title: "500",
      resolvedBy: "integration",
      mergedInto: "18",
      details: {},
    },
  ]);
});

test("maintenance survives a round trip through a row", async () => {
  const at = Date.parse("2026-03-02T03:00:00Z");
  const maintenance = [{ start: at, end: at + 60_000 }];
  const [row] = (await read(file("one.csv", "id,service,title,created_at\n1,s,t,2026-03-02T03:00:00Z\n")))
    .incidents;
  if (row === undefined) throw new Error("no row was read");
  const line = JSON.stringify(rowOfPast({ ...row, maintenance }));
  expect((await read(file("again.ndjson", `${line}\n`))).incidents).toEqual([{ ...row, maintenance }]);
});

test("pages of PagerDuty's incidents and log entries, in two files, are one history", async () => {
  const incidents = {
    incidents: ["Q1", "Q2"].map((id) => ({
      id,
      type: "incident",
      title: "Down",
      created_at: "2026-03-02T03:00:00Z",
      status: "resolved",
      service: { id: "PSVC001", type: "service_reference" },
      resolved_at: "2026-03-02T03:04:00Z",
      last_status_change_by: { id: "PSVC001", type: "service_reference" },
    })),
    more: false,
  };
  const timeout = {
    id: "R1",
    type: "resolve_log_entry",
    created_at: "2026-03-02T03:04:00Z",
    agent: { id: "PSVC001", type: "service_reference" },
    channel: { type: "timeout" },
    incident: { id: "Q2", type: "incident_reference" },
  };
  const { incidents: found, bad } = await read(
    file(
      "log.json",
      JSON.stringify({ log_entries: [timeout, { ...timeout, type: "notify_log_entry" }] }, null, 2),
    ),
    file("incidents.json", JSON.stringify(incidents, null, 2)),
  );
  expect(bad).toBe(0);
  expect(new Map(found.map(({ id, resolvedBy }) => [id, resolvedBy]))).toEqual(
    new Map([
      ["Q1", "integration"],
      ["Q2", "automation"],
    ]),
  );
});

test("a given format overrides detection, and a given zone overrides UTC", async () => {
  const path = file(
    "odd.ndjson",
    lines([
      { id: "Q1", service: "shop", title: "Down", created_at: "2026-07-02T03:00:00", auto_resolved: true },
    ]),
  );
  const own = await readHistory([path], { timeZone: "Europe/Berlin" });
  expect(own.incidents[0]).toMatchObject({ createdAt: Date.parse("2026-07-02T01:00:00Z"), resolvedAt: null });
  const named = await readHistory([path], { format: "analytics" });
  expect(named.incidents[0]).toMatchObject({
    service: "shop",
    createdAt: Date.parse("2026-07-02T03:00:00Z"),
  });
});

test("a file that is no history is refused", async () => {
  await expect(read(file("notes.txt", "hello"))).rejects.toThrow("neither JSON nor a table");
  await expect(read(file("utf16.csv", Buffer.from("\ufeffid,service", "utf16le")))).rejects.toThrow(
    "is UTF-16",
  );
  await expect(read("/nowhere/at/all")).rejects.toThrow("/nowhere/at/all cannot be read");
  await expect(read(file("broken.gz", gzipSync(lines([row("1")])).subarray(0, 30)))).rejects.toThrow(
    "cannot be read",
  );
  for (const nothing of ["", "\ufeff", " \n\n"])
    await expect(read(file("empty.csv", nothing))).rejects.toThrow("empty.csv is empty");
});

test("numeric ids keep their order and notation; one beyond exact integers is refused, as it would become another id", async () => {
  const numbers = [10, 9, 1.5].map((id) => ({ ...row(""), id }));
  const { incidents, told } = await read(
    file(
      "n.ndjson",
      `${lines([...numbers, row("9x"), row("8")])}\n${lines([row("")]).replace('""', "9007199254740993")}`,
    ),
  );
  expect(told).toEqual(["6: id: is too large to be read exactly: write it as a text"]);
  const ordered = incidents.toSorted(comparePast);
  expect(ordered.map(rowOfPast).map(({ id }) => id)).toEqual([1.5, 9, 10, "8", "9x"]);
});
