import { alertTypeOf, namesOf, type PastIncident } from "@mrdata/incident";

/** Alert types fall apart where the most frequent name of each has less than this share of its incidents. */
const MIN_SHARE = 0.5;

/**
 * True where alert types gather what are many alarms: numbered categories, the sites of an uptime monitor. Then the past
 * of each level of the name is looked at, too. Where an alert type is one alarm but for a few, as "(HTTP 503)" at its end, its
 * names say nothing that it does not, and more columns of the same make a forest worse.
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
