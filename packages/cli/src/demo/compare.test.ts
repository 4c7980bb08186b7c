import { createOrganisation } from "@mrdata/simulator";
import { expect, test } from "vitest";
import { figuresOf, tableOf } from "./compare.ts";
import { playNight } from "./play-night.ts";

const HOUR = 3_600_000;
const to = Date.parse("2026-03-02T08:00:00Z");
const from = to - 10 * HOUR;

/** The night of a bot that is dead: PagerDuty escalates when the window ends. */
async function nightOf(seed: number) {
  const organisation = createOrganisation({ seed, from, to, bot: { timeoutMinutes: 5 } });
  const played = await playNight({ organisation, seed, from, to, windowMs: HOUR / 12, secret: "secret" });
  return figuresOf("fixed delay of 5 minutes", played, () => true);
}

test("the night depends only on the seed, and the table has the figures of the JSON", async () => {
  const figures = await nightOf(5);
  expect(await nightOf(5)).toEqual(figures);
  expect(await nightOf(6)).not.toEqual(figures);
  const [, row = ""] = tableOf([figures]);
  const { incidents, held, pagedAtOnce, pagedLater, misses, minutesOfDelay, pagesSpared } = figures;
  expect(incidents).toBeGreaterThan(5);
  expect(row.slice(figures.way.length).trim().split(/ +/)).toEqual([
    ...[incidents, held, pagedAtOnce, pagedLater, misses].map(String),
    minutesOfDelay.toFixed(1),
    String(pagesSpared),
  ]);
});
