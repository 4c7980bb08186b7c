import { type Cell, cellsOf, countOf, overdueOf, type TrackRecord } from "@mrdata/incident";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Outcomes of the last weeks weigh half after so long. */
const HALF_LIFE = 30 * DAY;
/** Of the day: how far around this hour the past is asked, as a standard deviation. */
const AROUND = 1 * HOUR;
/** Imagined outcomes that pull a rate towards its parent's while little is known. */
const PRIOR = 2;

/** What the past of one subject says at one moment: an alert type, a service, or a value of the details. */
export type SubjectFeatures = {
  /** log(1 + outcomes known so far). */
  readonly seen: number;
  readonly rateEver: number;
  readonly rateMonth: number;
  /** The rate around this time of the day. */
  readonly rateHour: number;
  /** Mean log seconds to closing; what is open counts with its age at least. */
  readonly durationMonth: number;
  readonly durationHour: number;
  readonly opened1h: number;
  readonly opened24h: number;
  readonly opened7d: number;
  /** Open now. */
  readonly open: number;
  /** log(1 + seconds) since the last opening; NaN where there was none. */
  readonly sinceLast: number;
  /** Log seconds to closing of the last that closed; NaN where none did. */
  readonly lastDuration: number;
};

export const subjectFeatureNames: readonly (keyof SubjectFeatures)[] = [
  "seen",
  "rateEver",
  "rateMonth",
  "rateHour",
  "durationMonth",
  "durationHour",
  "opened1h",
  "opened24h",
  "opened7d",
  "open",
  "sinceLast",
  "lastDuration",
];

type Sums = { positive: number; decided: number; logSeconds: number; counted: number };
const none = (): Sums => ({ positive: 0, decided: 0, logSeconds: 0, counted: 0 });

/**
 * Reads the records of one subject as they are known at `at` (milliseconds). `parent` gives the rates that little known
 * ones are pulled towards: of the service for an alert type, .5 where there is no parent.
 */
export function subjectFeatures(
  records: readonly TrackRecord[],
  at: number,
  parent: Pick<SubjectFeatures, "rateEver" | "rateMonth" | "durationMonth"> | null,
): SubjectFeatures {
  const sums = { ever: none(), month: none(), hour: none() };
  let open = 0;
  let last = Number.NEGATIVE_INFINITY;
  let lastClosed = Number.NEGATIVE_INFINITY;
  let lastDuration = Number.NaN;
  const opened = { hour: 0, day: 0, week: 0 };
  for (const record of records) {
    for (const cell of cellsOf(record)) {
      const { counts, start, width } = cell;
      const here = countOf(counts, "opened");
      if (here === 0) continue;
      const age = Math.max(0, at - start);
      if (age <= HOUR) opened.hour += here;
      if (age <= DAY) opened.day += here;
      if (age <= 7 * DAY) opened.week += here;
      last = Math.max(last, start);
      const closed = countOf(counts, "closed");
      open += here - closed;
      if (closed > 0 && start >= lastClosed) {
        lastClosed = start;
        lastDuration = countOf(counts, "log-seconds") / 1000 / closed;
      }
      const told = tellsOf(cell, record.window, at);
      add(sums.ever, told, 1);
      const month = 0.5 ** (age / HALF_LIFE);
      add(sums.month, told, month);
      // A cell of a whole day does not know the hour.
      if (width <= HOUR) add(sums.hour, told, month * nearness(start + width / 2, at));
    }
  }
  const rate = ({ positive, decided }: Sums, towards: number) =>
    (positive + PRIOR * towards) / (decided + PRIOR);
  const duration = ({ logSeconds, counted }: Sums, towards: number) =>
    counted + PRIOR === 0 ? towards : (logSeconds + PRIOR * towards) / (counted + PRIOR);
  const rateMonth = rate(sums.month, parent?.rateMonth ?? 0.5);
  const durationMonth = duration(sums.month, parent?.durationMonth ?? USUAL);
  return {
    seen: Math.log1p(sums.ever.decided),
    rateEver: rate(sums.ever, parent?.rateEver ?? 0.5),
    rateMonth,
    rateHour: rate(sums.hour, rateMonth),
    durationMonth,
    durationHour: duration(sums.hour, durationMonth),
    opened1h: Math.log1p(opened.hour),
    opened24h: Math.log1p(opened.day),
    opened7d: Math.log1p(opened.week),
    open,
    sinceLast: last === Number.NEGATIVE_INFINITY ? Number.NaN : Math.log1p(Math.max(0, at - last) / 1000),
    lastDuration,
  };
}

/** Log seconds of twenty minutes: what is assumed where nothing is known. */
const USUAL = Math.log1p(20 * 60);

/** What a cell's incidents say: outcomes that are decided, and durations. */
function tellsOf(cell: Cell, window: number, at: number): Sums {
  const { counts, start, width } = cell;
  const positive = countOf(counts, "self-resolved");
  const decided =
    positive +
    countOf(counts, "needed-human") +
    overdueOf(cell, window, at) +
    countOf(counts, "unknown") +
    countOf(counts, "timed-out");
  const closed = countOf(counts, "closed");
  const stillOpen = countOf(counts, "opened") - closed;
  const age = Math.max(0, at - start - width / 2) / 1000;
  return {
    positive,
    decided,
    logSeconds: countOf(counts, "log-seconds") / 1000 + stillOpen * Math.log1p(age),
    counted: closed + stillOpen,
  };
}

function add(sums: Sums, told: Sums, weight: number): void {
  sums.positive += weight * told.positive;
  sums.decided += weight * told.decided;
  sums.logSeconds += weight * told.logSeconds;
  sums.counted += weight * told.counted;
}

/** A bell around the time of the day, round the clock. */
function nearness(when: number, at: number): number {
  const apart = (((when - at) % DAY) + DAY) % DAY;
  const distance = Math.min(apart, DAY - apart);
  return Math.exp(-0.5 * (distance / AROUND) ** 2);
}
