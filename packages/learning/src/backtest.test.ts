import { knownAt, type PastIncident, selfResolved } from "@mrdata/incident";
import { beforeAll, describe, expect, test } from "vitest";
import { backtest } from "./backtest.ts";
import { backtestFigures } from "./backtest-figures.ts";
import { quickLearners, someHistory } from "./history.fixture.ts";
import { rowOfPast } from "./past-row.ts";
import { pastIncidentReader } from "./read-past-incident.ts";
import { chooseThreshold } from "./threshold.ts";

const WINDOW = 30 * 60_000;
// What the usual learners find is tested in robustness.test.ts.
const options = { windowMs: WINDOW, refits: 4, seed: 1, trees: 20, settings: quickLearners };

describe("a backtest", () => {
  const history = someHistory(1_200);
  let base: Awaited<ReturnType<typeof backtest>>;

  beforeAll(async () => {
    base = await backtest(history, options);
  });

  test("scores the last 40 % once each, in order, with a model for each block trained on what was known", async () => {
    const { scored, refits, incidents } = base;
    expect(incidents).toBe(1_200);
    expect(scored.map(({ incident }) => incident.id)).toEqual(history.slice(720).map(({ id }) => id));
    expect(refits.map(({ from }) => Date.parse(from))).toEqual(
      [720, 840, 960, 1_080].map((i) => history[i]?.createdAt),
    );
    for (const { from, learntFrom } of refits) {
      const moment = Date.parse(from);
      expect(learntFrom).toBe(
        history.filter((one) => one.createdAt < moment && knownAt(one, WINDOW) <= moment).length,
      );
    }
    for (const { incident, label } of scored) expect(label === 1).toBe(selfResolved(incident, WINDOW));
  });

  test("distinguishes past predictions of models with enough data from those without", () => {
    // Three of the six blocks before the 720th: the other three begin before the 360th.
    expect(base.past.filter(({ grown }) => grown)).toHaveLength(1_200 - 360);
  });

  test("finds the signal, better than the alert type's historical rate, and is reproducible", async () => {
    const figures = backtestFigures(base.scored);
    expect(figures.auc.value).toBeGreaterThan(figures.baselines.ownRate.auc + 0.015);
    expect(figures.brier.value).toBeLessThan(figures.baselines.ownRate.brier);
    expect(figures.precision).toBeGreaterThan(0.8);
    expect(figures.coverage).toBeGreaterThan(0.2);
    expect(figures.pagesSpared + figures.realDelayed).toBeCloseTo(figures.coverage, 12);
    expect(backtestFigures((await backtest(history, { ...options, workers: 2 })).scored)).toEqual(figures);
  });

  test("finds nothing where there is nothing to learn, and holds next to nothing", async () => {
    const { scored } = await backtest(someHistory(1_200, { noise: true }), options);
    const figures = backtestFigures(scored);
    expect(Math.abs(figures.auc.value - 0.5)).toBeLessThan(0.09);
    expect(figures.coverage).toBeLessThan(0.05);
  });

  test("holds by a threshold from the past only: what happens in a block changes no decision in it", async () => {
    // The last block ends otherwise.
    const turned = history.map(
      (one, i): PastIncident => (i < 1_080 ? one : { ...one, resolvedAt: null, resolvedBy: null }),
    );
    const other = await backtest(turned, options);
    const firstOf = (all: typeof base.scored) =>
      all.find(({ incident }) => incident.id === history[1_080]?.id);
    expect(firstOf(other.scored)?.probability).toBe(firstOf(base.scored)?.probability);
    expect(firstOf(other.scored)?.hold).toBe(firstOf(base.scored)?.hold);
    expect(other.refits).toEqual(base.refits);
  });

  test("of too short a history is refused", async () => {
    await expect(backtest(history.slice(0, 50), options)).rejects.toThrow(
      "has 50 incidents to learn from, and a backtest needs 200",
    );
  });
});

test("the threshold is the lowest at which the past was right often enough, over enough of it", () => {
  const issued = (probability: number, right: number, wrong: number) => [
    ...Array.from({ length: right }, () => ({ probability, label: 1 as const })),
    ...Array.from({ length: wrong }, () => ({ probability, label: 0 as const })),
  ];
  expect(chooseThreshold([...issued(0.9, 19, 1), ...issued(0.8, 17, 3), ...issued(0.7, 10, 10)])).toBe(0.8);
  expect(chooseThreshold([...issued(0.9, 10, 0)])).toBeNull();
  expect(chooseThreshold([...issued(0.9, 17, 3)])).toBeNull();
  // A bad stretch at the top may be made good below.
  expect(chooseThreshold([...issued(0.95, 10, 5), ...issued(0.9, 100, 0)])).toBe(0.9);
  expect(chooseThreshold([])).toBeNull();
  // Within a miss budget of 10 % of what is real, one of ten may be held.
  const rule = { precision: 0.9, rows: 20, missBudget: 0.1 };
  expect(chooseThreshold([...issued(0.9, 30, 1), ...issued(0.8, 30, 1), ...issued(0.1, 0, 8)], rule)).toBe(
    0.9,
  );
});

