import type { Ledger } from "@mrdata/platform";
import { jsonOf } from "../bytes.ts";
import { type Done, readsOf } from "../graph.ts";
import { type LearnPorts, startJob } from "../learn.ts";
import { contentName } from "../names.ts";
import { type TrainingSpec, trainingSpec } from "../spec.ts";
import { resultOf, type TaskIo } from "../task-io.ts";
import { type TunePlan, tunePlan } from "./plan.ts";
import { tunedIn } from "./tuned.ts";

/** Stores the plan of a job before it is started, which makes it a tuning job. The first plan is kept. */
export async function planTuning(
  { id, plan, at }: { readonly id: string; readonly plan: TunePlan; readonly at: number },
  ledger: Pick<Ledger, "training">,
): Promise<void> {
  const tune = tunePlan.parse(plan);
  await ledger.training.openTask(id, "tune", at);
  await ledger.training.endTask(id, "tune", { result: contentName("plan", jsonOf(tune)), tune }, at);
}

/** The id of the job that trains a version with a tuning's result. */
export const versionJobOf = (job: string): string => `${job}-version`;

/**
 * If a tuning found better settings, starts the training of a version with them, on the history that the tuning read.
 * The gate decides whether that version becomes champion, which also adopts the settings.
 */
export const versionOfTuning =
  (ports: Pick<LearnPorts, "ledger" | "send" | "now" | "report">, io: Pick<TaskIo, "results">) =>
  async (job: string, done: Done): Promise<void> => {
    const tuned = done.get("tuned");
    const there = await ports.ledger.training.job(job);
    if (tuned === undefined || there === null) return;
    const { learners } = tunedIn(await resultOf(io, tuned.result));
    if (learners === null) return;
    const spec: TrainingSpec = {
      ...trainingSpec.parse(there.spec),
      learners,
      windows: true,
      unattended: true,
    };
    const id = versionJobOf(job);
    const { training } = ports.ledger;
    for (const [k, { result, more = false }] of readsOf(done).entries()) {
      await training.openTask(id, `read-${k}`, spec.now);
      await training.endTask(id, `read-${k}`, { result, more }, spec.now);
    }
    await startJob({ id, spec }, ports);
  };
