import {
  comparePast,
  type Details,
  type EventDetails,
  eventsOf,
  type PastIncident,
  shardOf,
} from "@mrdata/incident";
import { type DetailColumns, pickDetails } from "@mrdata/learning";
import { addRecorded, type Ledger, type RecordedPast } from "@mrdata/platform";
import pMap from "p-map";

/** Counts of incidents that were added, completed, already known, and set aside. */
export type Imported = RecordedPast;

export type ImportOptions = {
  /** The hold window of the running functions, milliseconds: track records are per window. */
  readonly windowMs: number;
  readonly details: DetailColumns;
  /** Maximum number of incidents of one service and shard in one atomic write. */
  readonly maxBatchSize: number;
  /** Small groups are merged into batches up to this size, to save memory; defaults to `maxBatchSize`. */
  readonly mergedBatchSize?: number;
  /** Number of concurrent writes. */
  readonly concurrency: number;
  readonly progress?: (done: number, of: number) => void;
};

export const nothingImported: Imported = { added: 0, completed: 0, known: 0, events: 0 };
export const addImported = addRecorded;

/**
 * Imports past incidents into the ledger, grouped by service and shard, in order of opening. Writes are atomic, so an interrupted import
 * can simply be repeated.
 */
export async function importPast(
  ledger: Pick<Ledger, "recordPast">,
  pasts: readonly PastIncident[],
  {
    windowMs,
    details,
    maxBatchSize,
    mergedBatchSize = maxBatchSize,
    concurrency,
    progress = () => {},
  }: ImportOptions,
): Promise<Imported> {
  const rules = { windowMs };
  const groups = Map.groupBy(pasts, ({ id, service }) => JSON.stringify([service, shardOf(id)]));
  const waiting = batchesOf([...groups.values()], maxBatchSize, mergedBatchSize);
  let imported = nothingImported;
  let done = 0;
  const record = async (batch: readonly PastIncident[]): Promise<void> => {
    const recorded = await ledger.recordPast(
      batch.map((past) => eventsOf(past, eventDetails(past.details, details))),
      rules,
    );
    imported = addImported(imported, recorded);
    done += batch.length;
    progress(done, pasts.length);
  };
  await pMap(waiting, record, { concurrency });
  return imported;
}

/** Splits large groups and merges small ones, so that each track record is read and written as rarely as possible. */
function batchesOf(
  groups: readonly (readonly PastIncident[])[],
  maxBatchSize: number,
  mergedBatchSize: number,
): PastIncident[][] {
  const batches: PastIncident[][] = [];
  let small: PastIncident[] = [];
  for (const group of groups.toSorted((a, b) => b.length - a.length)) {
    const ordered = group.toSorted(comparePast);
    let from = 0;
    for (; from + maxBatchSize <= ordered.length; from += maxBatchSize)
      batches.push(ordered.slice(from, from + maxBatchSize));
    const rest = ordered.slice(from);
    if (small.length > 0 && small.length + rest.length > mergedBatchSize) {
      batches.push(small);
      small = [];
    }
    small.push(...rest);
  }
  if (small.length > 0) batches.push(small);
  return batches;
}

/**
 * Splits the details into numbers and track record keys according to the columns; every other text is kept as written: "007" is a number
 * only in a numeric column.
 */
function eventDetails(given: Details, columns: DetailColumns): EventDetails | undefined {
  if (Object.keys(given).length === 0) return undefined;
  const typed = Object.keys(given).filter((name) => typeof given[name] === "number");
  const picked = pickDetails(given, { ...columns, numbers: [...columns.numbers, ...typed] });
  const others = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" && picked.texts[name] === undefined ? [[name, value]] : [],
    ),
  );
  return Object.keys(others).length === 0 ? picked : { ...picked, others };
}
