import { itemAt } from "@mrdata/base";
import { type ZoneByWords, zoneByWords } from "./zone-names.ts";

/** A parsed date: with its month, or two numbers whose order is not known. */
export type WrittenDate =
  | { readonly year: string; readonly month: number; readonly day: string }
  | { readonly year: string; readonly first: string; readonly mark: string; readonly second: string };

/** The zone of a time: an offset in minutes ahead of UTC, an IANA zone, a name in words, or an ambiguous abbreviation. */
export type WrittenZone =
  | { readonly minutes: number }
  | { readonly name: string }
  | ZoneByWords
  | { readonly isAmbiguous: true };

/** The parts of a time. `clock`: the time of day on a 24-hour clock. */
export type WrittenTime = {
  readonly date: WrittenDate;
  readonly clock: string;
  /** Whether it was written with AM or PM. */
  readonly isHalved: boolean;
  readonly zone: WrittenZone | null;
};

const languages = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "pl"] as const;
const folded = (word: string): string =>
  word
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();

/** The names of months and weekdays in the languages above. */
type Calendar = { readonly months: readonly ReadonlySet<string>[]; readonly weekdays: ReadonlySet<string> };
let calendar: Calendar | null = null;
function calendarNames(): Calendar {
  if (calendar !== null) return calendar;
  const months = Array.from({ length: 12 }, () => new Set<string>());
  const weekdays = new Set<string>();
  for (const language of languages)
    for (const style of ["long", "short"] as const) {
      const named = new Intl.DateTimeFormat(language, {
        timeZone: "UTC",
        day: "numeric",
        month: style,
        weekday: style,
      });
      for (let i = 0; i < 12; i++)
        for (const { type, value } of named.formatToParts(Date.UTC(2026, i, 1 + i))) {
          const word = folded(value).replace(/\.$/u, "");
          if (type === "month") months[i]?.add(word);
          else if (type === "weekday") weekdays.add(word);
        }
    }
  calendar = { months, weekdays };
  return calendar;
}

const MIN_LETTERS = 3;
/** The month (from 1) whose name starts with a word; null if there is none, or more than one (`jui`). */
function monthOf(word: string): number | null {
  const begun = folded(word);
  if (begun.length < MIN_LETTERS) return null;
  const { months } = calendarNames();
  const exact = months.flatMap((names, i) => (names.has(begun) ? [i + 1] : []));
  const found =
    exact.length > 0
      ? exact
      : months.flatMap((names, i) => ([...names].some((name) => name.startsWith(begun)) ? [i + 1] : []));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** RFC 2822 defines the North American abbreviations; the others are unambiguous in the IANA database. */
const hoursAhead: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 1,
  CET: 1,
  CEST: 2,
  MEZ: 1,
  MESZ: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  AKST: -9,
  AKDT: -8,
  HST: -10,
  JST: 9,
  KST: 9,
  SGT: 8,
  HKT: 8,
  AWST: 8,
  ACST: 9.5,
  ACDT: 10.5,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
};
/** India, Israel or Ireland; Britain or Bangladesh; Atlantic or Arabia. */
const ambiguous: ReadonlySet<string> = new Set(["IST", "BST", "AST"]);

const minutesOf = (offset: string): number => {
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d{1,2}):?(\d{2})?$/u.exec(offset) ?? [];
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
};

const clockEnds = String.raw`\d[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?`;
const offsetAtEnd = new RegExp(`^(.*${clockEnds}) ?(?:GMT|UTC)? ?([+-]\\d{1,2}(?::?\\d{2})?)$`, "iu");
const ianaName = /^[A-Z][A-Za-z_]+(?:\/[A-Z][\w+-]+){1,2}$/u;

function zoneByName(name: string): WrittenZone | null {
  if (ambiguous.has(name)) return { isAmbiguous: true };
  const hours = Object.hasOwn(hoursAhead, name) ? hoursAhead[name] : undefined;
  if (hours !== undefined) return { minutes: 60 * hours };
  if (ianaName.test(name)) return { name };
  return zoneWords.test(name) ? zoneByWords(name) : null;
}

