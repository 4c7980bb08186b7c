import { fnv1a64, type PastIncident } from "@mrdata/incident";

/**
 * A history is partitioned by service, because no track record spans two. Partitions are independent of each other, so their
 * number does not affect the version; it is fixed because the names of results depend on it. With ten million incidents a
 * partition has some 150,000.
 */
export const PARTITIONS = 64;

export const partitionOf = (service: string): number =>
  Number.parseInt(fnv1a64(service).slice(-8), 16) % PARTITIONS;

/** The fields that determine an incident's place in a history. */
export type Head = Pick<PastIncident, "id" | "numericId" | "createdAt" | "service">;

/** A canonical order: by service, and within a service in replay order. */
export function byService<Row extends Pick<PastIncident, "service">>(
  rows: readonly Row[],
  compare: (a: Row, b: Row) => number,
): readonly Row[] {
  return rows.toSorted((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : compare(a, b)));
}
