import { itemAt } from "@mrdata/base";
import type { PastIncident } from "@mrdata/incident";
import { type CertificateRule, type CertifyingRow, countsAsReal, walkThresholds } from "./certificate.ts";
import { certificateRuleOf, choiceOf } from "./certified-choice.ts";
import { outOfSamplePredictions } from "./choose-on-past.ts";
import { upperBound } from "./clopper-pearson.ts";
import { holdFrom } from "./hold-from.ts";
import { issuePredictions } from "./issue-predictions.ts";
import { type ThresholdRule, usualRule } from "./threshold.ts";
import type { TriedWindow, WindowTableOptions } from "./window-table.ts";

/** Selectable confidence levels: probabilities from which the bot would hold. */
export const SURENESSES: readonly number[] = [0.98, 0.95, 0.9, 0.85, 0.8, 0.7];

/** The result of a window at a confidence level. Shares are of all past predictions, bounds of the real ones. */
export type HoldChoice = {
  readonly windowSeconds: number;
  readonly sureness: number;
  readonly held: number;
  readonly pagesSpared: number;
  readonly realDelayed: number;
  /** At most this share of the real ones is delayed, with the certificate's confidence; null where there were none. */
  readonly upperBound: number | null;
  /** Whether a certificate for the miss budget covers it, with the precision that the rule requires. */
  readonly certified: boolean;
};

/** The changes that would allow any hold; null where no change of that kind is enough. */
export type HoldNeeds = {
  /** If the past continues as it was: how many more incidents within the days that a certificate counts. */
  readonly moreIncidents: number | null;
  readonly missBudget: number | null;
  /** Windows for which something is already certified, seconds. */
  readonly windowsSeconds: readonly number[];
  /** The probability from which each of them would hold, in the same order. */
  readonly windowsFrom: readonly number[];
};

export type HeldAlarm = {
  readonly service: string;
  readonly title: string;
  readonly opened: number;
  readonly held: number;
  readonly late: number;
};

export type HoldChoices = {
  readonly windowSeconds: number;
  /** Number of past predictions counted, and how many of them were for incidents that needed a human. */
  readonly predictions: number;
  readonly real: number;
  readonly table: readonly HoldChoice[];
  readonly needs: HoldNeeds;
  /** The threshold for the results below; null where nothing would be held in any case. */
  readonly from: number | null;
  /** The miss budget that `from` requires, where the configured one is not enough. */
  readonly atMissBudget: number | null;
  /** The alarms held most often, at most ten. */
  readonly alarms: readonly HeldAlarm[];
  /** Every incident that would have been paged late, in order of opening. */
  readonly misses: readonly (Pick<PastIncident, "id" | "service" | "title" | "createdAt"> & {
    readonly serviceName: string | null;
  })[];
};

/** One window's past predictions, and those that may certify. */
type WindowPast = {
  readonly windowSeconds: number;
  readonly said: readonly CertifyingRow[];
  readonly certifying: readonly CertifyingRow[];
  readonly rule: ThresholdRule;
  readonly certificate: CertificateRule;
};

/** Budgets are tried in steps of this, and a longer past in steps of a tenth, up to twenty times as long. */
const BUDGET_STEP = 0.01;
const MAX_BUDGET = 0.5;
const TIMES = Array.from({ length: 32 }, (_, i) => 1.1 ** i);
const MAX_ALARMS = 10;
const MIN_HELD = 10;

/**
 * A team's choices, computed from past predictions alone: windows and confidence levels side by side, and what it would
 * take to hold anything, each evaluated with the rule by which versions are certified. `windowMs`: the current one,
 * milliseconds. Each window has its share of delta, as in the table of windows.
 */
export function holdChoices(
  tried: readonly TriedWindow[],
  options: WindowTableOptions & { readonly windowMs: number },
): HoldChoices {
  const windows = tried.map((one) => windowPastOf(one, options, tried.length));
  const windowSeconds = options.windowMs / 1000;
  const own = windows.find((one) => one.windowSeconds === windowSeconds);
  const rows = tried.find(({ rows: { windowMs } }) => windowMs === options.windowMs)?.rows;
  if (own === undefined || rows === undefined)
    throw new RangeError(`a window of ${windowSeconds} s is not among those that were tried`);
  // The current window was not chosen among several: it has all of delta.
  const current = windowPastOf(tried.find((one) => one.rows === rows) ?? raise(), options, 1);
  const needs = needsOf(current, windows);
  const from =
    thresholdAt(current, null) ?? thresholdAt(current, needs.missBudget) ?? strictestRelevant(current);
  const byId = new Map(rows.incidents.map((incident) => [incident.id, incident]));
  const seen = current.said.flatMap((row) => {
    const incident = byId.get(row.id);
    return incident === undefined
      ? []
      : [{ row, incident, isHeld: from !== null && row.probability >= from }];
  });
  return {
    windowSeconds,
    predictions: current.said.length,
    real: current.said.filter(({ label }) => label === 0).length,
    table: promisedOnly(
      windows.flatMap((one) => SURENESSES.map((sureness) => choiceAt(one, sureness))),
      needs.moreIncidents === 0 ? null : windowSeconds,
    ),
    needs,
    from,
    atMissBudget: thresholdAt(current, null) === null ? needs.missBudget : null,
    alarms: [
      ...Map.groupBy(seen, ({ incident: { service, title } }) => `${service} ${wordsOf(title)}`).values(),
    ]
      .map(alarmOf)
      .filter(({ held }) => held > 0)
      .toSorted((a, b) => b.held - a.held || b.opened - a.opened)
      .slice(0, MAX_ALARMS),
    misses: seen
      .filter(({ row, isHeld }) => isHeld && row.label === 0)
      .map(({ incident: { id, service, serviceName = null, title, createdAt } }) => ({
        id,
        service,
        serviceName,
        title,
        createdAt,
      }))
      .toSorted((a, b) => a.createdAt - b.createdAt),
  };
}

