import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { z } from "zod";

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
  const { status, stdout } = spawnSync(process.execPath, ["test/worth/main.ts", "--json"], {
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
