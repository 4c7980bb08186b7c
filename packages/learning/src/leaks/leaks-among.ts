import { itemAt, outOfRange } from "@mrdata/base";
import { alertTypeOf, type PastIncident, selfResolved, wasMerged } from "@mrdata/incident";
import { isKnownAfterwards } from "../known-afterwards.ts";
import { numberIn } from "../number-in.ts";
import { aucOfCodes, type Codes, codesOf, joined, quantileCodes } from "./codes.ts";
import { emptyWhileOpen } from "./empty-while-open.ts";
import { momentsOfTheEnd } from "./moments-of-the-end.ts";
import { pureShare } from "./pure-values.ts";
import { threeTogether } from "./three-together.ts";

/** A column that is not used, and why: the second half of a sentence, "it …". */
export type LeftOutColumn = { readonly name: string; readonly reason: string };

/**
 * A column that predicts an outcome this well is a leak (area under the ROC curve from its values' past alone). A copy
 * of the outcome with one wrong value in twenty has .95; nothing known when an incident opens comes close.
 */
const DECIDES = 0.9;
/**
 * In combination with the service or the alert type: the share of what these leave open that it must explain as well.
 */
const OF_THE_REST = 0.5;
/** The minimum share of rows with values that occurred with one outcome only, although the alert types have both. */
const PURE = 0.1;
/** With fewer rows of either outcome nothing can be concluded. */
const MIN_OF_EACH = 10;
/** Enough rows to decide; from a longer history they are taken evenly. */
const MAX_ROWS = 20_000;

/**
 * The details of a history that reveal how incidents ended, by name, or whatever the name, by their values. O(columns ·
 * rows), over at most 20,000 rows. `windowMs` in milliseconds.
 */
