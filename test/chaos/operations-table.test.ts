import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { faultNames } from "./faults.ts";

/** The rows of "What can go wrong, and what it costs": what, what happens, and what shows it. */
const rows = readFileSync("docs/operations.md", "utf8")
  .split("\n## ")
  .filter((section) => section.startsWith("What can go wrong"))
  .flatMap((section) => section.split("\n").filter((line) => line.startsWith("| ")))
  .slice(2)
  .map((line) => line.slice(1, -1).split(/(?<!\\)\|/));

/** What is named in a cell: each test file followed by titles of its tests, `file` ("title"; "title"), whole or a part. */
const testsNamed = (cell: string): readonly { readonly file: string; readonly titles: readonly string[] }[] =>
  [...cell.matchAll(/`([^`]+\.(?:test|contract)\.ts)`(?: \(("[^"]+"(?:; "[^"]+")*)\))?/g)].map(
    ([, file = "", titles = ""]) => ({
      file,
      titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title),
    }),
  );

const fileOf = (name: string): string | undefined =>
  [name, `packages/${name}`].find((path) => existsSync(path));
/** The titles of a file's tests: the first text that `test`, `describe`, or what their `each` answers with, is given. */
const titlesIn = (file: string): readonly string[] =>
  [
    ...readFileSync(file, "utf8").matchAll(
      /(?:\b(?:test|describe)(?:\.\w+)*|\))\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs,
    ),
  ].map(([, , title = ""]) => title);
/** The named tests that are not there, each with what is wrong. */
const missingTests = (cell: string): readonly string[] =>
  testsNamed(cell).flatMap(({ file, titles }) => {
    const path = fileOf(file);
    if (path === undefined) return [`${file} is no file`];
    if (titles.length === 0) return [`${file} is named without the title of a test`];
    const known = titlesIn(path);
    return titles
      .filter((title) => !known.some((one) => one.includes(title)))
      .map((title) => `${file} has no test "${title}"`);
  });

const named = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map((one) => one[1] ?? "");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));
/** `npm run chaos -- --pairs`: that there is such a script. */
const isScript = (name: string): boolean => {
  const script = /^npm run (\S+)/.exec(name)?.[1];
  return script !== undefined && Object.hasOwn(scripts, script);
};
const exists = (name: string): boolean =>
  isScript(name) || faultNames.includes(name) || fileOf(name) !== undefined;

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
    expect(missingTests(cells[2] ?? "")).toEqual([]);
  },
);

test.each(["npm run nothing", "npm run", "npm run chaosx -- --pairs", "test/none.test.ts"])(
  "%s would be noticed",
  (name) => expect(exists(name)).toBe(false),
);

const ownFile = "test/chaos/operations-table.test.ts";
test.each([
  ["a file that is gone", '`test/none.test.ts` ("is there")', "test/none.test.ts is no file"],
  ["a file alone", `\`${ownFile}\``, `${ownFile} is named without the title of a test`],
  ["a test that was renamed", `\`${ownFile}\` ("%s: what ${"showed"} it is there")`, "has no test"],
  ["one of two", `\`${ownFile}\` ("there are rows"; "there ${"were"} rows")`, 'no test "there were rows"'],
])("in a row %s would be noticed", (_, cell, problem) => {
  expect(missingTests(cell).join(", ")).toContain(problem);
});

test("titles are found however a test is written, and what is no title is not", () => {
  expect(
    missingTests(`\`${ownFile}\` ("there are rows"; "what shows it is there"; "would be noticed")`),
  ).toEqual([]);
  expect(
    missingTests('`packages/functions/src/paging/pager.test.ts` ("is moved by the other endpoint")'),
  ).toEqual([]);
  // It stands in the file, and is no test.
  expect(missingTests(`\`${ownFile}\` ("docs/operations.md")`)).toHaveLength(1);
});
