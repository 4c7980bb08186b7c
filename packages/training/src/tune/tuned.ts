import { type LearnerSettings, learnerSettings, tunedLearners } from "@mrdata/learning";
import { z } from "zod";
import { jsonOf } from "../bytes.ts";
import type { Done, TaskOutcome } from "../graph.ts";
import { resultName } from "../names.ts";
import { resultOr, type TaskIo } from "../task-io.ts";
import { jsonIn } from "../tasks/read.ts";
import { BASELINES, RUNGS } from "./halving.ts";
import { learnerOf, type TrialOutcome, type TunePlan } from "./plan.ts";
import { settingsOfTrial, withSettings } from "./space.ts";
import { errorsIn } from "./trial.ts";
import { whatMattered } from "./what-mattered.ts";

const learner = z.enum(tunedLearners);
const settings = z.record(z.string(), z.number());
export const tunedResult = z.object({
  /** All trials, by highest rung and then best score; Brier scores are comparable only within a rung. */
  trials: z.array(
    z.object({
      trial: z.number(),
      rung: z.number(),
      brier: z.number(),
      learner,
      settings,
      isUsual: z.boolean(),
    }),
  ),
  /** For each learner: the best trial on the last rung, compared with the current settings. */
  best: z.array(
    z.object({
      learner,
      trial: z.number(),
      settings,
      brier: z.number(),
      usual: z.number(),
      /** The improvement of the Brier score, and its standard error. */
      gain: z.number(),
      error: z.number(),
      /** Whether the improvement exceeds one standard error. */
      isBetter: z.boolean(),
    }),
  ),
  /** The share of the differences on the lowest rung that a single setting explains, and the sign of its slope. */
  mattered: z.array(
    z.object({ learner, setting: z.string(), share: z.number(), more: z.enum(["better", "worse"]) }),
  ),
  rows: z.number(),
  /** The settings to train a version with; null if the current ones are kept. */
  learners: learnerSettings.nullable(),
});
/** The result of a tuning job. */
export type Tuned = z.infer<typeof tunedResult>;
export const tunedIn = (bytes: Uint8Array): Tuned => tunedResult.parse(jsonIn(bytes));

/** The outcomes of the trials, ordered by trial and rung regardless of when they ended. */
export const trialsOf = (done: Done): readonly (TrialOutcome & { readonly result: string })[] =>
  [...done.values()]
    .flatMap(({ trial, result }) => (trial === undefined ? [] : [{ ...trial, result }]))
    .toSorted((a, b) => a.trial - b.trial || a.rung - b.rung);

/** Compares the best trial of each learner with its current settings, on the same rows. */
export async function tunedTask(plan: TunePlan, done: Done, io: TaskIo): Promise<TaskOutcome> {
  const trials = trialsOf(done);
  const { seed } = plan;
  const name = resultName(
    "tuned",
    trials.map(({ result }) => result),
    { seed, usual: plan.usual },
  );
  const bytes = await resultOr(io, name, async () => jsonOf(await compared(plan, trials, io)));
  return { result: name, reason: sentenceOf(tunedIn(bytes)) };
}

async function compared(plan: TunePlan, trials: ReturnType<typeof trialsOf>, io: TaskIo): Promise<Tuned> {
  const last = trials.filter(({ rung }) => rung === RUNGS - 1);
  const best: Tuned["best"] = [];
  let learners: LearnerSettings = plan.usual;
  let rows = 0;
  for (const [standing, own] of tunedLearners.entries()) {
    const usual = last.find(({ trial }) => trial === standing);
    const found = last
      .filter(({ trial }) => trial >= BASELINES && learnerOf(trial) === own)
      .toSorted((a, b) => a.brier - b.brier)[0];
    if (usual === undefined || found === undefined) continue;
    const [before, after] = [await errorsIn(io, usual.result), await errorsIn(io, found.result)];
    const differences = Array.from(before, (one, i) => one - (after[i] ?? Number.NaN));
    rows = differences.length;
    const gain = differences.reduce((sum, one) => sum + one, 0) / rows;
    const variance = differences.reduce((sum, one) => sum + (one - gain) ** 2, 0) / Math.max(1, rows - 1);
    const error = Math.sqrt(variance / rows);
    const isBetter = gain > error;
    const tried = settingsOfTrial(plan, found.trial);
    if (isBetter) learners = withSettings(learners, own, tried);
    best.push({
      learner: own,
      trial: found.trial,
      settings: tried,
      brier: found.brier,
      usual: usual.brier,
      gain,
      error,
      isBetter,
    });
  }
  const farthest = new Map(trials.map((one) => [one.trial, one] as const));
  return {
    trials: [...farthest.values()]
      .toSorted((a, b) => b.rung - a.rung || a.brier - b.brier)
      .map(({ trial, rung, brier }) => ({
        trial,
        rung,
        brier,
        learner: learnerOf(trial),
        settings: settingsOfTrial(plan, trial),
        isUsual: trial < BASELINES,
      })),
    best,
    mattered: whatMattered(
      trials
        .filter(({ rung }) => rung === 0)
        .map(({ trial, brier }) => ({
          learner: learnerOf(trial),
          settings: settingsOfTrial(plan, trial),
          brier,
        })),
    ),
    rows,
    learners: best.some(({ isBetter }) => isBetter) ? learners : null,
  };
}

function sentenceOf({ best, rows }: Tuned): string {
  const better = best.filter(({ isBetter }) => isBetter);
  if (better.length === 0)
    return `Nothing that was tried is better than today's settings by more than one standard error on ${rows} past incidents: they stand.`;
  const each = better.map(
    (one) => `${one.learner} has a Brier score of ${one.brier.toFixed(4)} instead of ${one.usual.toFixed(4)}`,
  );
  return `On ${rows} past incidents that certify nothing ${each.join(", ")}. The gate decides whether a version with these settings becomes champion.`;
}
