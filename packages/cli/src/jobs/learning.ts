import { EVERY_MS } from "@mrdata/functions";
import { RETRAIN_CRON } from "@mrdata/functions/manifests";
import type { LearningState, Ledger } from "@mrdata/platform";
import { type DescribedJob, describeJob, sentenceOf } from "./describe-job.ts";

/** How learning by itself stands. */
export type Learning = {
  readonly paused: LearningState["paused"];
  /** What is no more as it was, of the last 30 days. */
  readonly drifted: readonly string[];
  /** The newest job; null where there never was one. */
  readonly lastJob: DescribedJob | null;
  /** When the schedule starts the next one, milliseconds since the epoch; null where none does. */
  readonly nextAt: number | null;
};

const DAY_MS = 86_400_000;

/** When the daily schedule begins the next training, if nothing drifts before: once the last one began a week ago. */
export function nextRetrain(now: number, last: number | null, cron: string = RETRAIN_CRON): number {
  const [minute = 0, hour = 0] = cron.split(" ").map(Number);
  const from = Math.max(now, last === null ? now : last + EVERY_MS);
  const sameDay = new Date(from).setUTCHours(hour, minute, 0, 0);
  return sameDay >= from && sameDay > now ? sameDay : sameDay + DAY_MS;
}

/** `retrain`: as the bot noted it of itself, a schedule or every so many milliseconds. */
function nextOf(retrain: number | "schedule" | null, last: number | null, now: number): number | null {
  if (retrain === null) return null;
  if (retrain === "schedule") return nextRetrain(now, last);
  return last === null ? now : Math.max(now, last + retrain);
}

export async function learningOf(
  ledger: Pick<Ledger, "training">,
  { now, retrain }: { readonly now: number; readonly retrain: number | "schedule" | null },
): Promise<Learning> {
  const { paused, drifted } = await ledger.training.state();
  const last = (await ledger.training.jobs({ limit: 20 })).find(({ kind }) => kind === "train");
  return {
    paused,
    drifted: Object.values(drifted).flatMap(({ at, sentence }) =>
      now - at <= 30 * DAY_MS ? [sentence] : [],
    ),
    lastJob: last === undefined ? null : await describeJob(ledger, last),
    nextAt: nextOf(retrain, last?.createdAt ?? null, now),
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
