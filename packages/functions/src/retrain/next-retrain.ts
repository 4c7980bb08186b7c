import { RETRAIN_CRON } from "./manifest.ts";

const DAY_MS = 86_400_000;
/** A little less than a week, for a schedule is not on the second. */
export const EVERY_MS = 7 * DAY_MS - 3_600_000;

/** When the daily schedule begins the next training, if nothing drifts before: once the last one began a week ago. */
export function nextRetrain(now: number, last: number | null, cron: string = RETRAIN_CRON): number {
  const [minute = 0, hour = 0] = cron.split(" ").map(Number);
  const from = Math.max(now, last === null ? now : last + EVERY_MS);
  const sameDay = new Date(from).setUTCHours(hour, minute, 0, 0);
  return sameDay >= from && sameDay > now ? sameDay : sameDay + DAY_MS;
}

/**
 * When the next training begins by itself, milliseconds since the epoch; null where none does. `retrain`: as the bot noted it
 * of itself, a schedule or every so many milliseconds.
 */
export function nextTrainingAt(
  retrain: number | "schedule" | null,
  last: number | null,
  now: number,
): number | null {
  if (retrain === null) return null;
  if (retrain === "schedule") return nextRetrain(now, last);
  return last === null ? now : Math.max(now, last + retrain);
}