/**
 * With another share of delta other rows may certify, so that a window may be certified beside the others and not by itself. A version for
 * the current window is certified by itself: if it holds nothing (`holdsNothing`: that window, seconds, else null), no cell may promise it.
 */
export const promisedOnly = (
  table: readonly HoldChoice[],
  holdsNothing: number | null,
): readonly HoldChoice[] =>
  table.map((one) => (one.windowSeconds === holdsNothing ? { ...one, certified: false } : one));

function raise(): never {
  throw new RangeError("there is no such window");
}

/** Titles that differ only in numbers are one alarm to the reader of a list. */
const wordsOf = (title: string): string => title.replace(/\d+/g, "#");

const alarmOf = (
  group: readonly {
    readonly row: CertifyingRow;
    readonly incident: PastIncident;
    readonly isHeld: boolean;
  }[],
): HeldAlarm => ({
  service: itemAt(group, 0).incident.serviceName ?? itemAt(group, 0).incident.service,
  title: itemAt(group, -1).incident.title,
  opened: group.length,
  held: group.filter(({ isHeld }) => isHeld).length,
  late: group.filter(({ isHeld, row }) => isHeld && row.label === 0).length,
});

function windowPastOf(
  { rows, blocks, answers }: TriedWindow,
  { now, rule = usualRule, ...options }: WindowTableOptions,
  looks: number,
): WindowPast {
  const wanted = certificateRuleOf({ ...options, rule });
  const shared: CertificateRule = { ...wanted, delta: wanted.delta / looks };
  const byCertificate = { ...rule, missBudget: shared.budget };
  const { past } = issuePredictions(rows, blocks, answers, { rule: byCertificate, certificate: shared });
  const known = past.filter((one) => one.knownAt <= now);
  const { choice, certifying, certificateRule } = choiceOf(known, rows.incidents.length, shared);
  return {
    windowSeconds: rows.windowMs / 1000,
    said: outOfSamplePredictions(choice, known),
    certifying,
    rule: byCertificate,
    certificate: certificateRule,
  };
}

function choiceAt(
  { windowSeconds, said, certifying, rule, certificate }: WindowPast,
  sureness: number,
): HoldChoice {
  const held = said.filter(({ probability }) => probability >= sureness);
  const spared = held.filter(({ label }) => label === 1).length;
  const real = certifying.filter((row) => countsAsReal(row, sureness));
  const misses = real.filter(({ probability }) => probability >= sureness).length;
  const { lowest } = walkThresholds(certifying, certificate);
  const share = (count: number) => (said.length === 0 ? 0 : count / said.length);
  return {
    windowSeconds,
    sureness,
    held: held.length,
    pagesSpared: share(spared),
    realDelayed: share(held.length - spared),
    upperBound: real.length === 0 ? null : upperBound(misses, real.length, certificate.delta),
    certified:
      lowest !== null &&
      sureness >= lowest &&
      held.length >= rule.rows &&
      spared >= rule.precision * held.length,
  };
}

/** The threshold at which something is held with the budget; null means the rule's budget. */
function thresholdAt(
  { said, certifying, rule, certificate }: WindowPast,
  missBudget: number | null,
): number | null {
  const budget = missBudget ?? certificate.budget;
  return holdFrom(said, certifying, { ...rule, missBudget: budget }, { ...certificate, budget }).threshold;
}

/** The strictest confidence level that holds a relevant number: no promise, but an example to look at. */
const strictestRelevant = ({ said }: WindowPast): number | null =>
  SURENESSES.find(
    (sureness) => said.filter(({ probability }) => probability >= sureness).length >= MIN_HELD,
  ) ?? null;

function needsOf(current: WindowPast, windows: readonly WindowPast[]): HoldNeeds {
  const { budget } = current.certificate;
  const steps = Math.round((MAX_BUDGET - budget) / BUDGET_STEP);
  const budgets = Array.from({ length: Math.max(0, steps) }, (_, i) =>
    Number((budget + (i + 1) * BUDGET_STEP).toFixed(4)),
  );
  const held = windows.flatMap((one) => {
    const from = thresholdAt(one, null);
    return from === null ? [] : [{ windowSeconds: one.windowSeconds, from }];
  });
  return {
    moreIncidents: moreOf(current),
    missBudget: firstOf(budgets, (one) => thresholdAt(current, one) !== null),
    windowsSeconds: held.map(({ windowSeconds }) => windowSeconds),
    windowsFrom: held.map(({ from }) => from),
  };
}

function moreOf(current: WindowPast): number | null {
  const times = firstOf(TIMES, (one) => {
    const longer = {
      ...current,
      said: repeated(current.said, one),
      certifying: repeated(current.certifying, one),
    };
    return thresholdAt(longer, null) !== null;
  });
  return times === null ? null : Math.round((times - 1) * current.said.length);
}

/** The first that suffices, where anything larger suffices too; null where not even the last does. */
function firstOf(sorted: readonly number[], isEnough: (one: number) => boolean): number | null {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(sorted[middle] ?? Number.NaN)) high = middle;
    else low = middle + 1;
  }
  return sorted[low] ?? null;
}

/** Repeats the rows this many times, and for the fraction every n-th one: a longer past of the same kind. */
function repeated(rows: readonly CertifyingRow[], times: number): readonly CertifyingRow[] {
  const whole = Math.floor(times);
  const rest = times - whole;
  const some = rows.filter((_, i) => Math.floor((i + 1) * rest) > Math.floor(i * rest));
  return [...Array.from({ length: whole }, () => rows).flat(), ...some];
}
