import { tunedLearners } from "@mrdata/learning";
import type { TrialOutcome, TunePlan } from "./plan.ts";

/** The best third of a rung's trials is promoted to the next rung, which uses three times as many blocks of the past. */
export const REDUCTION = 3;
export const RUNGS = 3;
/** The first trials are the current learners. They run to the last rung, as the baseline for the others. */
export const BASELINES = tunedLearners.length;

export type OpenTrial = { readonly trial: number; readonly rung: number };

/**
 * The trials that may be run, by asynchronous successive halving (Li et al., arXiv 1810.05934, algorithm 2): a trial
 * among the best third of those measured on its rung is promoted without waiting for the rung to fill up, and
 * if none can be, a new trial begins. Empty once the plan is done.
 */
export function openTrials(
  { trials, width }: Pick<TunePlan, "trials" | "width">,
  measured: readonly TrialOutcome[],
): readonly OpenTrial[] {
  const done = new Set(measured.map(({ trial, rung }) => `${trial} ${rung}`));
  const isOver = measured.some(({ over }) => over);
  const open: OpenTrial[] = [];
  for (let rung = RUNGS - 1; rung > 0; rung--)
    for (const trial of promotable(measured, rung - 1, isOver))
      if (!done.has(`${trial} ${rung}`)) open.push({ trial, rung });
  const begun = isOver ? BASELINES : Math.max(BASELINES, trials);
  for (let trial = 0; trial < begun && open.length < width; trial++)
    if (!done.has(`${trial} 0`)) open.push({ trial, rung: 0 });
  return open;
}

/** The trials of a rung that may be promoted to the next. */
function promotable(measured: readonly TrialOutcome[], rung: number, isOver: boolean): readonly number[] {
  const there = measured.filter((one) => one.rung === rung);
  const best = there
    .toSorted((a, b) => a.brier - b.brier || a.trial - b.trial)
    .slice(0, isOver ? 0 : Math.floor(there.length / REDUCTION))
    .map(({ trial }) => trial);
  const standing = there.map(({ trial }) => trial).filter((trial) => trial < BASELINES);
  return [...new Set([...standing, ...best])];
}

/**
 * The blocks that a rung uses, evenly spread and including the newest: a ninth, a third, all.
 *
 * @example
 * ```ts
 * blocksOfRung(9, 1); // => [2, 5, 8]
 * ```
 */
export function blocksOfRung(blocks: number, rung: number): readonly number[] {
  const count = Math.max(1, Math.ceil(blocks / REDUCTION ** (RUNGS - 1 - rung)));
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 1) * blocks) / count) - 1);
}