export function leaksAmong(history: readonly PastIncident[], windowMs: number): readonly LeftOutColumn[] {
  const named = namesIn(history);
  const suspects = named.filter(hasSuspectName);
  const others = named.filter((name) => !hasSuspectName(name));
  const leaks = new Map(suspects.map((name) => [name, "it is only known afterwards, by its name"]));
  for (const name of emptyWhileOpen(history, others))
    leaks.set(name, "it is filled in for incidents that are over, and empty for those that are open");
  for (const name of momentsOfTheEnd(history, others))
    leaks.set(name, "it tells when an incident was closed");
  const isLookedAt = (name: string): boolean => !leaks.has(name);
  const tests = outcomeTests(history, windowMs, others.filter(isLookedAt));
  for (const name of others.filter(isLookedAt)) {
    const reason = tests?.reasonOf(name, isLookedAt) ?? null;
    if (reason !== null) leaks.set(name, reason);
  }
  for (;;) {
    const leak = tests?.threeAmong(others.filter(isLookedAt)) ?? null;
    if (leak === null) break;
    leaks.set(leak.name, leak.reason);
  }
  return [...leaks].map(([name, reason]) => ({ name, reason })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The last name of a path describes it (`alert.closed_by`), and so does every one before. */
const hasSuspectName = (name: string): boolean =>
  isKnownAfterwards(name) || name.split(".").some((part) => isKnownAfterwards(part));

function namesIn(history: readonly PastIncident[]): readonly string[] {
  const names = new Set<string>();
  for (const { details } of history) for (const name in details) names.add(name);
  return [...names];
}

/** An outcome as one bit, for the rows where it is known. */
type Outcome = { readonly what: string; readonly of: (incident: PastIncident) => boolean | null };

/** Everything that is only known afterwards: a column that determines one of these is too late as well. */
const outcomesIn = (windowMs: number): readonly Outcome[] => [
  { what: "whether an incident resolved itself", of: (incident) => selfResolved(incident, windowMs) },
  {
    what: "whether the monitor or somebody else closed an incident",
    of: ({ resolvedAt, resolvedBy }) => (resolvedAt === null ? null : resolvedBy === "integration"),
  },
  {
    what: "whether an incident was over within the window",
    of: ({ createdAt, resolvedAt }) => resolvedAt !== null && resolvedAt - createdAt <= windowMs,
  },
  { what: "whether somebody acknowledged an incident", of: ({ acknowledgedAt }) => acknowledgedAt !== null },
];

type OutcomeTests = {
  /** Why a column cannot be known at the opening; null where nothing speaks against it. */
  reasonOf(name: string, isLookedAt: (beside: string) => boolean): string | null;
  /** A column that, together with two others, reveals what cannot be known at the opening; null where there is none. */
  threeAmong(names: readonly string[]): LeftOutColumn | null;
};

/** Tests of columns by their values; null where the outcomes of a history allow no conclusion. */
function outcomeTests(
  history: readonly PastIncident[],
  windowMs: number,
  names: readonly string[],
): OutcomeTests | null {
  const known = history.filter((incident) => !wasMerged(incident, windowMs));
  const step = Math.max(1, known.length / MAX_ROWS);
  const rows = Array.from(
    { length: Math.floor(known.length / step) },
    (_, i) => known[Math.floor(i * step)],
  ).filter((row) => row !== undefined);
  const outcomes = outcomesIn(windowMs).flatMap(({ what, of }) => {
    const labels = Int8Array.from(rows, (row) => {
      const label = of(row);
      return label === null ? -1 : label ? 1 : 0;
    });
    const each = [0, 1].map((one) => labels.reduce((count, label) => count + (label === one ? 1 : 0), 0));
    return Math.min(...each) < MIN_OF_EACH ? [] : [{ what, labels }];
  });
  const [first] = outcomes;
  if (first === undefined) return null;
  const types = codesOf(rows, typeReader());
  const services = codesOf(rows, ({ service }) => service);
  const groups = [services, types].map((codes) => ({
    codes,
    aucs: outcomes.map(({ labels }) => aucOfCodes(codes, labels)),
  }));

  const codesByName = new Map<string, Codes>();
  const valuesOf = (name: string): Codes => {
    const codes =
      codesByName.get(name) ??
      codesOf(rows, ({ details }) => (Object.hasOwn(details, name) ? (details[name] ?? null) : null));
    codesByName.set(name, codes);
    return codes;
  };
  /** What `read` makes of a column's values, per row. Each value is read once. */
  const readOf = <T>(name: string, read: (value: string | number | undefined) => T): readonly T[] => {
    const { codes } = valuesOf(name);
    const made = new Map<number, T>();
    for (const [i, code] of codes.entries()) {
      const details = rows[i]?.details ?? {};
      if (!made.has(code)) made.set(code, read(Object.hasOwn(details, name) ? details[name] : undefined));
    }
    return Array.from(codes, (code) => made.get(code) ?? outOfRange());
  };
  const numbersOf = (name: string) =>
    Float64Array.from(readOf(name, (value) => numberIn(value) ?? Number.NaN));
  const beside = besides(names, valuesOf, first.labels);

  const reasonOf: OutcomeTests["reasonOf"] = (name, isLookedAt) => {
    const values = valuesOf(name);
    if (values.count < 2 || isOfType(values, types)) return null;
    // Names of people and jobs are numerous, but their prefixes reveal the kind: "bot 17", "person 4".
    const read = readOf(name, (value) => ({ words: withoutDigits(value ?? null) }));
    const words = codesOf(read, (one) => one.words);
    const ways: readonly Codes[] = [values, words, quantileCodes(numbersOf(name))].filter(
      ({ count }, place) => count > 1 && (place !== 1 || count < values.count),
    );
    const inGroups = ways.map((way) => groups.map(({ codes }) => joined(codes, way)));
    for (const [k, { what, labels }] of outcomes.entries())
      for (const [place, way] of ways.entries()) {
        const alone = aucOfCodes(way, labels);
        if (alone >= DECIDES) return `it nearly decides ${what} (AUC ${alone.toFixed(3)} by itself)`;
        for (const [j, group] of groups.entries()) {
          const base = group.aucs[k] ?? outOfRange();
          const both = aucOfCodes(itemAt(itemAt(inGroups, place), j), labels);
          if (isTogether(both, base))
            return `it nearly decides ${what} (AUC ${both.toFixed(3)} with the ${group.codes === types ? "alert type" : "service"}, ${base.toFixed(3)} without it)`;
        }
      }
    const alone = aucOfCodes(values, first.labels);
    for (const { name: other, codes, auc } of beside) {
      if (other === name || !isLookedAt(other)) continue;
      const both = aucOfCodes(joined(codes, values), first.labels);
      const base = Math.max(auc, alone);
      if (isTogether(both, base))
        return `it nearly decides ${first.what} (AUC ${both.toFixed(3)} with ${other}, ${base.toFixed(3)} without it)`;
    }
    const pure = pureShare(values, types, first.labels);
    return pure >= PURE
      ? `values of it came with one outcome alone, in ${Math.round(100 * pure)} % of the incidents, where alerts of their kind had both`
      : null;
  };
  const threeAmong: OutcomeTests["threeAmong"] = (asked) => {
    const columns = asked.flatMap((name) => {
      const values = valuesOf(name);
      if (isOfType(values, types)) return [];
      const bins = values.count > FEW_VALUES ? quantileCodes(numbersOf(name), FEW_BINS) : null;
      return [{ name, values: bins !== null && bins.count > 1 ? bins : values }];
    });
    const three = threeTogether(columns, types, first.labels, isTogether);
    if (three === null) return null;
    const { name, beside: others, auc, base } = three;
    return {
      name,
      reason: `it nearly decides ${first.what} (AUC ${auc.toFixed(3)} with ${others.join(" and ")}, ${base.toFixed(3)} without it)`,
    };
  };
  return { reasonOf, threeAmong };
}

/** Whether columns together reveal what none of them does, and what a part of them leaves open. */
const isTogether = (auc: number, base: number): boolean =>
  auc >= DECIDES && 1 - auc <= OF_THE_REST * (1 - base) && auc - base > 1 - DECIDES;

/** The number of other low-cardinality details that a column is combined with. */
const MAX_BESIDE = 8;
const FEW_VALUES = 20;
/** The number of bins for numbers with many values in combinations of three columns. */
const FEW_BINS = 8;

/** The details with which a column may reveal what neither does alone. */
function besides(names: readonly string[], valuesOf: (name: string) => Codes, labels: Int8Array | undefined) {
  if (labels === undefined) return [];
  const found: { readonly name: string; readonly codes: Codes; readonly auc: number }[] = [];
  for (const name of names) {
    if (found.length === MAX_BESIDE) break;
    const codes = valuesOf(name);
    if (codes.count > 1 && codes.count <= FEW_VALUES)
      found.push({ name, codes, auc: aucOfCodes(codes, labels) });
  }
  return found;
}

const withoutDigits = <T>(value: T): T | string =>
  typeof value === "string" ? value.replaceAll(/\d+/gu, "0") : value;

/** A cache: titles recur, and reading one takes longer than a lookup. */
function typeReader(): (incident: PastIncident) => string {
  const known = new Map<string, string>();
  return ({ service, title }) => {
    const name = `${service}\n${title}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const { key } = alertTypeOf(service, title);
    known.set(name, key);
    return key;
  };
}

/** Alert types that occurred once show no rule. */
const OFTEN = 0.8;

/**
 * True where a column follows from the alert type, which is known at the opening: every alert type has one value of it.
 * Whatever it reveals of the outcome the title reveals, too.
 */
function isOfType(values: Codes, types: Codes): boolean {
  const seen = new Map<number, number>();
  const times = new Map<number, number>();
  for (let i = 0; i < types.codes.length; i++) {
    const [type, value] = [types.codes[i] ?? outOfRange(), values.codes[i] ?? outOfRange()];
    const before = seen.get(type);
    if (before === undefined) seen.set(type, value);
    else if (before !== value) return false;
    times.set(type, (times.get(type) ?? 0) + 1);
  }
  const often = [...times.values()].reduce((sum, count) => sum + (count > 4 ? count : 0), 0);
  return often >= OFTEN * types.codes.length;
}
