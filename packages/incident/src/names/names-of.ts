import { generalOut, volatileOut, wordsOnly } from "./levels.ts";
import { mixedCaseIdsOut } from "./mixed-case-ids.ts";
import { plainTitle } from "./plain-title.ts";
import type { Replaced } from "./rule.ts";

/**
 * Goes up when the same title gets another name. Records are kept under names: `mrdata names --refile` then files what
 * the ledger knows under the new ones.
 */
export const NAMING_VERSION = 3;

/**
 * The names of an alarm, the finest first: its title with what is certainly volatile taken out; the same without numbers,
 * addresses and hosts; words only. Each is worked out of the one before, so that what is one alarm at a level is one at
 * every coarser level.
 */
export type Names = readonly [finest: string, general: string, words: string];

const MAX_NAME_LENGTH = 300;
/** PagerDuty cuts titles at 1,024 characters, but a webhook may have 256 KB: patterns take time with the square of it. */
const MAX_TITLE_LENGTH = 2_048;

const cut = (text: string): string => [...text].slice(0, MAX_NAME_LENGTH).join("").trim();

/** The names of a title. Any text will do; the same title has the same names for ever, but for `NAMING_VERSION`. */
export function namesOf(title: string): Names {
  const known = namesByTitle.get(title);
  if (known !== undefined) return known;
  const names = namesFrom(title);
  if (namesByTitle.size >= MAX_KNOWN) namesByTitle.clear();
  if (title.length <= MAX_TITLE_LENGTH) namesByTitle.set(title, names);
  return names;
}

/** A title as names are worked out of it: in one width and case, with single blanks. */
export const readTitle = (title: string): string => plainTitle(title.slice(0, MAX_TITLE_LENGTH)).trim();

const untold = (): void => {};

function namesFrom(title: string, told: readonly ((one: Replaced) => void)[] = []): Names {
  const read = mixedCaseIdsOut(title.slice(0, MAX_TITLE_LENGTH), told[0] ?? untold);
  const finest = cut(volatileOut(readTitle(read), told[0]));
  const general = cut(generalOut(finest, told[1]));
  return [finest, general, wordsOnly(general)];
}

/** The same titles come again, and to name one takes longer than to look it up. */
const namesByTitle = new Map<string, Names>();
const MAX_KNOWN = 50_000;

/** What each level takes out of a title, and why, in the order in which it was done. */
export function reasonsForNames(title: string): {
  readonly names: Names;
  readonly replaced: readonly [finest: readonly Replaced[], general: readonly Replaced[]];
} {
  const finest: Replaced[] = [];
  const general: Replaced[] = [];
  const names = namesFrom(title, [(one) => finest.push(one), (one) => general.push(one)]);
  return { names, replaced: [finest, general] };
}
