import { outOfRange } from "@mrdata/base";
import { COUNTS, countSlots, type TrackRecordBuilder } from "@mrdata/incident";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The half-life of outcomes in the recent rates. */
const HALF_LIFE = 30 * DAY;
/** The standard deviation of the window around this hour of the day. */
const AROUND = 1 * HOUR;
/** Imagined outcomes that pull a rate towards its parent's while little is known. */
const PRIOR = 2;

/** The past of one subject at one moment: an alert type, a service, or a value of the details. */
export type SubjectFeatures = {
  /** log(1 + outcomes known so far). */
  readonly seen: number;
  readonly rateEver: number;
  readonly rateMonth: number;
  /** The rate around this time of the day. */
  readonly rateHour: number;
  /** Mean log seconds to closing; an open incident counts with at least its age. */
  readonly durationMonth: number;
  readonly durationHour: number;
  readonly opened1h: number;
  readonly opened24h: number;
  readonly opened7d: number;
  /** Open now. */
  readonly open: number;
  /** log(1 + seconds) since the last opening; NaN where there was none. */
  readonly sinceLast: number;
  /** Log seconds to closing of the last one closed; NaN where none was. */
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

const OPENED = countSlots.opened;
const CLOSED = countSlots.closed;
const SELF_RESOLVED = countSlots["self-resolved"];
const NEEDED_HUMAN = countSlots["needed-human"];
const UNKNOWN = countSlots.unknown;
const MERGED = countSlots.merged;
const TIMED_OUT = countSlots["timed-out"];
const LOG_SECONDS = countSlots["log-seconds"];

type Sums = { positive: number; decided: number; logSeconds: number; counted: number };
const none = (): Sums => ({ positive: 0, decided: 0, logSeconds: 0, counted: 0 });

/** The weight of what happened this many whole hours ago, for as long as records are kept. */
const decays = Float64Array.from({ length: 401 * 24 }, (_, hours) => 0.5 ** ((hours * HOUR) / HALF_LIFE));
/** A bell curve around the time of day, by distance in minutes, on the 24-hour circle. */
const bell = Float64Array.from({ length: 721 }, (_, minutes) =>
  Math.exp(-0.5 * ((minutes * MINUTE) / AROUND) ** 2),
);

/**
 * Reads the records of one subject, its shards together, as known at `at` (milliseconds). `parent` has the rates that
 * rates with few outcomes are pulled towards, by `prior` imagined outcomes: of the service for an alert type, .5 where
 * there is no parent.
 */
export function subjectFeatures(
  records: readonly TrackRecordBuilder[],
  at: number,
  parent: Pick<SubjectFeatures, "rateEver" | "rateMonth" | "durationMonth"> | null,
  prior = PRIOR,
): SubjectFeatures {
  const ever = none();
  const month = none();
  const hour = none();
  let open = 0;
  let last = Number.NEGATIVE_INFINITY;
  let lastClosed = Number.NEGATIVE_INFINITY;
  let lastDuration = Number.NaN;
  const opened = { hour: 0, day: 0, week: 0 };
  const minuteNow = Math.floor(at / MINUTE);
  for (const record of records) {
    for (const { width, indexes, counts, from, to } of record.segments())
      for (let i = from; i < to; i++) {
        const cell = i * COUNTS;
        const here = counts[cell + OPENED] ?? outOfRange();
        if (here === 0) continue;
        const start = (indexes[i] ?? outOfRange()) * width;
        const age = Math.max(0, at - start);
        if (age <= 7 * DAY) {
          opened.week += here;
          if (age <= DAY) opened.day += here;
          if (age <= HOUR) opened.hour += here;
        }
        if (start > last) last = start;
        const closed = counts[cell + CLOSED] ?? outOfRange();
        const thousandths = counts[cell + LOG_SECONDS] ?? outOfRange();
        open += here - closed;
        if (closed > 0 && start >= lastClosed) {
          lastClosed = start;
          lastDuration = thousandths / 1000 / closed;
        }
        const positive = counts[cell + SELF_RESOLVED] ?? outOfRange();
        const needed = counts[cell + NEEDED_HUMAN] ?? outOfRange();
        const others = (counts[cell + UNKNOWN] ?? outOfRange()) + (counts[cell + TIMED_OUT] ?? outOfRange());
        const merged = counts[cell + MERGED] ?? outOfRange();
        const isOver = start + width + record.window <= at;
        // A merged incident is neither; one without an outcome after its window needed a human.
        const decided = isOver ? here - merged : positive + needed + others;
        // An open incident counts with at least its age.
        const waiting = here - closed;
        const logSeconds =
          thousandths / 1000 +
          (waiting === 0 ? 0 : waiting * Math.log1p(Math.max(0, at - start - width / 2) / 1000));
        const weight = decays[Math.min(decays.length - 1, Math.floor(age / HOUR))] ?? outOfRange();
        ever.positive += positive;
        ever.decided += decided;
        month.positive += weight * positive;
        month.decided += weight * decided;
        month.logSeconds += weight * logSeconds;
        month.counted += weight * here;
        // A cell of a whole day does not know the hour.
        if (width > HOUR) continue;
        const apart = Math.abs(minuteNow - Math.floor((start + width / 2) / MINUTE)) % 1440;
        const near = weight * (bell[apart <= 720 ? apart : 1440 - apart] ?? outOfRange());
        hour.positive += near * positive;
        hour.decided += near * decided;
        hour.logSeconds += near * logSeconds;
        hour.counted += near * here;
      }
  }
  const rate = ({ positive, decided }: Sums, towards: number) =>
    (positive + prior * towards) / (decided + prior);
  const duration = ({ logSeconds, counted }: Sums, towards: number) =>
    (logSeconds + PRIOR * towards) / (counted + PRIOR);
  const rateMonth = rate(month, parent?.rateMonth ?? 0.5);
  const durationMonth = duration(month, parent?.durationMonth ?? USUAL);
  return {
    seen: Math.log1p(ever.decided),
    rateEver: rate(ever, parent?.rateEver ?? 0.5),
    rateMonth,
    rateHour: rate(hour, rateMonth),
    durationMonth,
    durationHour: duration(hour, durationMonth),
    opened1h: Math.log1p(opened.hour),
    opened24h: Math.log1p(opened.day),
    opened7d: Math.log1p(opened.week),
    open,
    sinceLast: last === Number.NEGATIVE_INFINITY ? Number.NaN : Math.log1p(Math.max(0, at - last) / 1000),
    lastDuration,
  };
}

/** Log seconds of twenty minutes: the default where nothing is known. */
const USUAL = Math.log1p(20 * 60);
