/** When people on call sleep: from 22:00 to 8:00 in the organisation's time zone. The only definition of night. */
const FROM_HOUR = 22;
const TO_HOUR = 8;
export const NIGHT_HOURS = `${FROM_HOUR}:00 to ${TO_HOUR}:00`;

/**
 * Returns a function that says whether a moment (milliseconds since the epoch) is in the night of a time zone (IANA
 * name). Throws RangeError for a zone that does not exist.
 *
 * @example
 * ```ts
 * isNightIn("Europe/Berlin")(Date.parse("2026-03-02T06:30:00Z")); // => true
 * isNightIn("Europe/Berlin")(Date.parse("2026-03-02T07:30:00Z")); // => false
 * ```
 */
export function isNightIn(timeZone: string): (at: number) => boolean {
  const hourOf = hoursIn(timeZone);
  return (at) => {
    const hour = hourOf(at);
    return hour >= FROM_HOUR || hour < TO_HOUR;
  };
}

function hoursIn(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone });
  // Formatting takes microseconds, and a simulated year calls this a million times.
  if (format.resolvedOptions().timeZone === "UTC") return (at) => new Date(at).getUTCHours();
  return (at) => Number(format.format(at));
}
