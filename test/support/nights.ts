import { expect } from "vitest";
import { jsonLines, type Ran } from "./mrdata.ts";

/** A row of the table of `mrdata demo --json`. */
export type NightRow = {
  readonly way: string;
  readonly incidents: number;
  readonly held: number;
  readonly paged: number;
  readonly pagedAtOnce: number;
  readonly pagedLater: number;
  readonly misses: number;
  readonly minutesOfDelay: number;
  readonly pagesSpared: number;
};

/** The rows that `mrdata demo --json` printed: the bot's, and the other ways. */
export function nightsOf({ code, stdout }: Ran): readonly NightRow[] {
  expect(code).toBe(0);
  const [line] = jsonLines(stdout);
  if (typeof line !== "object" || line === null || !("nights" in line) || !Array.isArray(line.nights))
    throw new Error("not a line of figures");
  expect(line).toMatchObject({ synthetic: true });
  expect(line.nights.map(({ way }: NightRow) => way)).toEqual([
    "Mr Data",
    "alert type's own rate",
    "page always",
    "fixed delay of 5 minutes",
    "fixed delay of 10 minutes",
  ]);
  return line.nights;
}
