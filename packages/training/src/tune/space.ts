import { outOfRange } from "@mrdata/base";
import { createRandom, type Random, seedOf } from "@mrdata/forest";
import {
  type BoostedSettings,
  componentCounts,
  type ForestSettings,
  type LearnerSettings,
  type TunedLearner,
} from "@mrdata/learning";
import { BASELINES } from "./halving.ts";
import { learnerOf, type TriedSettings, type TunePlan } from "./plan.ts";

/** The range from which a setting is drawn, uniformly or log-uniformly. */
type Range = { readonly from: number; readonly to: number; readonly log?: true; readonly whole?: true };

const boosted = {
  rounds: { from: 40, to: 320, log: true, whole: true },
  bags: { from: 1, to: 8, whole: true },
  learningRate: { from: 0.01, to: 0.2, log: true },
  maxLeaves: { from: 4, to: 32, log: true, whole: true },
  maxDepth: { from: 2, to: 10, whole: true },
  minChildWeight: { from: 1, to: 30, log: true },
  subsample: { from: 0.3, to: 1 },
} as const satisfies Readonly<Record<keyof BoostedSettings, Range>>;
const shallow = {
  ...boosted,
  maxLeaves: { from: 2, to: 8, whole: true },
  maxDepth: { from: 1, to: 4, whole: true },
} as const satisfies Readonly<Record<keyof BoostedSettings, Range>>;
const forest = {
  trees: { from: 50, to: 300, log: true, whole: true },
  minLeaf: { from: 1, to: 30, log: true, whole: true },
} as const satisfies Readonly<Record<keyof ForestSettings, Range>>;

/** The settings of a trial, deterministic for a plan. The first trials have the current settings. */
export function settingsOfTrial(
  { seed, usual }: Pick<TunePlan, "seed" | "usual">,
  trial: number,
): TriedSettings {
  const learner = learnerOf(trial);
  if (trial < BASELINES) return usual[learner];
  const random = createRandom(seedOf(seed, trial));
  if (learner === "forest")
    return { trees: drawn(forest.trees, random), minLeaf: drawn(forest.minLeaf, random) };
  const ranges = learner === "shallow" ? shallow : boosted;
  const tried = {
    rounds: drawn(ranges.rounds, random),
    bags: drawn(ranges.bags, random),
    learningRate: drawn(ranges.learningRate, random),
    maxLeaves: drawn(ranges.maxLeaves, random),
    maxDepth: drawn(ranges.maxDepth, random),
    minChildWeight: drawn(ranges.minChildWeight, random),
    subsample: drawn(ranges.subsample, random),
  };
  if (learner !== "worded") return tried;
  return { ...tried, components: componentCounts[random.below(componentCounts.length)] ?? outOfRange() };
}

/** Rounded to four digits: a setting is shown to people and must survive being written and read. */
function drawn({ from, to, log, whole }: Range, random: Random): number {
  const share = random.next();
  const value = log === true ? from * (to / from) ** share : from + share * (to - from);
  return whole === true ? Math.min(to, Math.round(value)) : Number(value.toPrecision(4));
}

/** The current settings with those of one learner replaced. */
export const withSettings = (
  usual: LearnerSettings,
  learner: TunedLearner,
  tried: TriedSettings,
): LearnerSettings => ({ ...usual, [learner]: tried });
