import { TREES, usualRule } from "@mrdata/learning";
import { specOf, type TrainingSpec } from "@mrdata/training";

const MINUTE = 60_000;
export const REFITS = 12;

/** A training as `mrdata train` begins it, an hour after the newest incident opened (milliseconds since the epoch). */
export const specFor = (newest: number, windows: boolean): TrainingSpec =>
  specOf({
    now: newest + 60 * MINUTE,
    windowMs: 5 * MINUTE,
    refits: REFITS,
    seed: 1,
    trees: TREES,
    rule: { ...usualRule, missBudget: 0.1 },
    certificate: { budget: 0.1, delta: 0.1, days: 180 },
    keepColumns: [],
    windows,
    unattended: false,
  });
