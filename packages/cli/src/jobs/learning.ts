import { RETRAIN_CRON } from "@mrdata/functions/manifests";
import type { LearningState, Ledger } from "@mrdata/platform";
import { type DescribedJob, describeJob, sentenceOf } from "./describe-job.ts";

/** How learning by itself stands. */
export type Learning = {
  readonly paused: LearningState["paused"];
  /** The newest job; null where there never was one. */
  readonly lastJob: DescribedJob | null;
  /** When the schedule starts the next one, milliseconds since the epoch; null where none does. */
  readonly nextAt: number | null;
};

const DAY_MS = 86_400_000;

/** When the schedule comes next: it is of one hour of one day of the week, UTC. */
export function nextRetrain(now: number, cron: string = RETRAIN_CRON): number {
  const [minute = 0, hour = 0, , , weekday = 0] = cron.split(" ").map(Number);
  const today = new Date(now).setUTCHours(hour, minute, 0, 0);
  const days = (weekday - new Date(now).getUTCDay() + 7) % 7;
  const next = today + days * DAY_MS;
  return next > now ? next : next + 7 * DAY_MS;
}

/** `retrain`: as the bot noted it of itself, a schedule or every so many milliseconds. */
function nextOf(retrain: number | "schedule" | null, last: number, now: number): number | null {
  if (retrain === null) return null;
  return retrain === "schedule" ? nextRetrain(now) : Math.max(now, last + retrain);
}

export async function learningOf(
  ledger: Pick<Ledger, "training">,
  { now, retrain }: { readonly now: number; readonly retrain: number | "schedule" | null },
): Promise<Learning> {
  const { paused } = await ledger.training.state();
  const [last] = await ledger.training.jobs({ limit: 1 });
  return {
    paused,
    lastJob: last === undefined ? null : await describeJob(ledger, last),
    nextAt: nextOf(retrain, last?.createdAt ?? now, now),
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
