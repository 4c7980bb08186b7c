import { itemAt } from "@mrdata/base";
import { findIana } from "windows-iana";

/** A zone by a name in words: a fixed offset in minutes ahead of UTC, or a zone of IANA's database. */
export type NamedZone = { readonly minutes: number } | { readonly name: string };

/** What a zone's name in words may mean, from none to two. */
export type ZoneByWords = {
  /** As people and CLDR say it: `Pacific Standard Time` is eight hours behind, and no other. */
  readonly said: NamedZone | null;
  /** As Windows calls a zone all the year round: `Pacific Standard Time` is Los Angeles, in summer, too. */
  readonly windows: NamedZone | null;
};

const languages = ["en", "de", "fr"] as const;
/** In January and in July, which are a zone's two names. */
const moments = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)] as const;

const known = new Map<string, ReadonlyMap<string, number | null>>();

/** Long names of a language by their offset in minutes; null where zones of that name differ. */
function longNames(language: string): ReadonlyMap<string, number | null> {
  const before = known.get(language);
  if (before !== undefined) return before;
  const names = new Map<string, number | null>();
  for (const timeZone of Intl.supportedValuesOf("timeZone")) {
    const named = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "long" });
    for (const [i, minutes] of offsetsOf(timeZone).entries()) {
      const name = folded(zonePart(named, itemAt(moments, i)));
      names.set(name, (names.get(name) ?? minutes) === minutes ? minutes : null);
    }
  }
  known.set(language, names);
  return names;
}

const offsets = new Map<string, readonly number[]>();

/** Of a zone at the moments above, in minutes. */
function offsetsOf(timeZone: string): readonly number[] {
  const before = offsets.get(timeZone);
  if (before !== undefined) return before;
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const found = moments.map((at) => minutesIn(zonePart(format, at)));
  offsets.set(timeZone, found);
  return found;
}

const folded = (name: string): string => name.toLowerCase().replace(/[\s’']+/gu, " ");

function zonePart(format: Intl.DateTimeFormat, at: number): string {
  const part = format.formatToParts(at).find(({ type }) => type === "timeZoneName");
  if (part === undefined) throw new RangeError("this runtime names no time zones");
  return part.value;
}

/** `GMT`, `GMT+05:30` */
function minutesIn(offset: string): number {
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/u.exec(offset) ?? [];
  if (hours === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

/**
 * A zone's name in words, as browsers, Java and Windows write it: `Central European Summer Time`, `Mitteleuropäische
 * Normalzeit`, `W. Europe Standard Time`. Null for what is no such name.
 *
 * Names of people's are those of the runtime's CLDR, in English, German and French; Windows' are those of CLDR's table of
 * zones (package windows-iana). Windows has a word for a zone's summer time, too: `W. Europe Daylight Time`.
 */
export function zoneByWords(name: string): ZoneByWords | null {
  const said = saidZone(folded(name));
  const windows = windowsZone(name);
  return said === null && windows === null ? null : { said, windows };
}

function saidZone(name: string): NamedZone | null {
  for (const language of languages) {
    const minutes = longNames(language).get(name);
    if (minutes !== undefined) return minutes === null ? null : { minutes };
  }
  return null;
}

function windowsZone(name: string): NamedZone | null {
  const [zone] = findIana(name);
  if (zone !== undefined) return { name: zone };
  const [summer] = / Daylight Time$/u.test(name) ? findIana(name.replace("Daylight", "Standard")) : [];
  if (summer === undefined) return null;
  return { minutes: Math.max(...offsetsOf(summer)) };
}
