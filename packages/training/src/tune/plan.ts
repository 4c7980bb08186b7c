import { type LearnerSettings, learnerSettings, type TunedLearner, tunedLearners } from "@mrdata/learning";
import { z } from "zod";

export const tunePlan = z.object({
  /** So many settings are tried, those of today among them. */
  trials: z.number().int().positive(),
  /** When nothing new is begun any more, milliseconds since the epoch; null: when all trials are done. */
  until: z.number().nullable(),
  seed: z.number().int(),
  /** So many trials are open at a time. */
  width: z.number().int().positive(),
  /** What the learners are made with today. */
  usual: learnerSettings,
});
/** What a tuning job looks for, and for how long. */
export type TunePlan = z.infer<typeof tunePlan>;

/** The learner of a trial: the first trials are one of each as it is today, the others take turns. */
export const learnerOf = (trial: number): TunedLearner =>
  tunedLearners[trial % tunedLearners.length] ?? "boosting";

/** What was measured of a trial: where it stands in the line, how far it was taken, and its Brier score. */
export const trialOutcome = z.object({
  trial: z.number().int(),
  rung: z.number().int(),
  brier: z.number(),
  /** The time of the plan was over when it was done. */
  over: z.boolean(),
});
export type TrialOutcome = z.infer<typeof trialOutcome>;

/** One learner's settings in place of the usual ones. */
export type TriedSettings = LearnerSettings[TunedLearner];
