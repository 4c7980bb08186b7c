const units: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };
const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/iu;
const clock = /^(?:(\d+) ?d(?:ays?)?,? ?)?(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/iu;
const grouped = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u;
/** `180,5` and `1.234,5`; a comma followed by exactly three digits is a thousands separator. */
const withComma = /^(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$/u;
const worded =
  /^(?:\d+(?:\.\d+)? ?(?:days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?:,? (?:and )?|(?=\d)|$))+$/iu;

/**
 * Parses a duration as exports write it into seconds: a number, with or without thousands separators or a decimal
 * comma, `3m 20s`, `1 day, 2:03:04`, `0:03:20`, `PT3M20S`. Null for anything else; `3:20` may be minutes or hours, and
 * is neither.
 *
 * @example
 * ```ts
 * secondsIn("5,400"); // => 5400
 * secondsIn("5400,5"); // => 5400.5
 * secondsIn("1h 30m"); // => 5400
 * secondsIn("1:30:00"); // => 5400
 * secondsIn("PT1H30M"); // => 5400
 * secondsIn("1:30"); // => null
 * ```
 */
export function secondsIn(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?(?:e\+?\d{1,2})?$/iu.test(trimmed)) return Number(trimmed);
  if (grouped.test(trimmed)) return Number(trimmed.replaceAll(",", ""));
  if (withComma.test(trimmed)) return Number(trimmed.replaceAll(".", "").replace(",", "."));
  const parts =
    clock.exec(trimmed) ?? (trimmed.length > 1 && !/^PT?$/iu.test(trimmed) ? iso.exec(trimmed) : null);
  if (parts !== null) {
    const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = parts;
    return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  }
  if (!worded.test(trimmed)) return null;
  let sum = 0;
  for (const [, number = "0", unit = "s"] of trimmed.matchAll(/(\d+(?:\.\d+)?) ?([a-z])/giu))
    sum += Number(number) * (units[unit.toLowerCase()] ?? 1);
  return sum;
}
