const written =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(z|utc|[+-]\d{2}(?::?\d{2})?)?\s*$/iu;

/**
 * Parses times as exports write them: ISO 8601 with `T` or a space, with or without seconds and offset. A time without
 * offset is in `timeZone` (IANA name; the machine's own must not matter); in the hour repeated when clocks go back it
 * is the earlier of the two. Returns milliseconds since the epoch, or null for anything that is no time. Throws
 * RangeError for a zone that does not exist.
 * @example
 * ```ts
 * timeReader("Europe/Berlin")("2026-03-02 07:30"); // => Date.parse("2026-03-02T06:30:00Z")
 * timeReader()("2026-03-02T07:30:00+01:00"); // => Date.parse("2026-03-02T06:30:00Z")
 * timeReader()("yesterday"); // => null
 * timeReader("Europe/Berlim"); // throws RangeError
 * ```
 */
export function timeReader(timeZone = "UTC"): (text: string) => number | null {
  const read = timesReader(timeZone);
  return (text) => read(text)[0] ?? null;
}

/**
 * The same, with every moment that a text may mean, earlier first: two in the hour repeated when clocks go back, none
 * for anything that is no time. A time in a skipped hour is read as if the clocks had not changed.
 * @example
 * ```ts
 * timesReader("Europe/Berlin")("2026-10-25 02:30").length; // => 2
 * timesReader("Europe/Berlin")("2026-10-24 02:30").length; // => 1
 * ```
 */
export function timesReader(timeZone = "UTC"): (text: string) => readonly number[] {
  const offsetAt = timeZone === "UTC" ? null : offsetsOf(timeZone);
  return (text) => {
    const parts = written.exec(text);
    if (parts === null) return [];
    const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset] = parts;
    const milliseconds = Number(fraction.padEnd(3, "0").slice(0, 3));
    const wall = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      milliseconds,
    );
    // Date.UTC carries over nonexistent dates: the 31st of February, the 25th hour.
    const there = new Date(wall);
    if (there.getUTCDate() !== Number(day) || there.getUTCMonth() !== Number(month) - 1) return [];
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return [];
    if (offset !== undefined) return [wall - minutesOf(offset) * 60_000];
    return offsetAt === null ? [wall] : momentsOf(wall, offsetAt);
  };
}

const DAY = 24 * 3_600_000;

/** The moments at which a zone's clocks show a time; `wall` is that time as if it were UTC. */
function momentsOf(wall: number, offsetAt: (at: number) => number): readonly number[] {
  const [before, after] = [offsetAt(wall - DAY), offsetAt(wall + DAY)];
  const moments = [...new Set([before, after])]
    .map((offset) => wall - offset)
    .filter((at) => offsetAt(at) === wall - at)
    .sort((a, b) => a - b);
  return moments.length === 0 ? [wall - before] : moments;
}

function minutesOf(offset: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset);
  if (parts === null) return 0;
  const [, sign, hours, minutes = "0"] = parts;
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

const QUARTER = 15 * 60_000;

/** A zone's offset from UTC, milliseconds; it changes on a quarter of an hour, so each quarter is computed once. */
function offsetsOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const known = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / QUARTER);
    const asked = known.get(quarter);
    if (asked !== undefined) return asked;
    const parts = Object.fromEntries(
      format.formatToParts(quarter * QUARTER).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute) - quarter * QUARTER;
    known.set(quarter, offset);
    return offset;
  };
}

/** The error for a text that should be a time and is none. */
export const notATime = (text: string): string =>
  text.trim() === "" ? "is missing" : `is no time: ${text.trim().slice(0, 40)}`;
