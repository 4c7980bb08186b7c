import { expect, test } from "vitest";
import { BASELINES, blocksOfRung, openTrials, REDUCTION, RUNGS } from "./halving.ts";
import type { TrialOutcome } from "./plan.ts";

const measured = (trial: number, rung: number, brier: number, over = false): TrialOutcome => ({
  trial,
  rung,
  brier,
  over,
});

/** In no order; trial 20 is the best. */
const qualityOf = (trial: number): number => ((trial * 7 + 10) % 30) / 100;

/** Plays a plan to its end. `pick` says which open trial ends next. */
function play(trials: number, width: number, pick: (open: number) => number) {
  const done: TrialOutcome[] = [];
  const names: string[] = [];
  for (;;) {
    const open = openTrials({ trials, width }, done);
    expect(open.length).toBeLessThanOrEqual(Math.max(width, BASELINES * 2 + trials));
    const next = open[pick(open.length)];
    if (next === undefined) return { done, names };
    names.push(`${next.trial}-${next.rung}`);
    done.push(measured(next.trial, next.rung, qualityOf(next.trial)));
  }
}

test.each([
  ["the first open", 1, () => 0],
  ["the last open", 8, (open: number) => open - 1],
  ["one in the middle", 5, (open: number) => open >> 1],
] as const)(
  "goes through all trials once, the best third of a rung goes on, and ends: %s",
  (_, width, pick) => {
    const { done, names } = play(30, width, pick);
    expect(new Set(names).size).toBe(names.length);
    const on = (rung: number) => done.filter((one) => one.rung === rung);
    expect(on(0)).toHaveLength(30);
    expect(on(1).length).toBeGreaterThanOrEqual(30 / REDUCTION);
    // Far fewer than all: that is what halving is for.
    expect(on(2).length).toBeLessThan(20);
    const last = on(RUNGS - 1).map(({ trial }) => trial);
    expect(last).toContain(20);
    for (let standing = 0; standing < BASELINES; standing++) expect(last).toContain(standing);
  },
);

test("a trial among the best third is promoted before the rung is full, and a worse one is not", () => {
  const done = [measured(4, 0, 0.2), measured(5, 0, 0.1), measured(6, 0, 0.3)];
  expect(openTrials({ trials: 30, width: 1 }, done)).toEqual([{ trial: 5, rung: 1 }]);
  const further = [...done, measured(5, 1, 0.1)];
  expect(openTrials({ trials: 30, width: 1 }, further)).toEqual([{ trial: 0, rung: 0 }]);
});

test("when the time is over nothing new begins, and only the learners of today are taken to the end", () => {
  const done = [
    ...[0, 1, 2, 3, 4, 5].map((trial) => measured(trial, 0, 0.2 - trial / 100)),
    measured(0, 1, 0.2, true),
  ];
  const open = openTrials({ trials: 30, width: 9 }, done);
  expect(open.map(({ trial, rung }) => `${trial}-${rung}`).toSorted()).toEqual(["0-2", "1-1", "2-1", "3-1"]);
});

test.each([1, 2, 9, 18, 20])(
  "of %i blocks a rung looks at more than the one below, and all of them see the newest",
  (blocks) => {
    const rungs = Array.from({ length: RUNGS }, (_, rung) => blocksOfRung(blocks, rung));
    for (const [rung, own] of rungs.entries()) {
      expect(own.at(-1)).toBe(blocks - 1);
      expect(new Set(own).size).toBe(own.length);
      expect(own.length).toBeGreaterThanOrEqual(rungs[rung - 1]?.length ?? 1);
    }
    expect(rungs.at(-1)).toEqual(Array.from({ length: blocks }, (_, i) => i));
  },
);
