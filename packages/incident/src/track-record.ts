import { type Contribution, type Counts, countNames, countOf, decidedOf } from "./contribution.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Resolution = "minutes" | "hours" | "days";

/** How wide a bucket is and how long it is kept, counted back from the newest event: what bounds a record's size. */
const resolutions: Readonly<Record<Resolution, { readonly width: number; readonly kept: number }>> = {
  minutes: { width: MINUTE, kept: 3 * HOUR },
  hours: { width: HOUR, kept: 45 * DAY },
  days: { width: DAY, kept: 400 * DAY },
};
const resolutionNames = ["minutes", "hours", "days"] as const satisfies readonly Resolution[];

type Buckets = Readonly<Record<string, Counts>>;

/**
 * What is known of the past of one alert type or one service: integer counts per minute, hour and day of opening.
 * A plain JSON value. Nothing in it depends on the order in which events arrived: counts are sums over incidents, and
 * what is forgotten depends only on the newest event.
 */
export type TrackRecord = {
  readonly schema: 1;
  /** The hold window that its outcomes were decided by, milliseconds. */
  readonly window: number;
  /** How many events have been applied. */
  readonly version: number;
  /** `occurredAt` of the newest event applied; 0 before any. */
  readonly latest: number;
} & Readonly<Record<Resolution, Buckets>>;

export const emptyRecord = (window: number): TrackRecord => ({
  schema: 1,
  window,
  version: 0,
  latest: 0,
  minutes: {},
  hours: {},
  days: {},
});

export type RecordChange = {
  /** What the incident contributed before these events, null where it did not. */
  readonly before: Contribution | null;
  readonly after: Contribution | null;
  /** How many events this change applies, and the newest `occurredAt` among them. */
  readonly events: number;
  readonly latest: number;
};

/** The one reducer: a record and what an incident's new events change in it make the next record. */
export function applyChange(record: TrackRecord, change: RecordChange): TrackRecord {
  const latest = Math.max(record.latest, change.latest);
  const next = { minutes: { ...record.minutes }, hours: { ...record.hours }, days: { ...record.days } };
  for (const name of resolutionNames) {
    const { width, kept } = resolutions[name];
    const oldest = Math.floor((latest - kept) / width);
    const buckets = next[name];
    if (change.before !== null)
      addTo(buckets, Math.floor(change.before.openedAt / width), change.before.counts, -1);
    if (change.after !== null)
      addTo(buckets, Math.floor(change.after.openedAt / width), change.after.counts, 1);
    for (const index of Object.keys(buckets)) if (Number(index) < oldest) delete buckets[index];
  }
  return { schema: 1, window: record.window, version: record.version + change.events, latest, ...next };
}

function addTo(buckets: Record<string, Counts>, index: number, counts: Counts, sign: 1 | -1): void {
  const sum = countNames.map((_, i) => (buckets[index]?.[i] ?? 0) + sign * (counts[i] ?? 0));
  if (sum.every((count) => count === 0)) delete buckets[index];
  else buckets[index] = sum;
}

/** A stretch of time and what opened in it. */
export type Cell = { readonly start: number; readonly width: number; readonly counts: Counts };

/** The record as disjoint cells, oldest first: days for the far past, then hours, then minutes. */
export function cellsOf(record: TrackRecord): readonly Cell[] {
  // A coarse bucket gives way to finer ones only where the finer ones are complete.
  const minutesFrom = Math.ceil((record.latest - resolutions.minutes.kept + MINUTE) / HOUR) * HOUR;
  const hoursFrom = Math.ceil((record.latest - resolutions.hours.kept + HOUR) / DAY) * DAY;
  const within = (name: Resolution, from: number, to: number): Cell[] =>
    Object.entries(record[name])
      .map(([index, counts]) => ({
        start: Number(index) * resolutions[name].width,
        width: resolutions[name].width,
        counts,
      }))
      .filter((cell) => cell.start >= from && cell.start < to)
      .sort((a, b) => a.start - b.start);
  return [
    ...within("days", Number.NEGATIVE_INFINITY, hoursFrom),
    ...within("hours", hoursFrom, minutesFrom),
    ...within("minutes", minutesFrom, Number.POSITIVE_INFINITY),
  ];
}

/** Sums over a record's cells as they are known at one moment. Decayed sums are weights, not counts. */
export type Tally = {
  readonly opened: number;
  /** Not closed yet. */
  readonly open: number;
  readonly selfResolved: number;
  /** Including what is still open after its window's end: no event need have come. */
  readonly neededHuman: number;
  readonly unknown: number;
  readonly merged: number;
  readonly timedOut: number;
  readonly acknowledged: number;
  readonly untouched: number;
};

/**
 * What the records say at the moment `at` (milliseconds). With `halfLife` (milliseconds) older cells weigh less; the
 * records themselves stay as they are. The shards of one key are given together.
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
    for (const cell of cellsOf(record)) {
      const { counts } = cell;
      const weight =
        halfLife === Number.POSITIVE_INFINITY ? 1 : 0.5 ** (Math.max(0, at - cell.start) / halfLife);
      tally.opened += weight * countOf(counts, "opened");
      tally.open += weight * (countOf(counts, "opened") - countOf(counts, "closed"));
      tally.selfResolved += weight * countOf(counts, "self-resolved");
      tally.neededHuman += weight * (countOf(counts, "needed-human") + overdueOf(cell, record.window, at));
      tally.unknown += weight * countOf(counts, "unknown");
      tally.merged += weight * countOf(counts, "merged");
      tally.timedOut += weight * countOf(counts, "timed-out");
      tally.acknowledged += weight * countOf(counts, "acknowledged");
      tally.untouched += weight * countOf(counts, "untouched");
    }
  }
  return tally;
}

/** Incidents of a cell without an outcome although the window of even the youngest of them has ended. */
export const overdueOf = (cell: Cell, window: number, at: number): number =>
  cell.start + cell.width + window <= at ? countOf(cell.counts, "opened") - decidedOf(cell.counts) : 0;