describe("a row of a history file", () => {
  const row = {
    id: "up-1",
    service: "shop",
    title: "Checkout is down",
    created_at: "2026-01-05T03:00:00Z",
    resolved_at: "2026-01-05T03:10:00+00:00",
    resolved_by: "integration",
    details: {
      code: 503,
      fast: true,
      site: "shop",
      empty: "",
      nothing: null,
      list: [1, "a"],
      db: { ms: 2.5, duration: 9, deep: { pool: "x" } },
    },
  };
  const problemOf = (change: object) => {
    const read = pastIncidentReader()({ ...row, ...change });
    return "problem" in read ? read.problem : null;
  };

  test("is an incident of the past; of the details, numbers and texts are kept", () => {
    expect(pastIncidentReader()(row)).toEqual({
      incident: {
        id: "up-1",
        service: "shop",
        title: "Checkout is down",
        createdAt: Date.parse("2026-01-05T03:00:00Z"),
        resolvedAt: Date.parse("2026-01-05T03:10:00Z"),
        resolvedBy: "integration",
        acknowledgedAt: null,
        takenOverAt: null,
        mergedInto: null,
        urgency: "high",
        details: { code: 503, fast: 1, site: "shop", list: "1, a", "db.ms": 2.5, "db.deep.pool": "x" },
      },
    });
  });
  test("never has later events among its details, whatever the column is called", () => {
    const later = { status: "resolved", seconds_to_resolve: 600, Duration: 10, auto_resolved: true };
    const read = pastIncidentReader()({ ...row, ...later, details: { code: 503 }, zone: "b" });
    expect("incident" in read && read.incident.details).toEqual({ code: 503, zone: "b" });
    const inside = pastIncidentReader()({
      ...row,
      details: { code: 503, ...later, resolved_by: "integration" },
    });
    expect("incident" in inside && inside.incident.details).toEqual({ code: 503 });
  });
  test("keeps a person's feedback, is written as it was read, and ignores other words", () => {
    const readAgain = (change: object) => {
      const read = pastIncidentReader()({ ...row, ...change });
      if (!("incident" in read)) throw new Error(read.problem);
      expect(pastIncidentReader()(rowOfPast(read.incident))).toEqual(read);
      return read.incident.feedback;
    };
    const at = Date.parse("2026-01-06T09:00:00Z");
    expect(readAgain({ feedback: "real", feedback_at: "2026-01-06T09:00:00Z" })).toEqual({
      said: "real",
      at,
    });
    expect(readAgain({ feedback: "noise" })).toEqual({ said: "noise", at: Date.parse(row.resolved_at) });
    expect(readAgain({ feedback: "thanks" })).toBeUndefined();
  });
  test("that was never closed, or closed by an unknown actor, is not self-resolved", () => {
    for (const change of [
      { resolved_at: null },
      { resolved_by: null },
      { resolved_by: "human" },
      { resolved_by: "unknown" },
    ]) {
      const read = pastIncidentReader()({ ...row, ...change });
      expect("incident" in read && selfResolved(read.incident, WINDOW)).toBe(false);
    }
  });
  test("that is wrong says which field is", () => {
    expect(problemOf({ id: "__x__" })).toContain("id: cannot be an id");
    expect(problemOf({ created_at: "yesterday" })).toContain("created_at");
    expect(problemOf({ service: "" })).toContain("service");
    expect(problemOf({ urgency: "medium" })).toContain("urgency");
    expect(problemOf({ resolved_at: "2026-01-05T02:00:00Z" })).toContain("resolved_at: is before created_at");
  });
});

test("a backtest scores every row where no label is known before the last of them: with what knows nothing, and nothing is held", async () => {
  // Everything stays open, and the window is longer than the history.
  const open = someHistory(300).map((one) => ({ ...one, resolvedAt: null, resolvedBy: null }));
  const { scored, refits, past } = await backtest(open, { ...options, windowMs: 400 * 86_400_000 });
  expect(scored.map(({ incident }) => incident.id)).toEqual(open.slice(180).map(({ id }) => id));
  for (const { probability, hold } of scored)
    expect({ probability, hold }).toEqual({ probability: 0.5, hold: false });
  expect(refits.map(({ learntFrom }) => learntFrom)).toEqual([0, 0, 0, 0]);
  expect(past).toHaveLength(scored.length);
  // NaN would be null in JSON.
  const figures = backtestFigures(scored);
  for (const one of [figures, figures.baselines, figures.baselines.ownRate, ...figures.byService])
    for (const [name, value] of Object.entries(one)) expect(`${name} ${value}`).not.toMatch(/NaN|Infinity/);
  for (const one of [figures.auc, figures.averagePrecision, figures.brier, figures.ece])
    for (const value of Object.values(one)) expect(value).toSatisfy(Number.isFinite);
});
