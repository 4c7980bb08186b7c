import { NAMING_VERSION, partsOf, type TitleParts } from "@mrdata/incident";
import { knownWordKind } from "./known-words.ts";
import { type LearntNames, nameWithout, wordsOfName } from "./learnt-names.ts";

/** Few values: at most this many, which recur, and have nearly all of the outcomes. */
const MAX_KEPT_VALUES = 12;
const MIN_OUTCOMES = 3;
const MOSTLY = 0.9;
/** Many values. */
const MIN_VOLATILE_VALUES = 10;
const MIN_VOLATILE_OUTCOMES = 30;
/** The minimum number of other words with letters in a name that loses a word. */
const MIN_WORDS_LEFT = 2;
/** The number of standard deviations of chance from which values certainly differ. */
const SURELY = 3;

/** Bounds of what is examined per service, in order of arrival, and of what a version stores. */
const MAX_NAMES = 5_000;
const MAX_WORDS = 24;
const MAX_VALUES = 200;
const MAX_LEARNT = 2_000;

type Counts = { outcomes: number; selfResolved: number };
/** An incident whose outcome is known; `label` 1: it resolved itself within the window. */
export type NamedOutcome = { readonly service: string; readonly title: string; readonly label: 0 | 1 };

export type LearnOptions = {
  /** Maximum number of names examined per service. */
  readonly maxNames?: number;
  /** Parses a title; for repeated use it may cache. */
  readonly read?: (title: string) => TitleParts;
};

/**
 * By how many standard deviations of chance the rates of values differ: the sum of squared differences is chi-squared.
 */
function surelyDiffer(values: readonly Counts[]): number {
  const { outcomes, selfResolved } = values.reduce(sumOf, { outcomes: 0, selfResolved: 0 });
  const rate = selfResolved / outcomes;
  const chance = rate * (1 - rate);
  if (chance === 0 || values.length < 2) return 0;
  const beyond = values.reduce(
    (sum, one) => sum + (one.outcomes * (one.selfResolved / one.outcomes - rate) ** 2) / chance - 1,
    0,
  );
  return beyond / Math.sqrt(2 * values.length);
}

const sumOf = (a: Counts, b: Counts): Counts => ({
  outcomes: a.outcomes + b.outcomes,
  selfResolved: a.selfResolved + b.selfResolved,
});

function count(into: Map<string, Counts>, key: string, { outcomes, selfResolved }: Counts): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, { outcomes, selfResolved });
  else {
    known.outcomes += outcomes;
    known.selfResolved += selfResolved;
  }
}

/**
 * Learns which part listed as volatile predicts outcomes and so belongs to a name ("over 80 %", "over 95 %"), and which
 * word takes many values with the same outcomes and so does not (a customer's name). A template is the common part of
 * names that differ in one word (after Drain, He et al., ICWS 2017, which takes every differing word for a variable
 * part; here outcomes decide). The same outcomes in the same order give the same result; memory is bounded per service.
 */
export function learnNames(
  outcomes: Iterable<NamedOutcome>,
  { maxNames = MAX_NAMES, read = partsOf }: LearnOptions = {},
): LearntNames {
  const services = new Map<string, Map<string, Counts>>();
  for (const { service, title, label } of outcomes) {
    const titles = services.get(service) ?? new Map<string, Counts>();
    services.set(service, titles);
    count(titles, title, { outcomes: 1, selfResolved: label });
  }
  const kept: LearntNames["kept"] = [];
  const volatile: LearntNames["volatile"] = [];
  for (const [service, titles] of services) {
    const names = new Map<string, Counts>();
    const parts = new Map<string, Map<string, Counts>[]>();
    for (const [title, counts] of titles) {
      const known = read(title);
      if (!names.has(known.name) && names.size >= maxNames) continue;
      count(names, known.name, counts);
      if (known.parts.length > 0) countParts(parts, known, counts);
    }
    for (const [name, places] of parts) {
      const found = keptPlace(places);
      if (found !== null) kept.push({ service, name, ...found });
    }
    for (const one of volatileWords(names)) volatile.push({ service, ...one });
  }
  return {
    naming: NAMING_VERSION,
    kept: mostSeen(kept, ({ values }) => values.reduce(sumOf, { outcomes: 0, selfResolved: 0 }).outcomes),
    volatile: mostSeen(volatile, (one) => one.outcomes),
  };
}

const mostSeen = <One extends { readonly service: string; readonly name: string }>(
  all: readonly One[],
  seen: (one: One) => number,
): One[] =>
  all
    .toSorted((a, b) => seen(b) - seen(a) || (`${a.service}\n${a.name}` < `${b.service}\n${b.name}` ? -1 : 1))
    .slice(0, MAX_LEARNT);

/**
 * What is removed from a title, by name and place. Beyond `MAX_VALUES` it no longer has few values, whatever follows.
 */
function countParts(
  into: Map<string, Map<string, Counts>[]>,
  { name, parts }: TitleParts,
  counts: Counts,
): void {
  const places = into.get(name) ?? parts.map(() => new Map<string, Counts>());
  into.set(name, places);
  for (const [place, part] of parts.entries()) {
    const values = places[place];
    if (values !== undefined && (values.has(part) || values.size < MAX_VALUES)) count(values, part, counts);
  }
}

/** The placeholder of a name whose few values differ most in their outcomes; null where none do. */
function keptPlace(places: readonly ReadonlyMap<string, Counts>[]) {
  const differing = places.flatMap((values, place) => {
    const often = [...values].filter(([, { outcomes }]) => outcomes >= MIN_OUTCOMES);
    if (often.length < 2 || often.length > MAX_KEPT_VALUES) return [];
    const all = [...values.values()].reduce(sumOf, { outcomes: 0, selfResolved: 0 });
    const theirs = often.map(([, counts]) => counts);
    const covered = theirs.reduce(sumOf, { outcomes: 0, selfResolved: 0 }).outcomes;
    const surely = surelyDiffer(theirs);
    if (covered < MOSTLY * all.outcomes || surely < SURELY) return [];
    const frequent = often
      .map(([value, counts]) => ({ value, ...counts }))
      .sort((a, b) => (a.value < b.value ? -1 : 1));
    return [{ place, values: frequent, surely }];
  });
  const [best] = differing.toSorted((a, b) => b.surely - a.surely || a.place - b.place);
  return best === undefined ? null : { place: best.place, values: best.values };
}

/** Names without a word that takes many values which do not differ in their outcomes. */
function volatileWords(names: ReadonlyMap<string, Counts>): readonly (Counts & {
  readonly name: string;
  readonly values: number;
})[] {
  const templates = new Map<string, Counts[]>();
  for (const [name, counts] of names) {
    const words = wordsOfName(name);
    if (words.length > MAX_WORDS) continue;
    const kinds = words.map(knownWordKind);
    const worded = kinds.filter(({ isWorded }) => isWorded).length;
    for (const [place, { hasLetter, isGuarded, isWorded }] of kinds.entries()) {
      if (!hasLetter || isGuarded || worded - (isWorded ? 1 : 0) < MIN_WORDS_LEFT) continue;
      const template = nameWithout(words, place);
      const known = templates.get(template);
      if (known === undefined) templates.set(template, [counts]);
      else known.push(counts);
    }
  }
  return [...templates].flatMap(([name, values]) => {
    if (values.length < MIN_VOLATILE_VALUES) return [];
    const all = values.reduce(sumOf, { outcomes: 0, selfResolved: 0 });
    return all.outcomes < MIN_VOLATILE_OUTCOMES || surelyDiffer(values) >= SURELY
      ? []
      : [{ name, values: values.length, ...all }];
  });
}
