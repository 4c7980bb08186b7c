import { timesReader } from "@mrdata/incident";
import { two, type WrittenDate, type WrittenZone, writtenTime } from "./written-times.ts";
import type { NamedZone, ZoneByWords } from "./zone-names.ts";

/** Whether `3/4/2024` is the third of April or the fourth of March. */
export const dateOrders = ["dmy", "mdy"] as const;
export type DateOrder = (typeof dateOrders)[number];

export type TimesOptions = {
  readonly timeZone: string;
  /** Of dates between slashes or dashes; null where it is not known. */
  readonly dateOrder: DateOrder | null;
};

/** What a text may mean: the moments, the earlier first, and whether it takes a date order to say. */
export type TimeMeaning = { readonly moments: readonly number[]; readonly takesOrder?: true };

const nothing: TimeMeaning = { moments: [] };
type Read = (text: string) => readonly number[];

/** Since the epoch in seconds, milliseconds, microseconds or nanoseconds, by the digits: of 2001 to 2286. */
const epoch = /^(?:\/Date\()?(\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](\d+))?(?:\)\/)?$/u;
const DIGITS_OF_SECONDS = 10;
/** `20251103160500`, with or without seconds. */
const compact = /^(20\d{2})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})?(Z)?$/u;
/** What spreadsheets keep: days since the end of 1899, of the years 2000 to 2100. */
const serial = /^(\d{5})[.,](\d{2,})$/u;
const SERIAL_OF_EPOCH = 25_569;
const [FIRST_SERIAL, LAST_SERIAL] = [36_526, 73_050];

/**
 * Reads times as people's exports write them: ISO 8601, numbers since the epoch, and the ways of browsers, mail, people and
 * spreadsheets (`writtenTime`). Dates between dots have the day first, those with AM and PM the month; between slashes and
 * dashes it takes the order to say, unless one of the numbers is no month. A zone that is named with the time stands over
 * `timeZone`; a name of several (`IST`) is believed where `timeZone` says which.
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
    // Go writes how long its clock has been running.
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
  // Of a day in binary fractions whole seconds are what was meant.
  const seconds = Math.round((Number(`${days}.${part}`) - SERIAL_OF_EPOCH) * 86_400);
  return local(new Date(1_000 * seconds).toISOString().slice(0, 19));
}

/** `2025-11-03`; null where it takes an order to say. */
function datesIn(date: WrittenDate, isHalved: boolean, known: DateOrder | null): string | null {
  if ("month" in date) return `${date.year}-${two(date.month)}-${two(date.day)}`;
  const { first, second, mark, year } = date;
  const order = orderOf(first, second, mark, isHalved, known);
  if (order === null) return null;
  return order === "dmy" ? `${year}-${two(second)}-${two(first)}` : `${year}-${two(first)}-${two(second)}`;
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

/** Readers of wall clocks by zone; null for a zone that is not known, or is one of several. */
function zonesReader(local: Read, timeZone: string): (zone: WrittenZone | null) => Read | null {
  const utc = timeZone === "UTC" ? local : timesReader();
  const byName = new Map<string, Read | null>();
  const called = (name: string): Read | null => {
    const before = byName.get(name);
    if (before !== undefined) return before;
    const made = readerOrNull(name);
    byName.set(name, made);
    return made;
  };
  const ahead =
    (minutes: number): Read =>
    (text) =>
      utc(text).map((at) => at - minutes * 60_000);
  const named = (zone: NamedZone | null): Read | null =>
    zone === null ? null : "name" in zone ? called(zone.name) : ahead(zone.minutes);
  /** Where Windows means another moment than people do, `timeZone` tells; without it nobody knows. */
  const byWords = ({ said, windows }: ZoneByWords): Read | null => {
    const [one, other] = [named(said), named(windows)];
    if (one === null || other === null) return one ?? other;
    return (text) => {
      const [saids, moments] = [one(text), other(text)];
      if (saids.every((at) => moments.includes(at))) return moments;
      return local(text).filter((at) => saids.includes(at) || moments.includes(at));
    };
  };
  return (zone) => {
    if (zone === null) return local;
    if ("isAmbiguous" in zone) return timeZone === "UTC" ? null : local;
    if ("name" in zone) return called(zone.name);
    if ("minutes" in zone) return ahead(zone.minutes);
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
