import { memo } from "@mrdata/base";
import type { OrganisationCounts } from "@mrdata/incident";
import type { DocumentStore } from "../document-store.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

const HOUR = 3_600_000;

/** Incidents that open within this time of each other share one count, milliseconds. */
export const COUNTED_TOGETHER = 1_000;

/**
 * Counts the organisation's incidents within the hour, day and week before a moment. In a storm every incident would
 * count again, and each count reads an index entry per incident, so incidents that open within one second of
 * each other share the counts of the first. A prediction stores the counts that it used, so a replay sees the same.
 */
export function organisationCounter(
  store: Pick<DocumentStore, "count">,
): (at: number) => Promise<OrganisationCounts> {
  async function count(at: number): Promise<OrganisationCounts> {
    const since = (age: number) =>
      store.count(queryOf("incidentsOpenedSince", paths.incidents, [at - age, at]));
    const [hour, day, week] = await Promise.all([since(HOUR), since(24 * HOUR), since(7 * 24 * HOUR)]);
    return { hour, day, week };
  }

  return memo(count, { ttlMs: COUNTED_TOGETHER, now: (at) => at });
}
