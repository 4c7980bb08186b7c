import type { LearningState } from "@mrdata/platform";
import type { TrainingSpec } from "../spec.ts";

type Request = {
  readonly job: string;
  readonly spec: Pick<TrainingSpec, "certificate" | "windowMs" | "now">;
};
type Tried = { readonly at: number; readonly real: number };

/** The most questions that are remembered: settings seldom change. */
const MAX_QUESTIONS = 20;

/** Whether an entry is for the same question, that is the same budget, delta, window and number of days. */
const isSame = (
  one: LearningState["uncertifiedBy"][number],
  { certificate: { budget, delta, days }, windowMs }: Request["spec"],
): boolean => one.budget === budget && one.delta === delta && one.days === days && one.windowMs === windowMs;

/**
 * The last failed certification for the same question; null if there was none, or if it was this job's own,
 * whose message was delivered twice. An entry of an earlier program has no question and counts for any.
 */
export function triedBefore(
  { uncertified, uncertifiedBy }: Pick<LearningState, "uncertified" | "uncertifiedBy">,
  { job, spec }: Request,
): Tried | null {
  const same = uncertifiedBy.find((one) => isSame(one, spec));
  if (same !== undefined) return same.job === job ? null : same;
  return uncertified;
}

/** The state with an entry that a job failed to get a certificate with `real` real incidents. */
export function withTriedInVain(state: LearningState, { job, spec }: Request, real: number): LearningState {
  const { budget, delta, days } = spec.certificate;
  const others = state.uncertifiedBy.filter((one) => !isSame(one, spec));
  const own = { job, at: spec.now, real, budget, delta, days, windowMs: spec.windowMs };
  return { ...state, uncertifiedBy: [...others, own].slice(-MAX_QUESTIONS) };
}
