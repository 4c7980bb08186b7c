import type { TrainingJob } from "@mrdata/platform";
import { RETRAIN_CRON } from "./manifest.ts";

const DAY_MS = 86_400_000;
/** A little less than a week, for a schedule is not on the second. */
const EVERY_MS = 7 * DAY_MS - 3_600_000;

/** How often a training begins by itself: once a week by the daily schedule, every so many milliseconds, or never. */
export type Every = number | "schedule" | null;

/**
 * The newest training by whose beginning the next one goes; null where there is none. A job that was made more than a day ahead was
 * made by a clock that was wrong, and nothing would begin until then. `jobs`: the newest first.
 */
export const lastTraining = <Job extends Pick<TrainingJob, "kind" | "createdAt">>(
  jobs: readonly Job[],
  now: number,
): Job | null => jobs.find(({ kind, createdAt }) => kind === "train" && createdAt <= now + DAY_MS) ?? null;

/** So many of the newest jobs are looked through: tunings, and what a wrong clock has made, are passed over. */
export const JOBS_LOOKED_THROUGH = 100;

/** Whether a training is due, where nothing drifted. `last`: when the last one was made, milliseconds since the epoch; null for none. */
export function isTrainingDue(every: Every, last: number | null, now: number): boolean {
  if (every === null) return false;
  return last === null || now - last >= (every === "schedule" ? EVERY_MS : every);
}

/**
 * The name of the training that begins now. Within a day, or within `every` where that is shorter, it is the same, so that whoever
 * comes again after somebody died goes on with it.
 */
export function trainingId(every: Every, now: number): string {
  if (typeof every !== "number" || every >= DAY_MS)
    return `train-${new Date(now).toISOString().slice(0, 10)}`;
  const minute = new Date(Math.floor(now / every) * every).toISOString().slice(0, 16);
  return `train-${minute.replaceAll(":", "")}`;
}

/** When the daily schedule begins the next training, if nothing drifts before: once the last one began a week ago. */
export function nextRetrain(now: number, last: number | null, cron: string = RETRAIN_CRON): number {
  const [minute = 0, hour = 0] = cron.split(" ").map(Number);
  const from = Math.max(now, last === null ? now : last + EVERY_MS);
  const sameDay = new Date(from).setUTCHours(hour, minute, 0, 0);
  return sameDay >= from && sameDay > now ? sameDay : sameDay + DAY_MS;
}

/**
 * When the next training begins by itself, milliseconds since the epoch; null where none does. `retrain`: as the bot noted it of itself.
 * `last`: when the last one was made.
 */
export function nextTrainingAt(retrain: Every, last: number | null, now: number): number | null {
  if (retrain === null) return null;
  if (retrain === "schedule") return nextRetrain(now, last);
  return last === null ? now : Math.max(now, last + retrain);
}
