import type { PastIncident } from "@mrdata/incident";
import { expect, test } from "vitest";
import { backtest } from "./backtest.ts";
import { usualRule } from "./threshold.ts";
import { lastKnownAt, TABLE_WINDOWS, triedWindows, windowRows, windowTable } from "./window-table.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Three alarms in turn: one clears within two minutes, one within eight, one needs a human. */
const history = (count: number): readonly PastIncident[] =>
  Array.from({ length: count }, (_, i): PastIncident => {
    const createdAt = Date.parse("2026-01-05T00:00:00Z") + i * 2 * HOUR;
    const minutes = [1.5, 7, 90][i % 3] ?? 90;
    return {
      id: `Q${String(i).padStart(5, "0")}`,
      service: "PDATABASE",
      title: ["Disk 91% full", "Queue is long", "Checkout answers 503"][i % 3] ?? "",
      createdAt,
      resolvedAt: createdAt + minutes * MINUTE,
      resolvedBy: i % 3 === 2 ? "human" : "integration",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {},
    };
  });

const certificate = { budget: 0.3, delta: 0.1, days: 180 };
const options = { refits: 2, seed: 1, trees: 5, rule: usualRule, certificate };

test("of one replay every window has its own labels, answers and certificate, each at a sixth of delta", async () => {
  const tried = await backtest(history(600), { ...options, windowMs: 5 * MINUTE });
  const table = await windowTable(tried, { ...options, now: lastKnownAt(tried) });
  expect(table.map(({ windowSeconds }) => windowSeconds * 1000)).toEqual(TABLE_WINDOWS);
  const spared = table.map(({ pagesSpared }) => Math.round(3 * pagesSpared));
  // Nothing clears within a minute, one alarm in three within two, two in three within ten.
  expect(spared).toEqual([0, 1, 1, 1, 2, 2]);
  expect(table[0]?.certificate).toBeNull();
  for (const { certificate, realDelayed } of table.slice(1)) {
    expect(certificate?.delta).toBeCloseTo(0.1 / 6, 12);
    expect(certificate?.upperBound).toBeLessThanOrEqual(0.3);
    expect(realDelayed).toBe(0);
  }
});

test("however many windows are compared, delta is shared among all of them", async () => {
  const tried = await backtest(history(600), { ...options, windowMs: 7 * MINUTE });
  const how = { ...options, now: lastKnownAt(tried) };
  const parts = await triedWindows(tried, how, [2 * MINUTE, 3 * MINUTE, 7 * MINUTE]);
  for (const looked of [parts, parts.slice(0, 2), parts.slice(2)]) {
    const deltas = windowRows(looked, how).flatMap(({ certificate }) => certificate?.delta ?? []);
    expect(deltas.length).toBeGreaterThan(0);
    for (const delta of deltas) expect(delta).toBeLessThanOrEqual(0.1 / looked.length + 1e-12);
  }
});

test("a past too small for a sixth of delta has no certificate", async () => {
  const tried = await backtest(history(200), { ...options, windowMs: 5 * MINUTE });
  const now = lastKnownAt(tried);
  const windows = [2 * MINUTE, 5 * MINUTE, 6 * MINUTE, 7 * MINUTE, 8 * MINUTE, 9 * MINUTE];
  const rule = { ...options, now, certificate: { budget: 0.02, delta: 0.1, days: 180 } };
  expect((await windowTable(tried, rule, windows)).map(({ certificate }) => certificate)).toEqual(
    windows.map(() => null),
  );
});
