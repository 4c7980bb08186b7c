import { type LearnerSettings, learnerSettings, type TunedLearner, tunedLearners } from "@mrdata/learning";
import { z } from "zod";

export const tunePlan = z.object({
  /** The number of trials, including the current settings. */
  trials: z.number().int().positive(),
  /** When no new trial is started any more, milliseconds since the epoch; null means until all trials are done. */
  until: z.number().nullable(),
  seed: z.number().int(),
  /** The number of concurrent trials. */
  width: z.number().int().positive(),
  /** The learners' current settings. */
  usual: learnerSettings,
});
/** The plan of a tuning job: how many trials, and for how long. */
export type TunePlan = z.infer<typeof tunePlan>;

/** The learner of a trial: the first trials are one per learner with its current settings, the others take turns. */
export const learnerOf = (trial: number): TunedLearner =>
  tunedLearners[trial % tunedLearners.length] ?? "boosting";

/** The measurement of a trial on a rung: its number, the rung, and its Brier score. */
export const trialOutcome = z.object({
  trial: z.number().int(),
  rung: z.number().int(),
  brier: z.number(),
  /** The plan's time limit had passed when it ended. */
  over: z.boolean(),
});
export type TrialOutcome = z.infer<typeof trialOutcome>;

/** One learner's settings that replace the current ones. */
export type TriedSettings = LearnerSettings[TunedLearner];
