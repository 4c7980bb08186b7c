import type { LearningState } from "@mrdata/platform";
import type { TrainingSpec } from "../spec.ts";

type Asked = { readonly job: string; readonly spec: Pick<TrainingSpec, "certificate" | "windowMs" | "now"> };
type Tried = { readonly at: number; readonly real: number };

/** So many questions are kept in mind: settings change seldom. */
const MAX_QUESTIONS = 20;

/** Whether what was noted is of the same question: another budget, delta, window or number of days is another. */
const isSame = (
  one: LearningState["uncertifiedBy"][number],
  { certificate: { budget, delta, days }, windowMs }: Asked["spec"],
): boolean => one.budget === budget && one.delta === delta && one.days === days && one.windowMs === windowMs;

/**
 * When a certificate was asked for in vain the last time, by the same question; null where it was not, or where that was this very job,
 * whose message came twice. What an earlier program noted tells no question, and stands for any.
 */
export function triedBefore(
  { uncertified, uncertifiedBy }: Pick<LearningState, "uncertified" | "uncertifiedBy">,
  { job, spec }: Asked,
): Tried | null {
  const same = uncertifiedBy.find((one) => isSame(one, spec));
  if (same !== undefined) return same.job === job ? null : same;
  return uncertified;
}

/** The state with a note that a job asked for a certificate in vain, with so many real incidents. */
export function withTriedInVain(state: LearningState, { job, spec }: Asked, real: number): LearningState {
  const { budget, delta, days } = spec.certificate;
  const others = state.uncertifiedBy.filter((one) => !isSame(one, spec));
  const own = { job, at: spec.now, real, budget, delta, days, windowMs: spec.windowMs };
  return { ...state, uncertifiedBy: [...others, own].slice(-MAX_QUESTIONS) };
}
