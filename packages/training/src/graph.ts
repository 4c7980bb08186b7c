import { trainedLearners } from "@mrdata/learning";
import { z } from "zod";
import { BASELINES, openTrials, REDUCTION } from "./tune/halving.ts";
import { type TunePlan, trialOutcome, tunePlan } from "./tune/plan.ts";

/**
 * A task's name: `files`, `import-0` and on where history files are imported, `read-0` and on, `draw`, `features-PARTITION`, `fit-BLOCK-LEARNER`, `window-SECONDS`,
 * `choose`, `train`, `publish`. A job that tunes goes on after the features with `trial-TRIAL-RUNG` and ends with `tuned`.
 * Each is idempotent, and its result depends only on the results of the tasks before it.
 */
export type TaskName = string;

/** A finished task, as far as the graph needs it. */
export const taskOutcome = z.object({
  /** The name of its result. */
  result: z.string(),
  /** Of `files`: the files to import, as they were when the job was created. */
  files: z
    .array(
      z.object({
        name: z.string(),
        generation: z.string(),
        bytes: z.number(),
        writtenBy: z.string().nullable(),
      }),
    )
    .optional(),
  /** Of `import`: the number of incidents in the file, or why it is rejected. */
  file: z.object({ refused: z.string().nullable(), incidents: z.number().int() }).optional(),
  /** Of `tune`, which the starter of a tuning job records as done: the plan. */
  tune: tunePlan.optional(),
  /** Of `trial`: the measurement. */
  trial: trialOutcome.optional(),
  /** Of `read`: where the rest of the history begins; null if it is read. */
  more: z.boolean().optional(),
  /** Of `draw`: the partitions that have rows, and the number of blocks to predict. */
  partitions: z.array(z.number().int()).optional(),
  blocks: z.number().int().optional(),
  /** Of `draw`: the alternative hold windows to evaluate, seconds. */
  windows: z.array(z.number()).optional(),
  /** Of `publish`: the version. */
  version: z.string().optional(),
  /** Of `publish`: the historical rate as a version, if the version has no certificate and the rate has one. */
  fallback: z.string().optional(),
  /** Of `publish`: why the version is not champion; null if it is. */
  reason: z.string().nullable().optional(),
});
export type TaskOutcome = z.infer<typeof taskOutcome>;
export type Done = ReadonlyMap<TaskName, TaskOutcome>;

export const fitNames = (blocks: number): readonly TaskName[] =>
  Array.from({ length: blocks }, (_, block) =>
    trainedLearners.map((learner) => `fit-${block}-${learner}`),
  ).flat();

export const featuresNames = (partitions: readonly number[]): readonly TaskName[] =>
  partitions.map((partition) => `features-${partition}`);

export const windowNames = (windows: readonly number[]): readonly TaskName[] =>
  windows.map((seconds) => `window-${seconds}`);

/** The files that a job imports; most jobs import none. */
export const historyFilesOf = (done: Done): NonNullable<TaskOutcome["files"]> =>
  done.get("files")?.files ?? [];

export const importNames = (done: Done): readonly TaskName[] =>
  historyFilesOf(done).map((_, i) => `import-${i}`);

/** The outcomes of the reads, in order. */
export function readsOf(done: Done): readonly TaskOutcome[] {
  const reads: TaskOutcome[] = [];
  for (let k = 0; ; k++) {
    const one = done.get(`read-${k}`);
    if (one === undefined) return reads;
    reads.push(one);
  }
}

/** The tasks whose dependencies are done and that are not done themselves. Empty once all are done. */
export function openTasks(done: Done): readonly TaskName[] {
  const imports = importNames(done).filter((name) => !done.has(name));
  if (imports.length > 0) return imports;
  const reads = readsOf(done);
  const last = reads.at(-1);
  if (last === undefined || last.more === true) return [`read-${reads.length}`];
  const draw = done.get("draw");
  if (draw === undefined) return ["draw"];
  const features = featuresNames(draw.partitions ?? []);
  const { tune } = done.get("tune") ?? {};
  if (tune !== undefined && features.every((name) => done.has(name))) return openOfTune(tune, done);
  const stages: readonly (readonly TaskName[])[] = [
    features,
    [...fitNames(draw.blocks ?? 0), ...windowNames(draw.windows ?? [])],
    ["choose"],
    ["train"],
    ["publish"],
  ];
  for (const stage of stages) {
    const open = stage.filter((name) => !done.has(name));
    if (open.length > 0) return open;
  }
  return [];
}

/** The trials that may be run; once there are no more, the final task. */
function openOfTune(plan: TunePlan, done: Done): readonly TaskName[] {
  const measured = [...done.values()].flatMap(({ trial }) => trial ?? []);
  const open = openTrials(plan, measured).map(({ trial, rung }) => `trial-${trial}-${rung}`);
  if (open.length > 0) return open;
  return done.has("tuned") ? [] : ["tuned"];
}

/** The tasks that became open because this one is done. For trials it is all open ones, because they depend on several others. */
export function openedBy(name: TaskName, done: Done): readonly TaskName[] {
  if (done.has("tune") && name.startsWith("trial-")) return openTasks(done);
  const before = new Set(openTasks(new Map([...done].filter(([other]) => other !== name))));
  return openTasks(done).filter((one) => !before.has(one));
}

/** The total number of tasks, as far as it is known yet. */
export function tasksInAll(done: Done): number {
  const draw = done.get("draw");
  const imports = historyFilesOf(done).length;
  const reads = Number(done.has("files")) + imports + Math.max(1, readsOf(done).length);
  const END = ["choose", "train", "publish"].length;
  if (draw === undefined) return reads + 1 + END;
  const { partitions = [], blocks = 0, windows = [] } = draw;
  const { tune } = done.get("tune") ?? {};
  if (tune !== undefined) {
    // A third of the trials advances, and of those a third again; the current learners always run to the end.
    const trials = Math.max(BASELINES, tune.trials);
    const further = trials / REDUCTION + trials / REDUCTION ** 2;
    const measured = [...done.keys()].filter((name) => name.startsWith("trial-")).length;
    const planned = Math.max(measured, Math.ceil(trials + further) + BASELINES);
    return 1 + reads + 1 + partitions.length + (done.has("tuned") ? measured : planned) + 1;
  }
  return reads + 1 + partitions.length + blocks * trainedLearners.length + windows.length + END;
}