/** `Eastern Daylight Time`, `W. Europe Standard Time`, `heure d’été d’Europe centrale`, `Mitteleuropäische Zeit`, `UTC-11` */
const zoneWords =
  /^(?:(?:\p{L}[\p{L}.]*[ .]){1,4}(?:Time|\p{L}*[Zz]eit)|heure (?:[\p{L}’'()-]+ ?){1,7}|UTC[+-]\d{2})$/u;
const wordsAtEnd =
  /^(.*?\d(?: ?[ap]\.?m\.?| ?uhr)?),? ((?:[A-Z][\p{L}.-]* ?){2,5}|[A-Z]\p{L}+ \p{L}*[Zz]eit|heure [\p{L}’' -]+)$/u;

/** Splits off the zone at the end of a time; null if it ends in an unknown word. */
function zoneOf(text: string): { readonly rest: string; readonly zone: WrittenZone | null } | null {
  // `GMT+0100 (Central European Standard Time)`, `+01:00[Europe/Berlin]`, `+0000 UTC`, `(UTC)`
  const [, before = text, name = ""] = /^(.*?) ?[[(]([^[\]()]*)[\])]$/u.exec(text) ?? [];
  const offset = offsetAtEnd.exec(before.replace(/(?<=[+-]\d{4}) [A-Z]{3,4}$/u, ""));
  if (offset !== null) return { rest: itemAt(offset, 1), zone: { minutes: minutesOf(itemAt(offset, 2)) } };
  if (name !== "") {
    const zone = zoneByName(name);
    return zone === null ? null : { rest: before, zone };
  }
  const [, beforeZone = "", words = ""] =
    wordsAtEnd.exec(text.replace(/ [AP]M(?= )/u, (half) => half.toLowerCase())) ?? [];
  if (words !== "" && zoneWords.test(words)) {
    const zone = zoneByWords(words);
    return zone === null ? null : { rest: beforeZone, zone };
  }
  const [, rest = "", last = ""] =
    /^(.*?\d(?: ?(?:[AaPp]\.?[Mm]\.?|[Uu]hr|h))?) ?([A-Z][A-Za-z_/+-]*)$/u.exec(text) ?? [];
  if (last === "" || /^[AP]M$/u.test(last) || /^Uhr$/u.test(last)) return { rest: text, zone: null };
  const zone = zoneByName(last);
  return zone === null ? null : { rest, zone };
}

const clockAtEnd =
  /^(.*?)(?:[ ,]+(?:at|um|à|a las|às|alle|kl\.?|om|@|-) |[ ,T]+)(\d{1,2})(?:[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)? ?(?:([ap])\.?m\.?)?(?: ?(?:uhr|h))?$/iu;

const yearFirst = /^(\d{4})([-/. ])(\d{1,2}|\p{L}+)\2(\d{1,2})$/u;
const dayFirst =
  /^(\d{1,2})(?:st|nd|rd|th|er|[º°.])?[ /-]*(?:de |of )?(\p{L}+)\.?[ /,-]*(?:de )?('?\d{2}|\d{4})$/iu;
const monthFirst = /^(\p{L}+)\.?[ -]*(\d{1,2})(?:st|nd|rd|th)?[ ,-]+(\d{4})$/iu;
const numbers = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/u;

const fullYear = (year: string): string => (year.length === 4 ? year : `20${year.replace("'", "")}`);

function dateOf(text: string): WrittenDate | null {
  const [, weekday = ""] = /^(\p{L}{2,})\.?,? /u.exec(text) ?? [];
  const date =
    weekday !== "" && monthOf(weekday) === null && calendarNames().weekdays.has(folded(weekday))
      ? text.slice(weekday.length).replace(/^\.?,? /u, "")
      : text;
  const compact = /^(\d{4})(\d{2})(\d{2})$/u.exec(date);
  if (compact !== null) {
    const [, year = "", month = "", day = ""] = compact;
    return { year, month: Number(month), day };
  }
  const written = yearFirst.exec(date);
  if (written !== null) {
    const [, year = "", , month = "", day = ""] = written;
    return named(year, month, day);
  }
  const plain = numbers.exec(date);
  if (plain !== null) {
    const [, first = "", mark = "", second = "", year = ""] = plain;
    return { year: fullYear(year), first, mark, second };
  }
  const dayMonthYear = dayFirst.exec(date);
  if (dayMonthYear !== null)
    return named(fullYear(itemAt(dayMonthYear, 3)), itemAt(dayMonthYear, 2), itemAt(dayMonthYear, 1));
  const monthDayYear = monthFirst.exec(date);
  return monthDayYear === null
    ? null
    : named(itemAt(monthDayYear, 3), itemAt(monthDayYear, 1), itemAt(monthDayYear, 2));
}

function named(year: string, month: string, day: string): WrittenDate | null {
  const number = /^\d/u.test(month) ? Number(month) : monthOf(month);
  return number === null ? null : { year, month: number, day };
}

/** The hour on a 24-hour clock; null if invalid. */
function hourOf(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  const isPm = half.toLowerCase() === "p";
  if (hour > 12) return isPm ? hour : null;
  return (hour % 12) + (isPm ? 12 : 0);
}

/** Pads to two digits. */
export const padTwo = (value: number | string): string => String(value).padStart(2, "0");

/**
 * Parses times in human-readable formats: `Nov 3, 2025 at 4:05 PM`, `Mon, 03 Nov 2025 16:05:00 GMT`, `3. November 2025 16:05`,
 * `Mon Nov 3 16:05:00 CET 2025`, `2025/11/03 16:05 Europe/Berlin`. Months and weekdays may be in eleven languages. Null for anything else.
 */
export function writtenTime(written: string): WrittenTime | null {
  const text = written
    .replace(/[\s\u00a0\u202f]+/gu, " ")
    .trim()
    // Java and `date` put the year last; some formats put the time of day first.
    .replace(/^(\p{L}+ \p{L}+ \d{1,2}) ([\d:]+)( \S+)? (\d{4})$/u, "$1 $4 $2$3")
    .replace(/^(\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)[ ,]+(?=.*\d{4}|\d+[/.]\d+[/.]\d+)([^:]+)$/iu, "$2 $1");
  const placed = zoneOf(text);
  if (placed === null) return null;
  const parts = clockAtEnd.exec(placed.rest);
  if (parts === null || (parts[3] === undefined && parts[6] === undefined)) {
    const date = dateOf(placed.rest);
    return date === null ? null : { date, clock: "00:00:00", isHalved: false, zone: placed.zone };
  }
  const [, before = "", hours = "", minutes = "00", seconds = "00", fraction = "0", half] = parts;
  const date = dateOf(before.replace(/,$/u, ""));
  const hour = hourOf(Number(hours), half);
  if (date === null || hour === null) return null;
  const clock = `${padTwo(hour)}:${minutes}:${seconds}.${fraction}`;
  return { date, clock, isHalved: half !== undefined, zone: placed.zone };
}
