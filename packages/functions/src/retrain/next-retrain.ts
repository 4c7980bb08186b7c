import type { TrainingJob } from "@mrdata/platform";
import { RETRAIN_CRON } from "./manifest.ts";

const DAY_MS = 86_400_000;
/** Slightly less than a week, because a schedule is not exact to the second. */
const EVERY_MS = 7 * DAY_MS - 3_600_000;

/** How often a training begins by itself: weekly by the daily schedule, at an interval in milliseconds, or never. */
export type Every = number | "schedule" | null;

/**
 * The newest training, whose start determines the next one; null where there is none. A job created more than a day
 * ahead comes from a wrong clock, and would block trainings until then. `jobs`: newest first.
 */
export const lastTraining = <Job extends Pick<TrainingJob, "kind" | "createdAt">>(
  jobs: readonly Job[],
  now: number,
): Job | null => jobs.find(({ kind, createdAt }) => kind === "train" && createdAt <= now + DAY_MS) ?? null;

/** How many of the newest jobs are searched; tunings and jobs from a wrong clock are skipped. */
export const JOBS_LOOKED_THROUGH = 100;

/**
 * Whether a training is due if nothing drifted. `last`: when the last one was created, milliseconds since the epoch;
 * null for none.
 */
export function isTrainingDue(every: Every, last: number | null, now: number): boolean {
  if (every === null) return false;
  return last === null || now - last >= (every === "schedule" ? EVERY_MS : every);
}

/**
 * The name of a training that begins now. It is the same for a day, or for `every` where that is shorter, so that a
 * retry after a crash continues the same training.
 */
export function trainingId(every: Every, now: number): string {
  if (typeof every !== "number" || every >= DAY_MS)
    return `train-${new Date(now).toISOString().slice(0, 10)}`;
  const minute = new Date(Math.floor(now / every) * every).toISOString().slice(0, 16);
  return `train-${minute.replaceAll(":", "")}`;
}

/** When the daily schedule begins the next training if nothing drifts before: once the last one began a week ago. */
export function nextRetrain(now: number, last: number | null, cron: string = RETRAIN_CRON): number {
  const [minute = 0, hour = 0] = cron.split(" ").map(Number);
  const from = Math.max(now, last === null ? now : last + EVERY_MS);
  const sameDay = new Date(from).setUTCHours(hour, minute, 0, 0);
  return sameDay >= from && sameDay > now ? sameDay : sameDay + DAY_MS;
}

/**
 * When the next training begins by itself, milliseconds since the epoch; null where none does. `retrain`: as the bot
 * noted in its deployment. `last`: when the last one was created.
 */
export function nextTrainingAt(retrain: Every, last: number | null, now: number): number | null {
  if (retrain === null) return null;
  if (retrain === "schedule") return nextRetrain(now, last);
  return last === null ? now : Math.max(now, last + retrain);
}
