import { outOfRange } from "@mrdata/base";
import { comparePast, knownAt, type PastIncident, selfResolved, wasMerged } from "@mrdata/incident";
import { pickDetails } from "./detail-columns.ts";
import { type ValueEffects, valuesOf } from "./value-effects.ts";

/** The precision of the normal prior on each effect: an effect is expected within about half a log odd of none. */
const PRECISION = 4;
/** Rounds over all values: starting from an earlier fit, and from nothing. */
const ROUNDS_AGAIN = 3;
const ROUNDS = 12;
/** Minimum number of known outcomes at first, and the growth factor after which everything is fitted again. */
const LEAST = 50;
const GROWTH = 1.2;
/** A value seen less often than this carries next to no information, and is not stored with a version. */
const KEPT_FROM = 3;
/** Maximum number stored, the most frequent ones: a function holds them in memory beside its model. */
const MAX_KEPT = 50_000;

/** The values of each incident, numbered in order of first occurrence. */
type Coded = {
  readonly names: readonly string[];
  readonly values: readonly Int32Array[];
  readonly labels: Uint8Array;
  /** Indexes of labelled incidents in the order in which the labels became known, and when they did. */
  readonly known: Int32Array;
  readonly knownAt: Float64Array;
};

/** The state of a fit: the base and each value's effect. */
type Fit = { base: number; readonly effects: Float64Array };

function coded(incidents: readonly PastIncident[], windowMs: number, texts: readonly string[]): Coded {
  const numbers = new Map<string, number>();
  const numberOf = (value: string): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, numbers.size);
    return numbers.size - 1;
  };
  const numbersOf = ({ service, title, details }: PastIncident): Int32Array =>
    Int32Array.from(
      valuesOf({ service, title, texts: pickDetails(details, { numbers: [], texts }).texts }),
      numberOf,
    );
  const isMerged = incidents.map((incident) => wasMerged(incident, windowMs));
  // Merged incidents teach nothing: with or without them, values are fitted in the same order.
  for (const [i, incident] of incidents.entries()) if (isMerged[i] === false) numbersOf(incident);
  const values = incidents.map(numbersOf);
  const at = Float64Array.from(incidents, (incident) => knownAt(incident, windowMs));
  const known = Int32Array.from(isMerged.flatMap((merged, i) => (merged ? [] : [i]))).sort(
    (a, b) => (at[a] ?? outOfRange()) - (at[b] ?? outOfRange()) || a - b,
  );
  return {
    names: [...numbers.keys()],
    values,
    labels: Uint8Array.from(incidents, (incident) => (selfResolved(incident, windowMs) ? 1 : 0)),
    known,
    knownAt: Float64Array.from(known, (i) => at[i] ?? outOfRange()),
  };
}

function oddsOf(values: Int32Array | undefined, { base, effects }: Fit): number {
  let odds = base;
  for (const value of values ?? []) odds += effects[value] ?? outOfRange();
  return odds;
}

/** How many are known at `moment`; the moments are sorted. */
function knownBy(knownAt: Float64Array, moment: number): number {
  const after = knownAt.findIndex((at) => at > moment);
  return after === -1 ? knownAt.length : after;
}

/**
 * Logistic regression on the values with a normal prior on each effect, one Newton step per value in turn (Genkin,
 * Lewis and Madigan 2007, "Large-scale Bayesian logistic regression for text categorization"). Modifies `fit`.
 */
function fitOn({ values, labels, known }: Coded, count: number, fit: Fit, rounds: number): void {
  const rows = known.subarray(0, count);
  const { effects } = fit;
  const odds = Float64Array.from(rows, (i) => oddsOf(values[i], fit));
  const having = rowsOfValues(values, rows, effects.length);
  const all = Int32Array.from(rows.keys());
  const stepOn = (places: Int32Array, precision: number, effect: number): number => {
    let gradient = -precision * effect;
    let curvature = precision;
    for (const place of places) {
      const chance = 1 / (1 + Math.exp(-(odds[place] ?? outOfRange())));
      gradient += (labels[rows[place] ?? outOfRange()] ?? outOfRange()) - chance;
      curvature += chance * (1 - chance);
    }
    const step = gradient / curvature;
    for (const place of places) odds[place] = (odds[place] ?? outOfRange()) + step;
    return step;
  };
  for (let round = 0; round < rounds; round++) {
    // The base has a very weak prior, just enough to be defined for a past with one outcome.
    fit.base += stepOn(all, 0.1, fit.base);
    for (let value = 0; value < effects.length; value++) {
      const places = having[value];
      if (places !== undefined && places.length > 0)
        effects[value] =
          (effects[value] ?? outOfRange()) + stepOn(places, PRECISION, effects[value] ?? outOfRange());
    }
  }
}

/** By value: the places in `rows` of the incidents that have it. */
function rowsOfValues(
  values: readonly Int32Array[],
  rows: Int32Array,
  count: number,
): readonly (Int32Array | undefined)[] {
  const lists = Array.from({ length: count }, (): number[] => []);
  for (const [place, i] of rows.entries()) for (const value of values[i] ?? []) lists[value]?.push(place);
  return lists.map((list) => Int32Array.from(list));
}

/**
 * The sum of log odds of each incident's values when it opened, from what was known then: refitted whenever a fifth
 * more is known, like successive versions. NaN while next to nothing is known. `incidents` in order of opening,
 * `windowMs` in milliseconds.
 */
export function effectColumn(
  incidents: readonly PastIncident[],
  windowMs: number,
  texts: readonly string[],
): Float32Array {
  const code = coded(incidents, windowMs, texts);
  const fit: Fit = { base: 0, effects: new Float64Array(code.names.length) };
  let fitted = 0;
  let next = 0;
  return Float32Array.from(incidents, ({ createdAt }, i) => {
    while (next < code.known.length && (code.knownAt[next] ?? createdAt + 1) <= createdAt) next++;
    if (next >= Math.max(LEAST, fitted * GROWTH)) {
      fitOn(code, next, fit, ROUNDS_AGAIN);
      fitted = next;
    }
    if (fitted === 0) return Number.NaN;
    return oddsOf(code.values[i], fit);
  });
}

/** The effects that a version stores, from all that is known at `now`, milliseconds since the epoch. */
export function fitValueEffects(
  history: readonly PastIncident[],
  {
    windowMs,
    texts,
    now,
    mostKept = MAX_KEPT,
  }: {
    readonly windowMs: number;
    readonly texts: readonly string[];
    readonly now: number;
    readonly mostKept?: number;
  },
): ValueEffects {
  const code = coded(history.toSorted(comparePast), windowMs, texts);
  const count = knownBy(code.knownAt, now);
  const fit: Fit = { base: 0, effects: new Float64Array(code.names.length) };
  fitOn(code, count, fit, ROUNDS);
  const came = new Int32Array(code.names.length);
  for (const i of code.known.subarray(0, count))
    for (const value of code.values[i] ?? []) came[value] = (came[value] ?? outOfRange()) + 1;
  const kept = code.names
    .map((name, value) => ({
      name,
      came: came[value] ?? outOfRange(),
      effect: round(fit.effects[value] ?? outOfRange()),
    }))
    .filter((one) => one.came >= KEPT_FROM)
    .sort((a, b) => b.came - a.came || (a.name < b.name ? -1 : 1))
    .slice(0, mostKept);
  return {
    base: round(fit.base),
    effects: Object.fromEntries(kept.map(({ name, effect }) => [name, effect])),
  };
}

const round = (odds: number): number => Number(odds.toFixed(4));
