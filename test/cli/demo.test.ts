import { expect, test } from "vitest";
import { jsonLines, mrdata, temporaryFolder } from "../support/mrdata.ts";

type Row = {
  way: string;
  incidents: number;
  held: number;
  paged: number;
  misses: number;
  minutesOfDelay: number;
  pagesSpared: number;
};

const night = async (...args: readonly string[]): Promise<readonly Row[]> => {
  const { code, stdout } = await mrdata(["demo", "--json", ...args]);
  expect(code).toBe(0);
  const [line] = jsonLines(stdout);
  if (typeof line !== "object" || line === null || !("nights" in line) || !Array.isArray(line.nights))
    throw new Error("not a line of figures");
  expect(line).toMatchObject({ synthetic: true });
  return line.nights;
};

test("the night beside 'page always' and a fixed delay, in figures that hang together", async () => {
  const rows = await night();
  expect(rows.map(({ way }) => way)).toEqual(["Mr Data", "page always", "fixed delay of 5 minutes"]);
  const [bot, always, fixed] = rows;
  if (!bot || !always || !fixed) throw new Error("a way is missing");
  expect(bot.incidents).toBeGreaterThan(5);
  expect(new Set(rows.map(({ incidents }) => incidents)).size).toBe(1);
  expect(always).toMatchObject({
    held: 0,
    paged: always.incidents,
    misses: 0,
    minutesOfDelay: 0,
    pagesSpared: 0,
  });
  expect(fixed).toMatchObject({ held: fixed.incidents, minutesOfDelay: 5 * fixed.paged });
  expect(bot.held).toBeGreaterThan(0);
  expect(bot.pagesSpared).toBeGreaterThan(0);
  expect(bot.misses).toBeLessThan(fixed.misses);
  // What is held and not spared is paged at the window's end, and nothing else is late.
  expect(bot.minutesOfDelay).toBeLessThanOrEqual(5 * (bot.held - bot.pagesSpared) + 0.1 * bot.paged);
});

// Ten days are past enough for these, and a sixth of the work.
test("the same seed gives the same night, another seed another", async () => {
  const [first, again, other] = await Promise.all(
    ["4", "4", "5"].map((seed) => night("--days", "10", "--seed", seed)),
  );
  expect(first?.[0]?.held).toBeGreaterThan(0);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test("prints a table, says that it is made up, and keeps the ledger where it is told to, for a new bot only", async () => {
  const home = temporaryFolder();
  const { code, stdout, stderr } = await mrdata(["demo", "--days", "2", "--home", home]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/incidents +held +paged +misses +minutes of delay +night pages spared\nMr Data/);
  expect(stderr).toContain("2 days of a simulated organisation");
  expect(stderr).toContain("made up");
  expect((await mrdata(["explain", "PNOBODY", "--home", home, "--json"])).code).toBe(0);
  const again = await mrdata(["demo", "--home", home]);
  expect(again).toMatchObject({ code: 1, stdout: "" });
  expect(again.stderr).toContain("there is a ledger in");
});
