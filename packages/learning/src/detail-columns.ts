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
 * The details of a data set. `names`: whether the past of each level of the alarm's name is used; `effects`: whether
 * the effect of each value on any service is; `learnt`: whether the rate of its learnt name is; `components`: for a
 * version, what each component of titles that it uses is about. Versions of earlier programs have none of these.
 */
export type DetailColumns = {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly names?: true | undefined;
  readonly effects?: true | undefined;
  readonly learnt?: true | undefined;
  readonly components?: readonly string[] | undefined;
};

/** A text with more values than this share of the rows identifies incidents, and not kinds of them. */
const MAX_VALUES = 0.5;
/** A number with at most this many values is a code, with a past like a text's. */
const MAX_CODES = 50;
/** So is one with more values that each recur often, if outcomes differ between them: a machine's number. */
const CODE_COMES = 5;
/** In standard deviations of chance. */
const SURELY = 3;
/**
 * A detail that is a number in this share of its rows, with more values than a code, is numeric; the other rows count
 * as missing.
 */
const MOSTLY = 0.8;
/** Each text adds features of its own: only those that separate outcomes best are kept. */
const MAX_TEXTS = 10;
/**
 * With more texts than this, each contributes only its rate and how often it was seen, because a forest degrades with
 * more columns; and the values' effects across services are summed, because on one service each occurs too rarely.
 */
export const MANY_TEXTS = 5;
const MAX_NUMBERS = 40;

/** Statistics of a detail: `numbers` by type, `numeric` also counts numbers written as text. */
type Known = { readonly values: Set<string>; numbers: number; numeric: number; rows: number };

/** The details of a data set that are used, and those left out with the reason. */
export type ChosenColumns = {
  readonly columns: DetailColumns;
  readonly leftOut: readonly LeftOutColumn[];
  /** Details kept although something speaks against them. */
  readonly kept: readonly LeftOutColumn[];
};

/** The details of a history that become features: `chooseColumns` without those left out. */
export const detailColumns = (history: readonly PastIncident[], windowMs: number): DetailColumns =>
  chooseColumns(history, windowMs).columns;

/**
 * Decides which details of a history are numbers and which are texts with recurring values. A few texts among numbers
 * ("n/a", "timeout") do not make it a text: it is both if its values recur. A mere synonym of the alert type is left
 * out. So is, with the reason, a detail that reveals how incidents ended, by its name or by its values, and a number
 * that correlates with their duration: it was written when they were over. `windowMs` in milliseconds.
 * @param keeps True for a column that is kept whatever speaks against it.
 */
export function chooseColumns(
  history: readonly PastIncident[],
  windowMs: number,
  keeps: (name: string) => boolean = () => false,
): ChosenColumns {
  const against = leaksAmong(history, windowMs);
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
      // Beyond this it is neither a code nor a recurring text.
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
        numbers < rows || values.size <= MAX_CODES || tellsApart(name, history, windowMs).surely >= SURELY,
    )
    .map(([name]) => name)
    .filter((name) => !renames(name, history));
  const hasNamesApart = haveNamesApart(history);
  const columns: DetailColumns = {
    ...(hasNamesApart ? { names: true } : {}),
    ...(hasNamesApart || texts.length > MANY_TEXTS ? { effects: true } : {}),
    ...(teachNames(history, windowMs) ? { learnt: true } : {}),
    numbers: names
      .filter(([, one]) => isNumber(one))
      .map(([name]) => name)
      .slice(0, MAX_NUMBERS),
    texts:
      texts.length <= MAX_TEXTS
        ? texts
        : texts
            .map((name) => ({ name, tells: tellsApart(name, history, windowMs).tells }))
            .sort((a, b) => b.tells - a.tells || (a.name < b.name ? -1 : 1))
            .slice(0, MAX_TEXTS)
            .map(({ name }) => name)
            .sort(),
  };
  return { columns, leftOut: [...leaks, ...late], kept };
}

function teachNames(history: readonly PastIncident[], windowMs: number): boolean {
  const { kept, volatile } = namesLearnt(history, { windowMs, now: Number.POSITIVE_INFINITY });
  return kept.length + volatile.length > 0;
}

/** The incident's details that are among the columns. */
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

/** A number that orders incidents almost by duration is a duration. Nothing known at the opening comes close. */
const IS_DURATION = 0.95;
const ENOUGH_TO_TELL = 50;

/** True if a number's rank correlation with the incidents' duration (Spearman 1904) is close to 1 or -1. */
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

/** The rank of each number; ties share their average rank. */
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

/** True if a detail is a synonym of the alert type: nearly every value occurs with one alert type, and vice versa. */
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
 * How much a service's outcomes differ between the values of a detail, beyond what chance explains for so few; and how
 * many standard deviations from chance that is (the sum of squared differences is chi-squared under chance).
 */
function tellsApart(name: string, history: readonly PastIncident[], windowMs: number) {
  const services = new Map<string, { rows: number; positive: number }>();
  const values = new Map<string, { readonly service: string; rows: number; positive: number }>();
  for (const incident of history) {
    const value = incident.details[name];
    if (value === undefined) continue;
    const positive = selfResolved(incident, windowMs) ? 1 : 0;
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
