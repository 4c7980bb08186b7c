import { isNightIn } from "@mrdata/incident";

/** Formats milliseconds since the epoch in the reader's time zone. */
export type Times = {
  readonly timeZone: string;
  /** 03:14 */
  clock(at: number): string;
  /** Mon 2 Mar */
  day(at: number): string;
  /** Mon 2 Mar, 03:14 */
  moment(at: number): string;
};

/** Throws RangeError for a zone that does not exist. */
export function timesIn(timeZone: string): Times {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, ...options });
  const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = format({ weekday: "short", day: "numeric", month: "short" });
  const dayOf = (at: number) => day.format(at).replace(",", "");
  return {
    timeZone,
    clock: (at) => clock.format(at),
    day: dayOf,
    moment: (at) => `${dayOf(at)}, ${clock.format(at)}`,
  };
}

/** From (inclusive) and to (exclusive), milliseconds since the epoch. */
export type Period = { readonly from: number; readonly to: number };

const STEP_MS = 900_000;
const MAX_STEPS = 400;

/**
 * The current night (null by day) and the one before it, with a resolution of a quarter of an hour.
 *
 * @example
 * ```ts
 * const { current, last } = nightsBefore(Date.parse("2026-03-02T12:00:00Z"), "UTC");
 * current; // => null
 * new Date(last.from).toISOString(); // => "2026-03-01T22:00:00.000Z"
 * new Date(last.to).toISOString(); // => "2026-03-02T08:00:00.000Z"
 * ```
 */
export function nightsBefore(
  now: number,
  timeZone: string,
): { readonly current: Period | null; readonly last: Period } {
  const isNight = isNightIn(timeZone);
  const backWhile = (at: number, wanted: boolean): number => {
    let start = at;
    for (let i = 0; i < MAX_STEPS && isNight(start - STEP_MS) === wanted; i++) start -= STEP_MS;
    return start;
  };
  const quarter = Math.floor(now / STEP_MS) * STEP_MS;
  const begun = isNight(now) ? backWhile(quarter, true) : null;
  const to = backWhile(begun ?? quarter, false);
  return {
    current: begun === null ? null : { from: begun, to: now },
    last: { from: backWhile(to, true), to },
  };
}

/**
 * A short duration text.
 *
 * @example
 * ```ts
 * shortDuration(45); // => "45 s"
 * shortDuration(300); // => "5 min"
 * shortDuration(9_000); // => "2 h 30 min"
 * ```
 */
export function shortDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours < 48) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  return `${Math.round(hours / 24)} days`;
}
