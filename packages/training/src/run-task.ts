import { trainedLearners } from "@mrdata/learning";
import {
  type Done,
  featuresNames,
  historyFilesOf,
  importNames,
  readsOf,
  type TaskName,
  type TaskOutcome,
} from "./graph.ts";
import { type Matrix, readMatrix } from "./matrix.ts";
import { resultName } from "./names.ts";
import { assertOwnSchema, type TrainingSpec } from "./spec.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { chooseTask, type Fits } from "./tasks/choose.ts";
import { type DrawResult, drawResult, drawTask } from "./tasks/draw.ts";
import { featuresTask } from "./tasks/features.ts";
import { fitTask } from "./tasks/fit.ts";
import { importTask } from "./tasks/import.ts";
import { jsonIn, readTask } from "./tasks/read.ts";
import { trainTask } from "./tasks/train.ts";
import { windowTask } from "./tasks/window.ts";
import { trialTask } from "./tune/trial.ts";
import { tunedTask } from "./tune/tuned.ts";

/** A job as its tasks see it. */
export type TaskJob = { readonly job: string; readonly spec: TrainingSpec };
export type RunTask = (job: TaskJob, name: TaskName, done: Done) => Promise<TaskOutcome>;

/** The outcome of a required earlier task. Throws Error if it is not done: then the current task is too early. */
export function outcomeOf(done: Done, name: TaskName): TaskOutcome {
  const outcome = done.get(name);
  if (outcome === undefined) throw new Error(`'${name}' is not done yet`);
  return outcome;
}

/**
 * Runs any task except `publish`, which only works on stored results. Caches the last assembled matrix,
 * because all fits of a job use the same one.
 */
export function taskRunner(io: TaskIo): RunTask {
  let kept: { readonly of: string; readonly matrix: Promise<Matrix> } | null = null;

  return async function runTask({ job, spec }, name, done) {
    assertOwnSchema(spec);
    const [kind = "", first = "", second = ""] = name.split("-");
    // Before anything else is looked for: of a task that nobody here knows it would say that another is missing.
    if (!KINDS.has(kind)) throw unknownTask(name);
    if (kind === "import") {
      const file = historyFilesOf(done)[Number(first)];
      if (file !== undefined) return importTask(spec, file, io);
    }
    if (kind === "read") {
      const imported = importNames(done)
        .map((one) => outcomeOf(done, one))
        .filter(({ file }) => file !== undefined && file.incidents > 0)
        .map(({ result }) => result);
      return readTask({ job, spec }, { before: readsOf(done)[Number(first) - 1], imported }, io);
    }
    if (kind === "draw") return drawTask(spec, readsOf(done), io);
    const drawn = await drawOf(done, io);
    if (kind === "features") return featuresTask(spec, drawn, Number(first), io);

    const features = featuresNames(drawn.draw.places.map(([partition]) => partition)).map((one) =>
      outcomeOf(done, one),
    );
    const inputs = [drawn.name, ...features.map(({ result }) => result)];
    const matrixOf = (): Promise<Matrix> => {
      const of = resultName("matrix", inputs, [spec.trees, spec.learners ?? null]);
      if (kept?.of !== of) {
        const matrix = readMatrix(spec, drawn.draw, features, io);
        kept = { of, matrix };
        // After a failure the next task reads it again.
        matrix.catch(() => {
          kept = null;
        });
      }
      return kept.matrix;
    };
    if (kind === "fit") {
      const learner = trainedLearners.find((one) => one === second);
      if (learner !== undefined)
        return fitTask(inputs, { block: Number(first), learner, settings: spec.learners }, matrixOf, io);
    }
    if (kind === "trial" || kind === "tuned") {
      const { tune: plan } = outcomeOf(done, "tune");
      if (plan === undefined) throw new Error("the job has no plan to tune by");
      if (kind === "tuned") return tunedTask(plan, done, io);
      const given = { plan, draw: drawn.draw, inputs, matrixOf };
      const at = { trial: Number(first), rung: Number(second) };
      return trialTask(spec, at, given, { ...io, now: io.now ?? Date.now });
    }
    if (kind === "window")
      return windowTask(spec, drawn.draw, { inputs, seconds: Number(first) }, matrixOf, io);
    if (kind === "choose") return chooseTask(spec, drawn, { inputs, fits: fitsIn(done) }, matrixOf, io);
    if (kind === "train")
      return trainTask(spec, drawn.draw, { chosen: outcomeOf(done, "choose"), inputs }, matrixOf, io);
    throw unknownTask(name);
  };
}

const KINDS: ReadonlySet<string> = new Set(
  "import read draw features fit trial tuned window choose train".split(" "),
);

const unknownTask = (name: TaskName): Error =>
  new Error(`this version of Mr Data knows no task '${name}': another one sent it`);

/** The outcomes of the fits and of the windows. Throws Error for one that is not done. */
export const fitsIn = (done: Done): Fits => ({
  fit: (block, learner) => outcomeOf(done, `fit-${block}-${learner}`),
  window: (seconds) => outcomeOf(done, `window-${seconds}`),
});

async function drawOf(done: Done, io: TaskIo): Promise<{ readonly name: string; readonly draw: DrawResult }> {
  const name = outcomeOf(done, "draw").result;
  return { name, draw: drawResult.parse(jsonIn(await resultOf(io, name))) };
}
