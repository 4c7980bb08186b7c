import { isNightIn } from "@mrdata/incident";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Hour of the day and day of the week (0 is Sunday) of the organisation, which lives in UTC. */
export const hourOf = (at: number): number => Math.floor((at % DAY) / HOUR);
const weekdayOf = (at: number): number => new Date(at).getUTCDay();

export const isNight = isNightIn("UTC");

const isWeekend = (at: number): boolean => weekdayOf(at) === 0 || weekdayOf(at) === 6;

/** How much of the usual goes wrong at a moment: traffic rises by day, weekends are quiet. On average about 1. */
export function trafficAt(at: number): number {
  const byDay = 1 + 0.45 * Math.sin(((hourOf(at) - 8) / 24) * 2 * Math.PI);
  return byDay * (isWeekend(at) ? 0.7 : 1.1);
}

/** From -1 at two at night to 1 at two in the afternoon. */
export const dayness = (at: number): number => Math.sin((((at % DAY) / HOUR - 8) / 24) * 2 * Math.PI);

/** Backups and exports run from two to four. */
export const batchAt = (at: number): number => (hourOf(at) >= 2 && hourOf(at) < 4 ? 12 : 0);

/** Deploys happen in office hours. */
export const deploysAt = (at: number): number =>
  !isWeekend(at) && hourOf(at) >= 9 && hourOf(at) < 17 ? 4.2 : 0;
