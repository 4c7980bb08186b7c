import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { openText } from "./open-text.ts";
import { type BadRow, readHistory } from "./read-history.ts";

const folder = mkdtempSync(join(tmpdir(), "mrdata-bad-input-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const file = (content: string | Uint8Array): string => {
  const path = join(folder, `history-${files++}`);
  writeFileSync(path, content);
  return path;
};
const read = async (content: string | Uint8Array) => {
  const bad: BadRow[] = [];
  const history = await readHistory([file(content)], { onBad: (one) => bad.push(one) });
  return { ...history, told: bad.map(({ problem }) => problem) };
};

const row = (id: string) => ({ id, service: "shop", title: "Down", created_at: "2026-03-02T03:00:00Z" });
const rows = Array.from({ length: 40 }, (_, i) => row(`A${i}`));
const ndjson = rows.map((one) => `${JSON.stringify(one)}\n`).join("");
const table = `id,service,title,created_at\n${rows.map((one) => `${Object.values(one).join(",")}\n`).join("")}`;
const page = JSON.stringify({ incidents: rows, more: false });

test("truncated files are recognised: lines, a table, a page, an array, gzip", async () => {
  const list = JSON.stringify(rows, null, 1);
  for (const whole of [ndjson, table, page, list]) {
    expect((await read(whole)).incidents).toHaveLength(40);
    for (const share of [0.3, 0.5, 0.97]) {
      const end = Math.floor(share * whole.length);
      // A table that ends behind a whole row is a whole table.
      const cut = whole.slice(0, end).replace(/\n$/u, "").slice(0, -1);
      if (whole === table && cut.split("\n").at(-1)?.split(",").length === 4) continue;
      await expect(read(cut), cut.slice(-60)).rejects.toThrow(/cut off/u);
    }
  }
  for (const bytes of [20, 60])
    await expect(read(gzipSync(ndjson).subarray(0, bytes))).rejects.toThrow(/cut off/u);
  await expect(read(`${table}A99,shop,"Down`)).rejects.toThrow(/line 42: a quotation mark is never closed/u);
});

test("an empty file, binary data, another file type and a folder have one sentence each", async () => {
  for (const [content, sentence] of [
    ["", "is empty"],
    ["\n \n", "is empty"],
    ["hello", "neither JSON nor a table"],
    [Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), "ZIP archive"],
    [Buffer.from("%PDF-1.7 and so on"), "a PDF"],
    [Buffer.from("PAR1...."), "Parquet"],
    [Buffer.from("id,ser\0vice"), "its byte 7 is 0"],
    [Buffer.from("\ufeffid,service", "utf16le"), "is UTF-16"],
    [Buffer.from("id,service\n1,caf\xe9\n", "latin1"), "line 2 is no UTF-8"],
  ] as const)
    await expect(read(content), sentence).rejects.toThrow(sentence);
  await expect(readHistory([folder])).rejects.toThrow("it is a folder");
  await expect(readHistory([join(folder, "nowhere")])).rejects.toThrow("cannot be read");
});

test("overlong cells, values and lines, and too many columns or fields are refused", async () => {
  const long = "x".repeat(18_000_000);
  await expect(read(`id,service,title,created_at\n1,shop,"${long}",2026-03-02\n`)).rejects.toThrow(
    /longer than/u,
  );
  await expect(read(`[{"id":"${long}"}]`)).rejects.toThrow(/line 1: a value is longer than/u);
  await expect(read(`${JSON.stringify(row("1"))}\n{"id":"${long}`)).rejects.toThrow(/longer than/u);
  const many = Array.from({ length: 200_000 }, (_, i) => `c${i}`);
  await expect(read(`id,service,title,created_at,${many.join(",")}\n`)).rejects.toThrow("has 200004 columns");
  const fields = Object.fromEntries(many.map((name) => [name, 1]));
  expect((await read(`${JSON.stringify({ ...row("1"), ...fields })}\n${ndjson}`)).told).toEqual([
    "it has more than 5000 fields",
  ]);
});

test("deeply nested JSON is read, and content nested too deeply is ignored", async () => {
  const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
  const { incidents } = await read(`${JSON.stringify(row("1")).slice(0, -1)},"details":${deep}}\n`);
  expect(incidents).toMatchObject([{ id: "1", details: {} }]);
});

test("a second table in a file is reported with its line; repeated headings are skipped", async () => {
  const other = "Number,Opened,Short description,Category\nINC1,2024-05-21,Down,x\n";
  await expect(read(`${table}\n${other}`)).rejects.toThrow(/line 4[23]: another table begins here/u);
  const { incidents, remarks } = await read(table + table.replaceAll("A", "B"));
  expect(incidents).toHaveLength(80);
  expect([...remarks.keys()].join()).toContain("headings stand 1 more times");
});

test("an unknown table after an empty line is reported too; a line of totals is a bad row", async () => {
  for (const other of ["name,email,role\na,b,c\n", "name,email,role,phone,on call,zone\na,b,c,d,e,f\n"])
    await expect(read(`${table}\n${other}`)).rejects.toThrow(/another table begins here \(name, email/u);
  const { incidents, told } = await read(`${table}\nTotal,40\n`);
  expect(incidents).toHaveLength(40);
  expect(told).toHaveLength(1);
});

test("Excel's sep= line is skipped silently", async () => {
  const { incidents, remarks } = await read(`sep=;\r\n${table.replaceAll(",", ";")}`);
  expect(incidents).toHaveLength(40);
  expect(remarks.size).toBe(0);
});

test("a file that grows while it is read is refused", async () => {
  const path = file(ndjson.repeat(200));
  const reading = async () => {
    for await (const text of openText(path)) if (text !== "") appendFileSync(path, ndjson);
  };
  await expect(reading()).rejects.toThrow("was written to while it was read");
});

test("an incident dated in the future is left out and reported", async () => {
  const { incidents, told, leftOut } = await read(
    `${ndjson}${JSON.stringify({ ...row("F"), created_at: "2999-01-01T00:00:00Z" })}\n`,
  );
  expect(incidents).toHaveLength(40);
  expect(told).toEqual(["created_at: is in the future: 2999-01-01T00:00:00.000Z"]);
  expect(leftOut.size).toBe(1);
});

test("a title with an escaped line break or a group of alerts is an ordinary title", async () => {
  const title = "[FIRING:2] Down (shop)\\nLabels:\\n - a = b\nand more";
  const { incidents } = await read(`${JSON.stringify({ ...row("1"), title })}\n`);
  expect(incidents[0]?.title).toBe(title);
});
