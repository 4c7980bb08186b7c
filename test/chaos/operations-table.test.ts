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
  isScript(name) || faultNames.includes(name) || existsSync(name) || existsSync(`packages/${name}`);

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

test.each(["npm run nothing", "npm run", "npm run chaosx -- --pairs", "test/none.test.ts"])(
  "%s would be noticed",
  (name) => expect(exists(name)).toBe(false),
);
