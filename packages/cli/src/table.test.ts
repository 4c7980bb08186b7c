import { expect, test } from "vitest";
import { type Column, tableLines } from "./table.ts";

type Row = { readonly id: string; readonly share: number; readonly title: string };
const columns: readonly Column<Row>[] = [
  { head: "id", of: ({ id }) => id },
  { head: "share", of: ({ share }) => `${share} %`, right: true },
  { head: "title", of: ({ title }) => title, shrinks: true },
];
const rows: readonly Row[] = [
  { id: "P1", share: 5, title: "Disk 93 % full on db-5 of the shop's second cluster" },
  { id: "PLONGER", share: 100, title: "down" },
];
const at = (width?: number) =>
  tableLines(columns, rows, { bold: String, ...(width === undefined ? {} : { columns: width }) });

test("columns align with their headings, and nothing is truncated without a terminal", () => {
  expect(at()).toEqual([
    "id       share  title",
    "P1         5 %  Disk 93 % full on db-5 of the shop's second cluster",
    "PLONGER  100 %  down",
  ]);
});

test.each([24, 40, 60, 80, 120])(
  "at %i columns no line is longer, and truncated text ends in an ellipsis",
  (width) => {
    const lines = at(width);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines.some((line) => line.endsWith("…"))).toBe(width < 67);
  },
);

test("ids are never truncated, however narrow the terminal", () => {
  expect(at(20).join("\n")).toContain("PLONGER");
});

test("columns move below before rows are printed field by field", () => {
  const below = columns.map((column) => (column.head === "title" ? { ...column, below: true } : column));
  expect(tableLines(below, rows, { bold: String, columns: 20 })).toEqual([
    "id       share",
    "P1         5 %",
    "    Disk 93 % full …",
    "PLONGER  100 %",
    "    down",
  ]);
  expect(at(20)).toEqual([
    "id     P1",
    "share  5 %",
    "title  Disk 93 % fu…",
    "",
    "id     PLONGER",
    "share  100 %",
    "title  down",
  ]);
});
