import { specOf } from "./spec.ts";

/** A spec for a very quick training: one refit, few trees, a window of half an hour. `now`: milliseconds since the epoch. */
export const roughSpec = (now: number, budget: number, { unattended }: { readonly unattended: boolean }) =>
  specOf({
    now,
    windowMs: 1_800_000,
    refits: 1,
    seed: 1,
    trees: 5,
    rule: { precision: 0.9, rows: 20, missBudget: budget },
    certificate: { budget, delta: 0.1, days: 180 },
    keepColumns: [],
    windows: false,
    unattended,
  });
