import { alertTypeOf, namesOf, type PastIncident } from "@mrdata/incident";

/** Alert types are considered split where the most frequent name of each has less than this share of its incidents. */
const MIN_SHARE = 0.5;

/**
 * True where alert types combine what are many alarms: numbered categories, the sites of an uptime monitor. The past of
 * each level of the name is then used, too. Where an alert type is one alarm except for a few variants, such as a final
 * "(HTTP 503)", its names add no information, and redundant columns make a forest worse.
 */
export function haveNamesApart(history: readonly PastIncident[]): boolean {
  const byType = new Map<string, Map<string, number>>();
  for (const { service, title } of history) {
    const { key } = alertTypeOf(service, title);
    const counts = byType.get(key) ?? new Map<string, number>();
    byType.set(key, counts);
    const [finest] = namesOf(title);
    counts.set(finest, (counts.get(finest) ?? 0) + 1);
  }
  let most = 0;
  for (const counts of byType.values()) most += Math.max(...counts.values());
  return most < MIN_SHARE * history.length;
}
