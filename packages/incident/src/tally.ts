import { outOfRange } from "@mrdata/base";
import { COUNTS } from "./bucket-series.ts";
import { type Counts, countOf, decidedOf } from "./contribution.ts";
import { type TrackRecord, TrackRecordBuilder } from "./track-record.ts";

/** A segment of time and what opened in it. */
export type Cell = { readonly start: number; readonly width: number; readonly counts: Counts };

/** The record as disjoint cells, oldest first: days for the distant past, then hours, then minutes. */
export function cellsOf(record: TrackRecord): readonly Cell[] {
  const cells: Cell[] = [];
  for (const { width, indexes, counts, from, to } of TrackRecordBuilder.toRead(record).segments())
    for (let i = from; i < to; i++)
      cells.push({
        start: (indexes[i] ?? outOfRange()) * width,
        width,
        counts: counts.slice(i * COUNTS, (i + 1) * COUNTS),
      });
  return cells;
}

/** Sums over a record's cells as known at one moment. Decayed sums are weights, not counts. */
export type Tally = {
  readonly opened: number;
  /** Not closed yet. */
  readonly open: number;
  readonly selfResolved: number;
  /** Including incidents still open after their window's end: no event need have arrived. */
  readonly neededHuman: number;
  readonly unknown: number;
  readonly merged: number;
  readonly timedOut: number;
  readonly acknowledged: number;
  readonly untouched: number;
};

/**
 * The records' sums at the moment `at` (milliseconds). With `halfLife` (milliseconds) older cells weigh less; the
 * records themselves are not changed. Pass the shards of one key together.
 */
export function tallyOf(
  records: readonly TrackRecord[],
  at: number,
  halfLife = Number.POSITIVE_INFINITY,
): Tally {
  const tally = {
    opened: 0,
    open: 0,
    selfResolved: 0,
    neededHuman: 0,
    unknown: 0,
    merged: 0,
    timedOut: 0,
    acknowledged: 0,
    untouched: 0,
  };
  for (const record of records) {
    for (const { width, indexes, counts, from, to } of TrackRecordBuilder.toRead(record).segments()) {
      for (let i = from; i < to; i++) {
        const base = i * COUNTS;
        const start = (indexes[i] ?? outOfRange()) * width;
        const weight =
          halfLife === Number.POSITIVE_INFINITY ? 1 : 0.5 ** (Math.max(0, at - start) / halfLife);
        const opened = countOf(counts, "opened", base);
        const overdue = isOver({ start, width }, record.window, at) ? opened - decidedOf(counts, base) : 0;
        tally.opened += weight * opened;
        tally.open += weight * (opened - countOf(counts, "closed", base));
        tally.selfResolved += weight * countOf(counts, "self-resolved", base);
        tally.neededHuman += weight * (countOf(counts, "needed-human", base) + overdue);
        tally.unknown += weight * countOf(counts, "unknown", base);
        tally.merged += weight * countOf(counts, "merged", base);
        tally.timedOut += weight * countOf(counts, "timed-out", base);
        tally.acknowledged += weight * countOf(counts, "acknowledged", base);
        tally.untouched += weight * countOf(counts, "untouched", base);
      }
    }
  }
  return tally;
}

/** The cell's incidents without an outcome although the window of even the youngest has ended. */
export const overdueOf = (cell: Cell, windowMs: number, at: number): number =>
  isOver(cell, windowMs, at) ? countOf(cell.counts, "opened") - decidedOf(cell.counts) : 0;

const isOver = ({ start, width }: Pick<Cell, "start" | "width">, windowMs: number, at: number): boolean =>
  start + width + windowMs <= at;
