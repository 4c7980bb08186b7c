import type { OrganisationCounts } from "@mrdata/incident";
import type { Rules } from "./rules.ts";

const HOUR = 3_600;
const WEEK_BEFORE = 167;

/** The number of incidents that the organisation usually opens within `seconds`, by its last week without the last hour. */
export const usualOpenings = ({ week, hour }: OrganisationCounts, seconds: number): number =>
  (Math.max(0, week - hour) / WEEK_BEFORE) * (seconds / HOUR);

/**
 * Whether the number of opened incidents is a storm for this organisation: many, and far more than usual.
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
): boolean => opened >= least && opened >= times * usualOpenings(organisation, seconds);
