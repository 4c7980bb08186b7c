import { tunedLearners } from "@mrdata/learning";
import type { TrialOutcome, TunePlan } from "./plan.ts";

/** Of what is on a rung, the best third goes on to the next, which looks at three times as many blocks of the past. */
export const REDUCTION = 3;
export const RUNGS = 3;
/** The first trials are the learners as they are today. They go to the end: what is found is set beside them. */
export const STANDING = tunedLearners.length;

export type OpenTrial = { readonly trial: number; readonly rung: number };

/**
 * Which trials may be worked at, by asynchronous successive halving (Li et al., arXiv 1810.05934, algorithm 2): whatever
 * is among the best third of all that were measured on its rung goes on, without waiting for the rung to be full, and
 * where none may, a new one begins. Empty once the plan is done.
 */
export function openTrials(
  { trials, width }: Pick<TunePlan, "trials" | "width">,
  measured: readonly TrialOutcome[],
): readonly OpenTrial[] {
  const done = new Set(measured.map(({ trial, rung }) => `${trial} ${rung}`));
  const isOver = measured.some(({ over }) => over);
  const open: OpenTrial[] = [];
  for (let rung = RUNGS - 1; rung > 0; rung--)
    for (const trial of goingOn(measured, rung - 1, isOver))
      if (!done.has(`${trial} ${rung}`)) open.push({ trial, rung });
  const begun = isOver ? STANDING : Math.max(STANDING, trials);
  for (let trial = 0; trial < begun && open.length < width; trial++)
    if (!done.has(`${trial} 0`)) open.push({ trial, rung: 0 });
  return open;
}

/** Of what was measured on a rung: what may go on to the next. */
function goingOn(measured: readonly TrialOutcome[], rung: number, isOver: boolean): readonly number[] {
  const there = measured.filter((one) => one.rung === rung);
  const best = there
    .toSorted((a, b) => a.brier - b.brier || a.trial - b.trial)
    .slice(0, isOver ? 0 : Math.floor(there.length / REDUCTION))
    .map(({ trial }) => trial);
  const standing = there.map(({ trial }) => trial).filter((trial) => trial < STANDING);
  return [...new Set([...standing, ...best])];
}

/**
 * Of so many blocks those that a rung looks at, spread evenly, the newest among them: a ninth, a third, all.
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
