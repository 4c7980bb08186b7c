import { outOfRange } from "@mrdata/base";
import { linesIn } from "./bytes.ts";
import { grouped } from "./grouped.ts";
import { PARTITIONS, partitionOf } from "./partitions.ts";
import type { SortedHeads } from "./sorted-heads.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { incidentIn, type ReadIncident, type ReadResult } from "./tasks/read.ts";

/** The parts of the history's pages: by partition, for each page its parts of it. */
export type PartsByPartition = readonly (readonly (readonly string[])[])[];

export const partsByPartition = (read: readonly Pick<ReadResult, "parts">[]): PartsByPartition =>
  Array.from({ length: PARTITIONS }, (_, partition) =>
    read.map(({ parts }) => parts.flatMap(([own, name]) => (own === partition ? [name] : []))),
  );

/** The parts of a partition, in order of reading. */
export const partNames = (parts: PartsByPartition, partition: number): string[] =>
  (parts[partition] ?? []).flat();

export type WantedRows = {
  readonly heads: SortedHeads;
  /** How many incidents each page has. */
  readonly pages: readonly number[];
  readonly parts: PartsByPartition;
  /** By place: its row, or −1. */
  readonly rowOf: Int32Array;
  readonly rows: number;
};

/** Parts that are fetched at a time: each is of a few hundred incidents, and a bucket takes some 30 ms for each. */
const AT_A_TIME = 16;

/**
 * The incidents of the rows. A part that has none is not read, and of the others only lines that are rows are parsed: of ten million
 * incidents half a million are. Rejects with Error where parts and heads do not tell of the same incidents.
 */
export async function readRows(
  { heads, pages, parts, rowOf, rows }: WantedRows,
  io: Pick<TaskIo, "results">,
): Promise<readonly ReadIncident[]> {
  const { count, serviceAt, services, placeOf, openedAt } = heads;
  const partitions = Int32Array.from(services, partitionOf);
  const readsOf = grouped(count, PARTITIONS, (i) => {
    const service = serviceAt[placeOf[i] ?? outOfRange()] ?? outOfRange();
    return partitions[service] ?? outOfRange();
  });
  const incidents: (ReadIncident | undefined)[] = Array.from({ length: rows });
  const take = (names: readonly string[], places: Int32Array, read: readonly Uint8Array[]): void => {
    let i = 0;
    for (const bytes of read)
      for (const line of linesIn(bytes)) {
        const place = places[i++];
        const row = place === undefined ? -1 : (rowOf[place] ?? -1);
        if (place === undefined || row < 0) continue;
        const incident = incidentIn(JSON.parse(line.toString("utf8")));
        if (incident.createdAt !== openedAt[place]) throw unlike(names);
        incidents[row] = incident;
      }
    if (i !== places.length) throw unlike(names);
  };
  const wanted: { readonly names: readonly string[]; readonly places: Int32Array }[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const reads = readsOf(partition);
    let [from, end] = [0, 0];
    for (const [page, length] of pages.entries()) {
      end += length;
      const first = from;
      while (from < reads.length && (reads[from] ?? end) < end) from++;
      const places = reads.subarray(first, from).map((i) => placeOf[i] ?? outOfRange());
      const names = parts[partition]?.[page] ?? [];
      if (places.some((place) => (rowOf[place] ?? -1) >= 0)) wanted.push({ names, places });
    }
  }
  for (let first = 0; first < wanted.length; first += AT_A_TIME) {
    const those = wanted.slice(first, first + AT_A_TIME);
    const read = await Promise.all(
      those.map(({ names }) => Promise.all(names.map((name) => resultOf(io, name)))),
    );
    for (const [k, { names, places }] of those.entries()) take(names, places, read[k] ?? []);
  }
  return incidents.map((incident) => incident ?? outOfRange());
}

const unlike = (names: readonly string[]): Error =>
  new Error(`the parts ${names.join(", ")} do not hold the incidents that their page tells of`);
