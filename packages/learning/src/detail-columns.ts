import { outOfRange } from "@mrdata/base";
import {
  alertTypeOf,
  type Details,
  type EventDetails,
  type PastIncident,
  selfResolved,
} from "@mrdata/incident";
import { type LeftOutColumn, leaksAmong } from "./leaks/leaks-among.ts";
import { namesLearnt } from "./names/learnt-name-column.ts";
import { haveNamesApart } from "./names-apart.ts";
import { numberIn } from "./number-in.ts";

/**
 * Which of the details a data set has. `names`: whether the past of each level of the alarm's name is looked at, too;
 * `effects`: whether what each value says on any service is; `learnt`: whether the rate of its learnt name is;
 * `components`: of a version, what each component of titles that it looks at is about. Versions of earlier programs have none of these.
 */
export type DetailColumns = {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly names?: true | undefined;
  readonly effects?: true | undefined;
  readonly learnt?: true | undefined;
  readonly components?: readonly string[] | undefined;
};

/** A text that takes more values than this share of the rows names each incident, and says nothing of its kind. */
const MAX_VALUES = 0.5;
/** Numbers with no more values than this are a code, and have a past as texts have. */
const MAX_CODES = 50;
/** So are numbers of more values, each of which comes so often, if outcomes differ between them: the number of a machine. */
const CODE_COMES = 5;
/** By how many standard deviations of chance. */
const SURELY = 3;
/** A detail that is a number in this share of its rows, with more values than a code has, is one; the rest is missing there. */
const MOSTLY = 0.8;
/** Each text brings features of its own: those that tell outcomes apart best are kept. */
const MAX_TEXTS = 10;
/**
 * With more texts than this, each brings its rate and how often it was seen alone, for a forest drowns in the rest; and
 * what values say on any service is added up, for on one service alone each came too seldom.
 */
export const MANY_TEXTS = 5;
const MAX_NUMBERS = 40;

/** What is seen of a detail: `numbers` by type, `numeric` also by how a text is written. */
type Known = { readonly values: Set<string>; numbers: number; numeric: number; rows: number };

/** The details that a data set has, and those that it leaves out, with the reason. */
export type ChosenColumns = {
  readonly columns: DetailColumns;
  readonly leftOut: readonly LeftOutColumn[];
  /** Those that stayed although something speaks against them. */
  readonly kept: readonly LeftOutColumn[];
};

/** The details of a history that features are made of: `chooseColumns` without what was left out. */
export const detailColumns = (history: readonly PastIncident[], window: number): DetailColumns =>
  chooseColumns(history, window).columns;

/**
 * Which details of a history are numbers and which are texts with values that come again. A few texts among measured
 * numbers ("n/a", "timeout") make it no text: it is both if its values come again. What is but another name of the alert
 * type is left out. So is, with the reason, what tells how incidents ended, by its name or whatever its name by what it
 * does, and a number that goes with how long they lasted: it was written when they were over. `window` in milliseconds.
 * @param keeps True for a column that stays whatever speaks against it.
 */
