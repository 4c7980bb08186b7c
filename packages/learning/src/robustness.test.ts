import { createRandom } from "@mrdata/forest";
import type { Details, PastIncident } from "@mrdata/incident";
import { describe, expect, test } from "vitest";
import { backtest } from "./backtest.ts";
import { backtestFigures } from "./backtest-figures.ts";
import { detailColumns } from "./detail-columns.ts";
import { featureTable } from "./feature-table.ts";
import { ownChances, sharedAlarms, someHistory } from "./history.fixture.ts";
import { replayHistory, rowOf } from "./replay.ts";

const MINUTE = 60_000;
const WINDOW = 30 * MINUTE;
// One block after one of warm-up: enough to compare two ways.
const options = { windowMs: WINDOW, refits: 1, seed: 1, trees: 20 };
const figuresOf = async (history: readonly PastIncident[]) =>
  backtestFigures((await backtest(history, options)).scored);
const withDetails = (history: readonly PastIncident[], details: (one: PastIncident, i: number) => Details) =>
  history.map((one, i): PastIncident => ({ ...one, details: details(one, i) }));

/** Outcomes are shuffled: nothing known at the opening predicts them any more. */
function shuffled(history: readonly PastIncident[], seed: number): readonly PastIncident[] {
  const random = createRandom(seed);
  const order = history.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return history.map((one, i): PastIncident => {
    const other = history[order[i] ?? 0];
    if (other === undefined) return one;
    const lasted = other.resolvedAt === null ? null : other.resolvedAt - other.createdAt;
    return {
      ...one,
      resolvedAt: lasted === null ? null : one.createdAt + lasted,
      resolvedBy: other.resolvedBy,
    };
  });
}

describe("for any kind of history", () => {
  test("with shuffled outcomes nothing is found, and nothing is held", async () => {
    const figures = await figuresOf(shuffled(someHistory(900), 2));
    expect(figures.auc.low).toBeLessThanOrEqual(0.5);
    expect(Math.abs(figures.auc.value - 0.5)).toBeLessThan(0.1);
    expect(figures.coverage).toBeLessThan(0.03);
  });

  test("where only the historical rate is informative, and little of it is known, no other pattern is found", async () => {
    const behind = { auc: 0, brier: 0 };
    const seeds = [1, 2, 3, 4];
    for (const seed of seeds) {
      const { auc, brier, baselines } = await figuresOf(ownChances(250, 20, seed));
      behind.auc += (baselines.ownRate.auc - auc.value) / seeds.length;
      behind.brier += (brier.value - baselines.ownRate.brier) / seeds.length;
    }
    expect(behind.auc).toBeLessThan(0.01);
    expect(behind.brier).toBeLessThan(0.005);
  });

  test("services that share their alarms and have little past of their own are distinguished by words", async () => {
    const history = sharedAlarms(1_500, 300);
    const figures = await figuresOf(history);
    expect(figures.auc.value).toBeGreaterThan(0.7);
    // The past of each service alone, under titles that name no alarm, predicts next to nothing.
    const untold = history.map((one): PastIncident => ({ ...one, title: "Alert", details: {} }));
    expect((await figuresOf(untold)).auc.value).toBeLessThan(0.62);
  });

  test("details of other names, of numbers and texts in any mixture, are taken as they come", async () => {
    const history = someHistory(600);
    const mixed = withDetails(history, (one, i) => ({
      "größe (MB)": i % 7 === 0 ? "unknown" : (i * 37) % 1_000,
      __proto: one.title.length,
      constructor: i % 3 === 0 ? "a" : "b",
      "": 1,
      huge: 1e308,
      tiny: -1e308,
      ...(i % 2 === 0 ? { sometimes: i } : {}),
    }));
    const figures = await figuresOf(mixed);
    expect(figures.auc.value).toBeGreaterThan(0.75);
  });

  test("a detail that predicts the outcome is used; a hundred that predict nothing do little harm", async () => {
    const random = createRandom(3);
    const history = someHistory(600, { noise: true });
    // A perfect predictor would be taken for something that is only known afterwards.
    const leaking = withDetails(history, ({ resolvedBy, resolvedAt, createdAt }) => {
      const itself =
        resolvedBy === "integration" && (resolvedAt ?? createdAt + 2 * WINDOW) - createdAt <= WINDOW;
      return { grade: itself === random.next() < 0.85 ? 1 : 2 };
    });
    expect((await figuresOf(leaking)).auc.value).toBeGreaterThan(0.78);
    const noisy = withDetails(someHistory(600), () =>
      Object.fromEntries(Array.from({ length: 100 }, (_, k) => [`n${k}`, random.next()])),
    );
    expect((await figuresOf(noisy)).auc.value).toBeGreaterThan(0.75);
  });

  test("without details, and with all of it in a few moments", async () => {
    const bare = withDetails(someHistory(600), () => ({}));
    const bursts = bare.map((one): PastIncident => {
      const moved = Math.floor(one.createdAt / (6 * 60 * MINUTE)) * 6 * 60 * MINUTE - one.createdAt;
      const resolvedAt = one.resolvedAt === null ? null : one.resolvedAt + moved;
      return { ...one, createdAt: one.createdAt + moved, resolvedAt };
    });
    const figures = await figuresOf(bursts);
    expect(figures.auc.value).toBeGreaterThan(0.75);
  });
});

test("within one moment nothing that happened in it is known: not even that an incident was over immediately", () => {
  const at = Date.parse("2026-01-05T00:00:00Z");
  const one = (id: string, resolvedAt: number | null): PastIncident => ({
    id,
    service: "PSVC",
    title: "Disk is full",
    createdAt: at,
    resolvedAt,
    resolvedBy: resolvedAt === null ? null : "integration",
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    urgency: "high",
    details: {},
  });
  const none = detailColumns([], WINDOW);
  const seen = featureTable(none).findIndex(({ name }) => name === "alert-type.seen");
  const over = replayHistory([one("a", at), one("b", at), one("c", null)], WINDOW, none);
  const open = replayHistory([one("a", null), one("b", null), one("c", null)], WINDOW, none);
  expect(rowOf(over, 2)[seen]).toBe(0);
  expect(rowOf(over, 2)).toEqual(rowOf(open, 2));
});
