import { BucketSeries } from "./bucket-series.ts";
import type { Contribution, Counts } from "./contribution.ts";
import type { Family, FamilyLevel } from "./names/family.ts";
import { RunningFamily } from "./names/running-family.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Resolution = "minutes" | "hours" | "days";

/**
 * The width of each bucket and how long it is kept, counted back from the newest event: this bounds a record's size.
 */
const resolutions: Readonly<Record<Resolution, { readonly width: number; readonly kept: number }>> = {
  minutes: { width: MINUTE, kept: 3 * HOUR },
  hours: { width: HOUR, kept: 45 * DAY },
  days: { width: DAY, kept: 400 * DAY },
};
const resolutionNames = ["minutes", "hours", "days"] as const satisfies readonly Resolution[];

/**
 * Buckets of one width (milliseconds), as stored: bucket `i`, for `from` <= `i` < `to`, begins at `indexes[i] * width`,
 * and its counts start at `i * COUNTS`, at the positions in `countSlots`.
 */
export type Segment = {
  readonly width: number;
  readonly indexes: readonly number[];
  readonly counts: readonly number[];
  readonly from: number;
  readonly to: number;
};

type Buckets = Readonly<Record<string, Counts>>;

/**
 * The known past of one alert type, service or other subject: integer counts per minute, hour and day of opening. A
 * plain JSON value. It does not depend on the order in which events arrived: counts are sums over incidents, and what
 * is dropped depends only on the newest event.
 */
export type TrackRecord = {
  readonly schema: 1;
  /** The hold window that its outcomes were decided for, milliseconds. */
  readonly window: number;
  /** How many events have been applied. */
  readonly version: number;
  /** `occurredAt` of the newest event applied; 0 before any. */
  readonly latest: number;
  /** For a coarse name: the finer names below it. */
  readonly family?: Family;
} & Readonly<Record<Resolution, Buckets>>;

/**
 * A track record before any event. `windowMs`: the hold window that its outcomes are decided for, milliseconds. `family`:
 * the level of the record's coarse name, null for any other subject.
 * @example
 * ```ts
 * emptyRecord(300_000).version; // => 0
 * ```
 */
export const emptyRecord = (windowMs: number, family: FamilyLevel | null = null): TrackRecord => ({
  schema: 1,
  window: windowMs,
  version: 0,
  latest: 0,
  ...(family === null ? {} : { family: { level: family, members: {} } }),
  minutes: {},
  hours: {},
  days: {},
});

export type RecordChange = {
  /** The incident's contribution before these events, null where it had none. */
  readonly before: Contribution | null;
  readonly after: Contribution | null;
  /** How many events this change applies, and the newest `occurredAt` among them. */
  readonly events: number;
  readonly latest: number;
};

const noSegments: readonly Segment[] = [];

/**
 * The difference to add in one step, because an incident nearly always stays in its bucket, which is then searched
 * once. Null where it moved to another bucket, or nothing changed.
 */
function differenceOf(before: Contribution | null, after: Contribution | null): Contribution | null {
  if (before === null || after === null) return after;
  if (before.openedAt !== after.openedAt || before.title !== after.title) return null;
  return { ...after, counts: after.counts.map((count, i) => count - (before.counts[i] ?? 0)) };
}

/** The same change is applied to every record of an incident in turn: the difference is computed for the first. */
let last: { readonly change: RecordChange; readonly difference: Contribution | null } | null = null;

function differenceIn(change: RecordChange): Contribution | null {
  if (last?.change !== change) last = { change, difference: differenceOf(change.before, change.after) };
  return last.difference;
}

/**
 * A mutable track record: the same counts, prepared for frequent changes and reads. Both serving and training change
 * records with it.
 */
