import type { OrganisationCounts } from "@mrdata/incident";
import type { Rules } from "./rules.ts";

const HOUR = 3_600;
const WEEK_BEFORE = 167;

/** How many incidents the organisation usually opens in the storm's seconds, by its last week without the last hour. */
export const usuallyOpened = ({ week, hour }: OrganisationCounts, seconds: number): number =>
  (Math.max(0, week - hour) / WEEK_BEFORE) * (seconds / HOUR);

/**
 * True where so many incidents open that it is a storm by the organisation's own norm: many, and far more than usual.
 *
 * @example
 * ```ts
 * const usual = { hour: 2, day: 40, week: 280 };
 * isStorm(50, usual, { seconds: 600, least: 10, times: 5 }); // => true
 * isStorm(9, usual, { seconds: 600, least: 10, times: 5 }); // => false
 * ```
 */
export const isStorm = (
  opened: number,
  organisation: OrganisationCounts,
  { seconds, least, times }: Rules["storm"],
): boolean => opened >= least && opened >= times * usuallyOpened(organisation, seconds);