export function chooseColumns(
  history: readonly PastIncident[],
  window: number,
  keeps: (name: string) => boolean = () => false,
): ChosenColumns {
  const against = leaksAmong(history, window);
  const leaks = against.filter(({ name }) => !keeps(name));
  const kept = against.filter(({ name }) => keeps(name));
  const left = new Set(leaks.map(({ name }) => name));
  const late: LeftOutColumn[] = [];
  const known = new Map<string, Known>();
  for (const { details } of history)
    for (const [name, value] of Object.entries(details)) {
      if (left.has(name)) continue;
      const one = known.get(name) ?? { values: new Set<string>(), numbers: 0, numeric: 0, rows: 0 };
      known.set(name, one);
      one.rows++;
      if (typeof value === "number") one.numbers++;
      if (numberIn(value) !== null) one.numeric++;
      // Past these it is no code and no text that comes again.
      if (one.values.size <= Math.max(MAX_CODES, MAX_VALUES * history.length)) one.values.add(String(value));
    }
  const isNumber = ({ values, numbers, numeric, rows }: Known): boolean =>
    numbers === rows || (numeric >= MOSTLY * rows && values.size > MAX_CODES);
  const names = [...known]
    .filter(([name, one]) => {
      const isLate = isNumber(one) && !keeps(name) && tellsDuration(name, history);
      if (isLate) late.push({ name, reason: "it goes with how long incidents lasted" });
      return !isLate;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = names
    .filter(([, { values, numbers, rows }]) =>
      numbers === rows
        ? values.size > 1 && values.size <= Math.max(MAX_CODES, rows / CODE_COMES)
        : values.size <= MAX_VALUES * rows,
    )
    .filter(
      ([name, { values, numbers, rows }]) =>
        numbers < rows || values.size <= MAX_CODES || tellsApart(name, history, window).surely >= SURELY,
    )
    .map(([name]) => name)
    .filter((name) => !renames(name, history));
  const hasNamesApart = haveNamesApart(history);
  const columns: DetailColumns = {
    ...(hasNamesApart ? { names: true } : {}),
    ...(hasNamesApart || texts.length > MANY_TEXTS ? { effects: true } : {}),
    ...(teachNames(history, window) ? { learnt: true } : {}),
    numbers: names
      .filter(([, one]) => isNumber(one))
      .map(([name]) => name)
      .slice(0, MAX_NUMBERS),
    texts:
      texts.length <= MAX_TEXTS
        ? texts
        : texts
            .map((name) => ({ name, tells: tellsApart(name, history, window).tells }))
            .sort((a, b) => b.tells - a.tells || (a.name < b.name ? -1 : 1))
            .slice(0, MAX_TEXTS)
            .map(({ name }) => name)
            .sort(),
  };
  return { columns, leftOut: [...leaks, ...late], kept };
}

function teachNames(history: readonly PastIncident[], window: number): boolean {
  const { kept, volatile } = namesLearnt(history, { window, now: Number.POSITIVE_INFINITY });
  return kept.length + volatile.length > 0;
}

/** Of an incident's details those that the columns name. */
export function pickDetails(details: Details, { numbers, texts }: DetailColumns): EventDetails {
  const asNumbers: [string, number][] = [];
  for (const name of numbers) {
    const number = numberIn(details[name]);
    if (number !== null) asNumbers.push([name, number]);
  }
  const asTexts: [string, string | number][] = [];
  for (const name of texts) {
    const value = details[name];
    if (value !== undefined) asTexts.push([name, value]);
  }
  return { numbers: Object.fromEntries(asNumbers), texts: Object.fromEntries(asTexts) };
}

/** A number that stands in the order of the durations so nearly is one. Nothing that is known at the opening is near. */
const IS_DURATION = 0.95;
const ENOUGH_TO_TELL = 50;

/** True if a number's rank correlation with how long incidents lasted (Spearman 1904) is next to 1, or to -1. */
function tellsDuration(name: string, history: readonly PastIncident[]): boolean {
  const pairs = history.flatMap(({ details, createdAt, resolvedAt }): [number, number][] => {
    const value = numberIn(details[name]);
    return value !== null && resolvedAt !== null ? [[value, resolvedAt - createdAt]] : [];
  });
  if (pairs.length < ENOUGH_TO_TELL) return false;
  const [values, durations] = [ranksOf(pairs.map(([value]) => value)), ranksOf(pairs.map(([, one]) => one))];
  const middle = (pairs.length - 1) / 2;
  let both = 0;
  let ofValues = 0;
  let ofDurations = 0;
  for (const [i, rank] of values.entries()) {
    const other = (durations[i] ?? middle) - middle;
    both += (rank - middle) * other;
    ofValues += (rank - middle) ** 2;
    ofDurations += other ** 2;
  }
  return both * both >= IS_DURATION ** 2 * ofValues * ofDurations && ofValues > 0 && ofDurations > 0;
}

/** The place of each number in their order; equal ones share the middle of theirs. */
function ranksOf(numbers: readonly number[]): Float64Array {
  const order = Int32Array.from(numbers.keys()).sort(
    (a, b) => (numbers[a] ?? outOfRange()) - (numbers[b] ?? outOfRange()),
  );
  const ranks = new Float64Array(numbers.length);
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && numbers[order[end] ?? outOfRange()] === numbers[order[i] ?? outOfRange()])
      end++;
    for (let j = i; j < end; j++) ranks[order[j] ?? outOfRange()] = (i + end - 1) / 2;
    i = end;
  }
  return ranks;
}

/** True if a detail is but another name of the alert type: nearly every value goes with one alert type, and it with it. */
function renames(name: string, history: readonly PastIncident[]): boolean {
  const kinds = new Set<string>();
  const values = new Set<string>();
  const pairs = new Set<string>();
  for (const { service, title, details } of history) {
    const value = details[name];
    if (value === undefined) continue;
    const kind = alertTypeOf(service, title).key;
    kinds.add(kind);
    values.add(JSON.stringify([service, value]));
    pairs.add(JSON.stringify([kind, service, value]));
  }
  return pairs.size <= 1.1 * Math.min(kinds.size, values.size);
}

/**
 * How much the outcomes of a service differ between values of a detail, beyond what chance makes of so few; and how many
 * standard deviations that is from chance (the sum of squared differences is then as chi squared).
 */
function tellsApart(name: string, history: readonly PastIncident[], window: number) {
  const services = new Map<string, { rows: number; positive: number }>();
  const values = new Map<string, { readonly service: string; rows: number; positive: number }>();
  for (const incident of history) {
    const value = incident.details[name];
    if (value === undefined) continue;
    const positive = selfResolved(incident, window) ? 1 : 0;
    const of = services.get(incident.service) ?? { rows: 0, positive: 0 };
    services.set(incident.service, of);
    const key = JSON.stringify([incident.service, value]);
    const here = values.get(key) ?? { service: incident.service, rows: 0, positive: 0 };
    values.set(key, here);
    for (const counts of [of, here]) {
      counts.rows++;
      counts.positive += positive;
    }
  }
  let tells = 0;
  let beyond = 0;
  let compared = 0;
  for (const { service, rows, positive } of values.values()) {
    const all = services.get(service) ?? { rows: 1, positive: 0 };
    const rate = all.positive / all.rows;
    const chance = rate * (1 - rate);
    const difference = rows * (positive / rows - rate) ** 2;
    tells += Math.max(0, difference - chance);
    if (chance === 0) continue;
    beyond += difference / chance - 1;
    compared++;
  }
  return { tells, surely: compared === 0 ? 0 : beyond / Math.sqrt(2 * compared) };
}
