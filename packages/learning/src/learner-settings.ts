import { z } from "zod";
import type { TrainedLearner } from "./learners.ts";

const boosted = z.object({
  rounds: z.number().int().positive(),
  bags: z.number().int().positive(),
  learningRate: z.number().positive(),
  maxLeaves: z.number().int().min(2),
  maxDepth: z.number().int().positive(),
  minChildWeight: z.number().positive(),
  subsample: z.number().positive().max(1),
});
/** Number of title components, or none (`fitTitleComponents`). Settings from before they existed omit it. */
export const componentCounts = [0, 4, 8, 16] as const;
const worded = boosted.extend({ components: z.literal(componentCounts).default(0) });
const forest = z.object({ trees: z.number().int().positive(), minLeaf: z.number().int().positive() });

export const learnerSettings = z.object({ boosting: boosted, worded, shallow: boosted, forest });

/** The learners' settings. The historical rate has none. */
export type LearnerSettings = z.infer<typeof learnerSettings>;
export type BoostedSettings = z.infer<typeof boosted>;
export type WordedSettings = z.infer<typeof worded>;
export type ForestSettings = z.infer<typeof forest>;
/** The learners that have settings. */
export type TunedLearner = Exclude<TrainedLearner, "rates">;
export const tunedLearners = [
  "boosting",
  "worded",
  "shallow",
  "forest",
] as const satisfies readonly TunedLearner[];

/** Defaults for some thousands of noisy rows; `trees` is the forest's. */
export const usualLearnerSettings = (trees: number): LearnerSettings => ({
  boosting: {
    rounds: 150,
    bags: 6,
    learningRate: 0.04,
    maxLeaves: 16,
    maxDepth: 8,
    minChildWeight: 1,
    subsample: 0.5,
  },
  worded: {
    rounds: 120,
    bags: 3,
    learningRate: 0.05,
    maxLeaves: 16,
    maxDepth: 8,
    minChildWeight: 1,
    subsample: 0.5,
    components: 0,
  },
  shallow: {
    rounds: 100,
    bags: 2,
    learningRate: 0.03,
    maxLeaves: 4,
    maxDepth: 3,
    minChildWeight: 5,
    subsample: 0.5,
  },
  forest: { trees, minLeaf: 5 },
});
