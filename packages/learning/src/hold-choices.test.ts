import type { PastIncident } from "@mrdata/incident";
import { beforeAll, describe, expect, test } from "vitest";
import { backtest } from "./backtest.ts";
import { type HoldChoice, type HoldChoices, holdChoices, promisedOnly, SURENESSES } from "./hold-choices.ts";
import { usualRule } from "./threshold.ts";
import { lastKnownAt, type TriedWindow, triedWindows } from "./window-table.ts";

const MINUTE = 60_000;
const windowMs = 15 * MINUTE;
const WINDOWS = [5 * MINUTE, windowMs];

/** Three alarms in turn: one that clears within four minutes but for every fourteenth time, one within eight, one never. */
const history = Array.from({ length: 300 }, (_, i): PastIncident => {
  const createdAt = Date.parse("2026-01-05T00:00:00Z") + i * 2 * 60 * MINUTE;
  const minutes = i % 42 === 0 ? 90 : ([4, 8, 90][i % 3] ?? 90);
  return {
    id: `Q${String(i).padStart(5, "0")}`,
    service: "PDATABASE",
    title: ["Disk 91% full", "Queue is long", "Checkout answers 503"][i % 3] ?? "",
    createdAt,
    resolvedAt: createdAt + minutes * MINUTE,
    resolvedBy: minutes === 90 ? "human" : "integration",
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    urgency: "high",
    details: {},
  };
});

describe("a past that cannot be certified", () => {
  const certificate = { budget: 0.01, delta: 0.1, days: 400 };
  const options = { refits: 1, seed: 1, trees: 5, rule: { ...usualRule, missBudget: 0.01 }, certificate };
  let tried: readonly TriedWindow[];
  let now: number;
  const choose = (budget: number): HoldChoices =>
    holdChoices(tried, {
      ...options,
      rule: { ...usualRule, missBudget: budget },
      certificate: { ...certificate, budget },
      now,
      windowMs,
    });
  beforeAll(async () => {
    const result = await backtest(history, { ...options, windowMs });
    now = lastKnownAt(result);
    tried = await triedWindows(result, { ...options, now }, WINDOWS);
  });

  test("gives every window at every confidence level, each with its promise", () => {
    const { table, predictions } = choose(0.01);
    expect(table.map(({ windowSeconds, sureness }) => [windowSeconds, sureness])).toEqual(
      WINDOWS.flatMap((one) => SURENESSES.map((sureness) => [one / 1000, sureness])),
    );
    for (const { held, pagesSpared, realDelayed } of table)
      expect(pagesSpared + realDelayed).toBeCloseTo(held / predictions, 10);
    // The surer, the less is held.
    const own = table
      .filter(({ windowSeconds }) => windowSeconds * 1000 === windowMs)
      .map(({ held }) => held);
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  });

  test("what it names as required is enough, and a little less is not", () => {
    const { needs, from, atMissBudget } = choose(0.01);
    expect(needs.missBudget).not.toBeNull();
    expect(atMissBudget).toBe(needs.missBudget);
    expect(from).not.toBeNull();
    const given = choose(needs.missBudget ?? 0);
    expect([given.needs.moreIncidents, given.atMissBudget]).toEqual([0, null]);
    expect(choose((needs.missBudget ?? 0) - 0.01).needs.moreIncidents).not.toBe(0);
  });

  test("no cell of the current window is certified where it holds nothing, and each window names the probability it holds from", () => {
    for (const budget of [0.01, 0.02, 0.05, 0.1, 0.3]) {
      const { needs, table } = choose(budget);
      const certified = (seconds: number) =>
        table.filter((one) => one.windowSeconds === seconds && one.certified);
      if (needs.moreIncidents !== 0) expect(certified(windowMs / 1000)).toEqual([]);
      expect(needs.windowsFrom).toHaveLength(needs.windowsSeconds.length);
      for (const [i, seconds] of needs.windowsSeconds.entries())
        for (const { sureness } of certified(seconds))
          expect(sureness).toBeGreaterThanOrEqual(needs.windowsFrom[i] ?? Number.NaN);
    }
  });

  test("lists the alarms that would be held, the most frequent first, and every one of them that would be late", () => {
    const { alarms, misses, from } = choose(0.01);
    expect(from).not.toBeNull();
    expect(alarms.length).toBeGreaterThan(0);
    expect(alarms.length).toBeLessThanOrEqual(10);
    const held = alarms.map((one) => one.held);
    expect(held).toEqual(held.toSorted((a, b) => b - a));
    for (const alarm of alarms) expect(alarm.late).toBeLessThanOrEqual(alarm.held);
    const at = misses.map(({ createdAt }) => createdAt);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(new Set(misses.map(({ id }) => id)).size).toBe(misses.length);
    expect(misses.length).toBeGreaterThanOrEqual(alarms.reduce((sum, { late }) => sum + late, 0));
  });
});

test("a cell promises nothing of the current window where a version for it would hold nothing, whatever another share of delta allows", () => {
  const cell = { sureness: 0.85, held: 30, pagesSpared: 0.03, realDelayed: 0, upperBound: 0.013 };
  const table = [300, 900].map((windowSeconds): HoldChoice => ({ ...cell, windowSeconds, certified: true }));
  expect(promisedOnly(table, 300).map(({ certified }) => certified)).toEqual([false, true]);
  expect(promisedOnly(table, null)).toEqual(table);
});
