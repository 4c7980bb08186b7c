import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faultNames } from "./faults.ts";

/** The rows of "What can go wrong, and what it costs": what, what happens, and what shows it. */
const rows = readFileSync("docs/operations.md", "utf8")
  .split("\n## ")
  .filter((section) => section.startsWith("What can go wrong"))
  .flatMap((section) => section.split("\n").filter((line) => line.startsWith("| ")))
  .slice(2)
  .map((line) => line.slice(1, -1).split(/(?<!\\)\|/));

const named = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map((one) => one[1] ?? "");
const exists = (name: string): boolean =>
  name.startsWith("npm run ") ||
  faultNames.includes(name) ||
  existsSync(name) ||
  existsSync(`packages/${name}`);

test("there are rows, each with what shows it", () => {
  expect(rows.length).toBeGreaterThan(20);
});

test.each(rows.map((cells) => [cells[0]?.trim() ?? "", cells] as const))(
  "%s: what shows it is there",
  (_, cells) => {
    expect(cells).toHaveLength(3);
    const shownBy = named(cells[2] ?? "");
    expect(shownBy.length).toBeGreaterThan(0);
    expect(shownBy.filter((name) => !exists(name))).toEqual([]);
  },
);
