import { describe, expect, test } from "vitest";
import { bootstrap } from "./bootstrap.ts";
import { coverageCurve } from "./coverage-curve.ts";
import { groupFigures, holdFigures, nightOrDay } from "./group-figures.ts";
import { someHistory } from "./history.fixture.ts";
import type { ScoredIncident } from "./issue-predictions.ts";

const [incident] = someHistory(1);
if (incident === undefined) throw new Error("no incident");
const scored = (
  list: readonly (readonly [probability: number, label: 0 | 1, hold: boolean, service?: string])[],
): readonly ScoredIncident[] =>
  list.map(([probability, label, hold, service = "A"]) => ({
    incident: { ...incident, service },
    probability,
    label,
    hold,
    rate: 0.5,
    rateHold: false,
    holdBy: { certified: hold, halfBudget: hold, point: hold },
  }));

describe("the results of holding", () => {
  test("spared and delayed are shares of all, precision of what was held", () => {
    const some = scored([
      [0.9, 1, true],
      [0.9, 0, true],
      [0.9, 1, true],
      [0.1, 1, false],
    ]);
    expect(holdFigures(some, ({ hold }) => hold)).toEqual({
      coverage: 0.75,
      precision: 2 / 3,
      pagesSpared: 0.5,
      realDelayed: 0.25,
    });
    expect(holdFigures(some, () => false)).toEqual({
      coverage: 0,
      precision: null,
      pagesSpared: 0,
      realDelayed: 0,
    });
    expect(holdFigures([], () => true)).toMatchObject({ coverage: 0, precision: null });
  });

  test("groups are figures of their own, the largest first; too few of one outcome have no AUC", () => {
    const many = Array.from({ length: 12 }, (_, i) => [0.2 + i / 20, i >= 6 ? 1 : 0, i >= 6, "B"] as const);
    const groups = groupFigures(
      scored([[0.9, 1, true, "A"], ...many]),
      ({ incident: { service } }) => service,
    );
    expect(groups.map(({ name, scored: n, baseRate, auc }) => [name, n, baseRate, auc])).toEqual([
      ["B", 12, 0.5, 1],
      ["A", 1, 1, null],
    ]);
    expect(groups[0]).toMatchObject({ coverage: 0.5, precision: 1, pagesSpared: 0.5, realDelayed: 0 });
  });
});

test("incidents are grouped by the organisation's nights", () => {
  const timeOf = nightOrDay("Europe/Berlin");
  expect(["20:00", "05:59", "06:00"].map((time) => timeOf(Date.parse(`2026-07-01T${time}:00Z`)))).toEqual([
    "night",
    "night",
    "day",
  ]);
});

test("the coverage curve goes down from the surest to all", () => {
  const points = coverageCurve([
    { probability: 0.5, label: 0 },
    { probability: 0.9, label: 1 },
    { probability: 0.7, label: 1 },
    { probability: 0.2, label: 0 },
  ]);
  expect(points).toEqual([
    { threshold: 0.9, coverage: 0.25, precision: 1 },
    { threshold: 0.7, coverage: 0.5, precision: 1 },
    { threshold: 0.5, coverage: 0.75, precision: 2 / 3 },
    { threshold: 0.2, coverage: 1, precision: 0.5 },
  ]);
  expect(coverageCurve([])).toEqual([]);
  const long = coverageCurve(
    Array.from({ length: 5_050 }, (_, i) => ({ probability: i / 5_050, label: 1 as const })),
  );
  expect(long.length).toBeLessThanOrEqual(102);
  expect(long.at(-1)).toMatchObject({ coverage: 1, threshold: 0 });
});

describe("the bootstrap", () => {
  const values = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const mean = (drawn: Int32Array) => drawn.reduce((sum, i) => sum + (values[i] ?? 0), 0) / drawn.length;

  test("gives the value of all rows, and an interval as wide as statistics say", () => {
    const { value, low, high } = bootstrap(400, { mean }, 1)("mean");
    expect(value).toBe(0.25);
    // The standard error of a share of a quarter in 400 rows is .0217.
    expect(low).toBeGreaterThan(0.25 - 3 * 0.0217);
    expect(low).toBeLessThan(0.25 - 0.0217);
    expect(high).toBeGreaterThan(0.25 + 0.0217);
    expect(high).toBeLessThan(0.25 + 3 * 0.0217);
  });

  test("is the same for a seed, and all figures see the same draws", () => {
    const of = (seed: number) => bootstrap(400, { one: mean, other: mean }, seed);
    expect(of(3)("one")).toEqual(of(3)("one"));
    expect(of(3)("one")).toEqual(of(3)("other"));
    expect(of(3)("one")).not.toEqual(of(4)("one"));
  });
});
