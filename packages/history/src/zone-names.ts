import { itemAt } from "@mrdata/base";
import { findIana } from "windows-iana";

/** A zone named in words: a fixed offset in minutes ahead of UTC, or an IANA zone. */
export type NamedZone = { readonly minutes: number } | { readonly name: string };

/** The meanings of a zone's name in words: in common usage, and in Windows. */
export type ZoneByWords = {
  /** In common usage and CLDR: `Pacific Standard Time` is always eight hours behind UTC. */
  readonly common: NamedZone | null;
  /** In Windows, which uses one name all year: `Pacific Standard Time` is Los Angeles, also in summer. */
  readonly windows: NamedZone | null;
};

const languages = ["en", "de", "fr"] as const;
/** January and July, for a zone's two names. */
const moments = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)] as const;

const known = new Map<string, ReadonlyMap<string, number | null>>();

/** Offsets in minutes by the long zone names of a language; null if zones of that name differ. */
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

/** The offsets of a zone at the moments above, in minutes. */
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
 * Looks up a zone's name in words, as written by browsers, Java and Windows: `Central European Summer Time`, `Mitteleuropäische
 * Normalzeit`, `W. Europe Standard Time`. Null for an unknown name.
 *
 * Common names come from the runtime's CLDR data in English, German and French, Windows names from CLDR's table of zones (package
 * windows-iana). Windows also has names for summer time: `W. Europe Daylight Time`.
 */
export function zoneByWords(name: string): ZoneByWords | null {
  const common = commonZone(folded(name));
  const windows = windowsZone(name);
  return common === null && windows === null ? null : { common, windows };
}

function commonZone(name: string): NamedZone | null {
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
