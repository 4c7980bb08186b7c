import { JOBS_LOOKED_THROUGH, lastTraining, nextTrainingAt } from "@mrdata/functions/standing";
import type { LearningState, Ledger } from "@mrdata/platform";
import { type DescribedJob, describeJob, sentenceOf } from "./describe-job.ts";

/** The state of automatic training. The keys are those of `--json`. */
export type Learning = {
  readonly paused: LearningState["paused"];
  /** Drift observed in the last 30 days. */
  readonly drifted: readonly string[];
  /** The newest job; null if there never was one. */
  readonly lastJob: DescribedJob | null;
  /** When the schedule starts the next one, milliseconds since the epoch; null without a schedule. */
  readonly nextAt: number | null;
};

const DAY_MS = 86_400_000;

export async function learningOf(
  ledger: Pick<Ledger, "training">,
  { now, retrain }: { readonly now: number; readonly retrain: number | "schedule" | null },
): Promise<Learning> {
  const { paused, drifted } = await ledger.training.state();
  const last = lastTraining(await ledger.training.jobs({ limit: JOBS_LOOKED_THROUGH }), now);
  return {
    paused,
    drifted: Object.values(drifted).flatMap(({ at, sentence }) =>
      now - at <= 30 * DAY_MS ? [sentence] : [],
    ),
    lastJob: last === null ? null : await describeJob(ledger, last),
    nextAt: nextTrainingAt(retrain, last?.createdAt ?? null, now),
  };
}

export function learningSentence({ paused, lastJob, nextAt }: Learning): string {
  const stopped =
    paused === null
      ? ""
      : ` Nothing becomes champion by itself: ${paused.why}; 'mrdata models resume' lets it again.`;
  const last = lastJob === null ? "No job has trained yet." : `${lastJob.id} ${sentenceOf(lastJob)}`;
  const next =
    nextAt === null
      ? "None begins by itself (setting retrain)."
      : `The next one begins on ${new Date(nextAt).toISOString().slice(0, 16).replace("T", " ")} UTC.`;
  return `${last}${last.endsWith(".") ? "" : "."} ${next}${stopped}`;
}
