import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { z } from "zod";
import { compareCensored } from "../worth/censored.ts";
import { compareRules, promiseKept, rulesTable } from "../worth/rules.ts";

test("certified, half-budget and point thresholds are compared on the same made-up histories, long enough to certify", async () => {
  const all = await compareRules({ seeds: [1, 2], budget: 0.1, days: 60, refits: 2, trees: 10 });
  for (const { seed, way, spared, broken } of all) {
    expect(spared, `${way}, seed ${seed}`).toBeGreaterThan(0);
    expect(broken, `${way}, seed ${seed}`).toBe(false);
  }
  const table = rulesTable(all);
  expect(table.map(({ way, seeds, brokenSeeds }) => [way, seeds, brokenSeeds])).toEqual([
    ["certified", 2, 0],
    ["halfBudget", 2, 0],
    ["point", 2, 0],
  ]);
  const [certified, half, point] = table;
  // Who may miss more holds more; the certificate stands between.
  expect(half?.pagesSpared).toBeLessThan(point?.pagesSpared ?? 0);
  expect(certified?.pagesSpared).toBeGreaterThan(half?.pagesSpared ?? 1);
  expect(certified?.pagesSpared).toBeLessThanOrEqual(point?.pagesSpared ?? 0);
  expect(promiseKept(table)).toBe(true);
});

test("a promise that nothing was held by, or that was broken with more seeds than chance allows, is not kept", () => {
  const row = {
    way: "certified",
    seeds: 20,
    pagesSpared: 0.2,
    realDelayedOfReal: 0.05,
    brokenSeeds: 6,
  } as const;
  expect(promiseKept([row])).toBe(true);
  expect(promiseKept([{ ...row, brokenSeeds: 7 }])).toBe(false);
  expect(promiseKept([{ ...row, pagesSpared: 0 }])).toBe(false);
  expect(promiseKept([{ ...row, way: "point" }])).toBe(false);
});

test("what leaves out, or weighs, what nobody knows holds more of the real faults that people fixed in time", async () => {
  const table = await compareCensored({ count: 1_000, seeds: [1, 2], refits: 2, trees: 10 });
  const heldOf = (way: string) => table.find((row) => row.way === way)?.heldOfThem ?? Number.NaN;
  expect(heldOf("negative")).toBeGreaterThan(0);
  expect(heldOf("left-out")).toBeGreaterThan(heldOf("negative"));
  expect(heldOf("weighted")).toBeGreaterThan(heldOf("negative"));
  // Although what is known is predicted better.
  const brierOf = (way: string) => table.find((row) => row.way === way)?.brier ?? Number.NaN;
  expect(brierOf("left-out")).toBeLessThan(brierOf("negative"));
});

const way = z.object({ way: z.string(), nightPagesSpared: z.number(), realDelayed: z.number() });
const verdict = z.object({
  comparison: z.string(),
  more: z.number(),
  low: z.number(),
  high: z.number(),
  beyondTheInterval: z.boolean(),
  held: z.number(),
});

test("a month with the bot armed is told beside the other ways, and the command's exit says what came of it", () => {
  const { status, stdout } = spawnSync(process.execPath, ["test/worth/main.ts", "--month", "--json"], {
    encoding: "utf8",
  });
  const lines: readonly unknown[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [mrData, ownRate, behindRails, ...others] = lines.slice(0, -1).map((line) => way.parse(line));
  const told = verdict.parse(lines.at(-1));
  expect(others.map((one) => one.way)).toEqual([
    "fixed delay of 5 minutes",
    "fixed delay of 10 minutes",
    "page always",
  ]);
  // It spares something, delays few, and the rival is given as many delayed ones.
  expect(told.held).toBeGreaterThan(100);
  expect(mrData?.nightPagesSpared).toBeGreaterThan(mrData?.realDelayed ?? Number.POSITIVE_INFINITY);
  expect(ownRate?.realDelayed).toBe(mrData?.realDelayed);
  expect(behindRails?.realDelayed).toBe(mrData?.realDelayed);
  expect(told.more).toBeCloseTo((mrData?.nightPagesSpared ?? 0) - (ownRate?.nightPagesSpared ?? 0), 0);
  expect(told.beyondTheInterval).toBe(told.low > 0);
  expect(status).toBe(told.beyondTheInterval ? 0 : 1);
});
