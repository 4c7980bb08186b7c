import { generalOut, volatileOut, wordsOnly } from "./levels.ts";
import { mixedCaseIdsOut } from "./mixed-case-ids.ts";
import { plainTitle } from "./plain-title.ts";
import type { Replaced } from "./rule.ts";

/**
 * Increased when the same title gets another name. Records are stored under names: `mrdata names --refile` then refiles
 * what the ledger knows under the new ones.
 */
export const NAMING_VERSION = 4;

/**
 * The names of an alarm, finest first: its title without volatile parts; the same without numbers, addresses and hosts;
 * words only. Each is derived from the one before, so that titles that are one alarm at a level are one at every
 * coarser level.
 */
export type Names = readonly [finest: string, general: string, words: string];

const MAX_NAME_LENGTH = 300;
/** PagerDuty cuts titles at 1,024 characters, but a webhook may have 256 KB: patterns take quadratic time. */
const MAX_TITLE_LENGTH = 2_048;

const cut = (text: string): string => [...text].slice(0, MAX_NAME_LENGTH).join("").trim();

/** The names of a title. Accepts any text; a title's names never change except with `NAMING_VERSION`. */
export function namesOf(title: string): Names {
  const known = namesByTitle.get(title);
  if (known !== undefined) return known;
  const names = namesFrom(title);
  if (namesByTitle.size >= MAX_KNOWN) namesByTitle.clear();
  if (title.length <= MAX_TITLE_LENGTH) namesByTitle.set(title, names);
  return names;
}

/** A title as names are derived from it: in one width and case, with single spaces. */
export const readTitle = (title: string): string => plainTitle(title.slice(0, MAX_TITLE_LENGTH)).trim();

const ignoreReplaced = (): void => {};

function namesFrom(title: string, onReplaced: readonly ((one: Replaced) => void)[] = []): Names {
  const read = mixedCaseIdsOut(title.slice(0, MAX_TITLE_LENGTH), onReplaced[0] ?? ignoreReplaced);
  const finest = cut(volatileOut(readTitle(read), onReplaced[0]));
  const general = cut(generalOut(finest, onReplaced[1]));
  return [finest, general, wordsOnly(general)];
}

/** A cache: titles recur, and naming one takes longer than a lookup. */
const namesByTitle = new Map<string, Names>();
const MAX_KNOWN = 50_000;

/** What each level removes from a title, and why, in order. */
export function reasonsForNames(title: string): {
  readonly names: Names;
  readonly replaced: readonly [finest: readonly Replaced[], general: readonly Replaced[]];
} {
  const finest: Replaced[] = [];
  const general: Replaced[] = [];
  const names = namesFrom(title, [(one) => finest.push(one), (one) => general.push(one)]);
  return { names, replaced: [finest, general] };
}
