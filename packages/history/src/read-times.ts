import { timesReader } from "@mrdata/incident";
import { padTwo, type WrittenDate, type WrittenZone, writtenTime } from "./written-times.ts";
import type { NamedZone, ZoneByWords } from "./zone-names.ts";

/** Whether `3/4/2024` is 3 April (dmy) or March 4 (mdy). */
export const dateOrders = ["dmy", "mdy"] as const;
export type DateOrder = (typeof dateOrders)[number];

export type TimesOptions = {
  readonly timeZone: string;
  /** The order in dates with slashes or dashes; null if not known. */
  readonly dateOrder: DateOrder | null;
};

/** The possible meanings of a time, earliest first, and whether a date order is needed to decide. */
export type TimeMeaning = { readonly moments: readonly number[]; readonly takesOrder?: true };

const nothing: TimeMeaning = { moments: [] };
type Read = (text: string) => readonly number[];

/** Seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by the number of digits (2001 to 2286). */
const epoch = /^(?:\/Date\()?(\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](\d+))?(?:\)\/)?$/u;
const DIGITS_OF_SECONDS = 10;
/** `20251103160500`, with or without seconds. */
const compact = /^(20\d{2})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})?(Z)?$/u;
/** Spreadsheet serial dates: days since the end of 1899, for the years 2000 to 2100. */
const serial = /^(\d{5})[.,](\d{2,})$/u;
const SERIAL_OF_EPOCH = 25_569;
const [FIRST_SERIAL, LAST_SERIAL] = [36_526, 73_050];

/**
 * Parses times as exports write them: ISO 8601, numbers since the epoch, and the formats of browsers, mail, people and spreadsheets
 * (`writtenTime`). Dates with dots have the day first, those with AM or PM the month; with slashes or dashes the order is needed, unless one
 * of the numbers cannot be a month. A zone in the text takes precedence over `timeZone`; an ambiguous one (`IST`) is resolved by it.
 */
export function timeMeanings({ timeZone, dateOrder }: TimesOptions): (text: string) => TimeMeaning {
  const local = timesReader(timeZone);
  const readIn = zonesReader(local, timeZone);
  return (text) => {
    const plain = local(text);
    if (plain.length > 0) return { moments: plain };
    const trimmed = text.trim();
    const number = momentsOfNumber(trimmed, local);
    if (number !== null) return { moments: number };
    // Go appends the reading of its monotonic clock.
    const written = writtenTime(trimmed.replace(/ m=[+-][\d.]+$/u, ""));
    if (written === null) return nothing;
    const read = readIn(written.zone);
    if (read === null) return nothing;
    const date = datesIn(written.date, written.isHalved, dateOrder);
    return date === null ? { moments: [], takesOrder: true } : { moments: read(`${date}T${written.clock}`) };
  };
}

function momentsOfNumber(text: string, local: Read): readonly number[] | null {
  if (!/^[\d/]/u.test(text)) return null;
  const [, count = "", fraction = "0"] = epoch.exec(text) ?? [];
  if (count !== "")
    return [Math.floor(Number(`${count}.${fraction}`) * 10 ** (3 + DIGITS_OF_SECONDS - count.length))];
  const [, year, month, day, hour, minute, second = "00", utc = ""] = compact.exec(text) ?? [];
  if (year !== undefined) return local(`${year}-${month}-${day}T${hour}:${minute}:${second}${utc}`);
  const [, days = "", part = ""] = serial.exec(text) ?? [];
  if (days === "" || Number(days) < FIRST_SERIAL || Number(days) > LAST_SERIAL) return null;
  // Fractions of a day are inexact: round to whole seconds.
  const seconds = Math.round((Number(`${days}.${part}`) - SERIAL_OF_EPOCH) * 86_400);
  return local(new Date(1_000 * seconds).toISOString().slice(0, 19));
}

/** `2025-11-03`; null if the order is needed but not known. */
function datesIn(date: WrittenDate, isHalved: boolean, known: DateOrder | null): string | null {
  if ("month" in date) return `${date.year}-${padTwo(date.month)}-${padTwo(date.day)}`;
  const { first, second, mark, year } = date;
  const order = orderOf(first, second, mark, isHalved, known);
  if (order === null) return null;
  return order === "dmy"
    ? `${year}-${padTwo(second)}-${padTwo(first)}`
    : `${year}-${padTwo(first)}-${padTwo(second)}`;
}

function orderOf(
  first: string,
  second: string,
  mark: string,
  isHalved: boolean,
  known: DateOrder | null,
): DateOrder | null {
  if (mark === "." || Number(first) > 12) return "dmy";
  if (Number(second) > 12) return "mdy";
  return known ?? (isHalved ? "mdy" : null);
}

/** Readers of local times by zone; null for an unknown or ambiguous zone. */
function zonesReader(local: Read, timeZone: string): (zone: WrittenZone | null) => Read | null {
  const utc = timeZone === "UTC" ? local : timesReader();
  const byName = new Map<string, Read | null>();
  const readerByName = (name: string): Read | null => {
    const before = byName.get(name);
    if (before !== undefined) return before;
    const made = readerOrNull(name);
    byName.set(name, made);
    return made;
  };
  const atOffset =
    (minutes: number): Read =>
    (text) =>
      utc(text).map((at) => at - minutes * 60_000);
  const named = (zone: NamedZone | null): Read | null =>
    zone === null ? null : "name" in zone ? readerByName(zone.name) : atOffset(zone.minutes);
  /** If Windows and common usage mean different moments, `timeZone` decides; otherwise there is no result. */
  const byWords = ({ common, windows }: ZoneByWords): Read | null => {
    const [one, other] = [named(common), named(windows)];
    if (one === null || other === null) return one ?? other;
    return (text) => {
      const [usual, moments] = [one(text), other(text)];
      if (usual.every((at) => moments.includes(at))) return moments;
      return local(text).filter((at) => usual.includes(at) || moments.includes(at));
    };
  };
  return (zone) => {
    if (zone === null) return local;
    if ("isAmbiguous" in zone) return timeZone === "UTC" ? null : local;
    if ("name" in zone) return readerByName(zone.name);
    if ("minutes" in zone) return atOffset(zone.minutes);
    return byWords(zone);
  };
}

function readerOrNull(name: string): Read | null {
  try {
    return timesReader(name);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
