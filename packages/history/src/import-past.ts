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

/** Incidents that were new, that were known and learnt more, that stayed as they are, and that were set aside. */
export type Imported = RecordedPast;

export type ImportOptions = {
  /** The hold window that the running functions have, milliseconds: track records are of one window. */
  readonly window: number;
  readonly details: DetailColumns;
  /** Incidents of one atomic write at the most: those of one service and shard stay together up to so many. */
  readonly atOnce: number;
  /** Small groups are put together up to so many; `atOnce` if left out. The fewer, the less is in memory meanwhile. */
  readonly putTogether?: number;
  /** Writes at a time. */
  readonly sideBySide: number;
  readonly progress?: (done: number, of: number) => void;
};

export const nothingImported: Imported = { added: 0, completed: 0, known: 0, events: 0 };
export const together = addRecorded;

/**
 * Takes incidents of the past into the ledger, those of one service and shard together, in order of opening. Each
 * write is whole or not at all, so whoever is interrupted imports again.
 */
export async function importPast(
  ledger: Pick<Ledger, "recordPast">,
  pasts: readonly PastIncident[],
  { window, details, atOnce, putTogether = atOnce, sideBySide, progress = () => {} }: ImportOptions,
): Promise<Imported> {
  const rules = { window };
  const groups = Map.groupBy(pasts, ({ id, service }) => JSON.stringify([service, shardOf(id)]));
  const waiting = batchesOf([...groups.values()], atOnce, putTogether);
  let imported = nothingImported;
  let done = 0;
  const record = async (batch: readonly PastIncident[]): Promise<void> => {
    const recorded = await ledger.recordPast(
      batch.map((past) => eventsOf(past, eventDetails(past.details, details))),
      rules,
    );
    imported = together(imported, recorded);
    done += batch.length;
    progress(done, pasts.length);
  };
  await pMap(waiting, record, { concurrency: sideBySide });
  return imported;
}

/** Large groups are cut, small ones put together: a record is then read and written as seldom as can be. */
function batchesOf(
  groups: readonly (readonly PastIncident[])[],
  atOnce: number,
  putTogether: number,
): PastIncident[][] {
  const batches: PastIncident[][] = [];
  let small: PastIncident[] = [];
  for (const group of groups.toSorted((a, b) => b.length - a.length)) {
    const ordered = group.toSorted(comparePast);
    let from = 0;
    for (; from + atOnce <= ordered.length; from += atOnce) batches.push(ordered.slice(from, from + atOnce));
    const rest = ordered.slice(from);
    if (small.length > 0 && small.length + rest.length > putTogether) {
      batches.push(small);
      small = [];
    }
    small.push(...rest);
  }
  if (small.length > 0) batches.push(small);
  return batches;
}

/**
 * Of the details, numbers and keys of track records as the columns say; every other text is kept beside them as it is
 * written: "007" is a number only where the column is one.
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
