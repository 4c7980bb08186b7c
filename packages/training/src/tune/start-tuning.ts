import type { Ledger } from "@mrdata/platform";
import { jsonOf } from "../bytes.ts";
import { type Done, readsOf } from "../graph.ts";
import { type LearnPorts, startJob } from "../learn.ts";
import { contentName } from "../names.ts";
import { type TrainingSpec, trainingSpec } from "../spec.ts";
import { resultOf, type TaskIo } from "../task-io.ts";
import { type TunePlan, tunePlan } from "./plan.ts";
import { tunedIn } from "./tuned.ts";

/** Notes what a job tunes, before it is started: that makes it one that tunes. The first plan stands. */
export async function planTuning(
  { id, plan, at }: { readonly id: string; readonly plan: TunePlan; readonly at: number },
  ledger: Pick<Ledger, "training">,
): Promise<void> {
  const tune = tunePlan.parse(plan);
  await ledger.training.openTask(id, "tune", at);
  await ledger.training.endTask(id, "tune", { result: contentName("plan", jsonOf(tune)), tune }, at);
}

/** The job that makes a version of what a tuning found. */
export const versionJobOf = (job: string): string => `${job}-version`;

/**
 * Where a tuning found better settings, starts the training of a version with them, on the history that the tuning read;
 * the gate decides whether it becomes champion, and with it the settings.
 */
export const versionOfTuning =
  (ports: Pick<LearnPorts, "ledger" | "send" | "now" | "tell">, io: Pick<TaskIo, "results">) =>
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
