import { fnv1a64, type PastIncident } from "@mrdata/incident";

/**
 * A history is cut by service, for no track record is of two. What a cut makes depends on no other cut, so their number
 * changes no version; it is fixed all the same, for results are named by it. Of ten million incidents a partition has
 * some 150,000.
 */
export const PARTITIONS = 64;

export const partitionOf = (service: string): number =>
  Number.parseInt(fnv1a64(service).slice(-8), 16) % PARTITIONS;

/** What says where an incident stands in a history. */
export type Head = Pick<PastIncident, "id" | "numericId" | "createdAt" | "service">;

/** The same order wherever the rows come from: by service, and within it in the order of a replay. */
export function byService<Row extends Pick<PastIncident, "service">>(
  rows: readonly Row[],
  compare: (a: Row, b: Row) => number,
): readonly Row[] {
  return rows.toSorted((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : compare(a, b)));
}