export class TrackRecordBuilder {
  readonly window: number;
  readonly #family: RunningFamily | null;
  #version = 0;
  #latest = 0;
  #isShared = false;
  /** Null while they must be recomputed. */
  #segments: readonly Segment[] | null = null;
  readonly #series: Readonly<Record<Resolution, BucketSeries>> = {
    minutes: new BucketSeries(),
    hours: new BucketSeries(),
    days: new BucketSeries(),
  };

  constructor(windowMs: number, family: Family | FamilyLevel | null = null) {
    this.window = windowMs;
    this.#family = family === null ? null : new RunningFamily(family);
  }

  static of(record: TrackRecord): TrackRecordBuilder {
    const running = new TrackRecordBuilder(record.window, record.family ?? null);
    running.#version = record.version;
    running.#latest = record.latest;
    for (const name of resolutionNames) running.#series[name].fill(record[name]);
    return running;
  }

  /** The same for readers: built once per record, which one decision reads a dozen times. Throws on any change. */
  static toRead(record: TrackRecord): TrackRecordBuilder {
    const known = readRecords.get(record);
    if (known !== undefined) return known;
    const made = TrackRecordBuilder.of(record);
    made.#isShared = true;
    readRecords.set(record, made);
    return made;
  }

  /** How many events have been applied. */
  get version(): number {
    return this.#version;
  }

  /** `occurredAt` of the newest event applied, milliseconds; 0 before any. */
  get latest(): number {
    return this.#latest;
  }

  /** For a coarse name: the finer names below it. */
  get family(): Family | undefined {
    return this.#family?.toFamily();
  }

  /** The only reducer: applies what an incident's new events change. */
  apply(change: RecordChange): void {
    if (this.#isShared) throw new TypeError("a track record that others read is not to be changed");
    const { before, after, events, latest } = change;
    this.#version += events;
    this.#latest = Math.max(this.#latest, latest);
    this.#segments = null;
    const difference = differenceIn(change);
    if (difference === null) this.#family?.add(before, -1);
    this.#family?.add(difference ?? after, 1);
    for (const name of resolutionNames) {
      const { width, kept } = resolutions[name];
      const oldest = Math.floor((this.#latest - kept) / width);
      const series = this.#series[name];
      if (difference === null) addTo(series, width, oldest, before, -1);
      addTo(series, width, oldest, difference ?? after, 1);
      series.dropBefore(oldest);
    }
  }

  /**
   * Disjoint segments of time, oldest first: days for the distant past, then hours, then minutes; empty ones are
   * omitted. Valid until the record changes. They are cached, because they are read far more often than they change.
   */
  segments(): readonly Segment[] {
    this.#segments ??= this.#segmentsNow();
    return this.#segments;
  }

  #segmentsNow(): readonly Segment[] {
    // A coarse bucket is replaced by finer ones only where the finer ones are complete.
    const minutesFrom = Math.ceil((this.#latest - resolutions.minutes.kept + MINUTE) / HOUR) * HOUR;
    const hoursFrom = Math.ceil((this.#latest - resolutions.hours.kept + HOUR) / DAY) * DAY;
    const made: Segment[] = [];
    const addSegment = (name: Resolution, start: number, until: number): void => {
      const { width } = resolutions[name];
      const series = this.#series[name];
      const { indexes, counts } = series;
      const from = series.lowerBound(start / width);
      const to = series.lowerBound(until / width);
      if (from < to) made.push({ width, indexes, counts, from, to });
    };
    addSegment("days", Number.NEGATIVE_INFINITY, hoursFrom);
    addSegment("hours", hoursFrom, minutesFrom);
    addSegment("minutes", minutesFrom, Number.POSITIVE_INFINITY);
    return made.length === 0 ? noSegments : made;
  }

  /** The result of `JSON.stringify(this.toRecord())`, without building the record. */
  toJson(): string {
    const { minutes, hours, days } = this.#series;
    const family = this.#family === null ? "" : `"family":${JSON.stringify(this.#family.toFamily())},`;
    return `{"schema":1,"window":${JSON.stringify(this.window)},"version":${JSON.stringify(this.#version)},"latest":${JSON.stringify(this.#latest)},${family}"minutes":${minutes.toJson()},"hours":${hours.toJson()},"days":${days.toJson()}}`;
  }

  toRecord(): TrackRecord {
    const bucketsOf = (name: Resolution) => this.#series[name].toBuckets();
    return {
      schema: 1,
      window: this.window,
      version: this.#version,
      latest: this.#latest,
      ...(this.#family === null ? {} : { family: this.#family.toFamily() }),
      minutes: bucketsOf("minutes"),
      hours: bucketsOf("hours"),
      days: bucketsOf("days"),
    };
  }
}

const readRecords = new WeakMap<TrackRecord, TrackRecordBuilder>();

/** Adds to the bucket of the opening, unless that is older than what is kept. */
function addTo(
  series: BucketSeries,
  width: number,
  oldest: number,
  change: Contribution | null,
  sign: 1 | -1,
): void {
  if (change === null) return;
  const index = Math.floor(change.openedAt / width);
  if (index >= oldest) series.add(index, change.counts, sign);
}

/**
 * Applies to a record what an incident's new events change, giving the next record.
 *
 * @example
 * ```ts
 * import { contributionOf, emptyRecord, eventsOf, tallyOf } from "@mrdata/incident";
 * const past = { id: "P1", service: "PDB", title: "Disk full", urgency: "high", details: {}, createdAt: 0,
 *   resolvedAt: 120_000, resolvedBy: "integration", acknowledgedAt: null, takenOverAt: null, mergedInto: null };
 * const after = contributionOf(eventsOf(past), { windowMs: 300_000 });
 * const record = applyChange(emptyRecord(300_000), { before: null, after, events: 2, latest: 120_000 });
 * record.version; // => 2
 * tallyOf([record], 3_600_000).selfResolved; // => 1
 * ```
 */
export function applyChange(record: TrackRecord, change: RecordChange): TrackRecord {
  const running = TrackRecordBuilder.of(record);
  running.apply(change);
  return running.toRecord();
}
