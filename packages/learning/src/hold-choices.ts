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

/** How sure one may want the bot to be: probabilities from which it would hold. */
export const SURENESSES: readonly number[] = [0.98, 0.95, 0.9, 0.85, 0.8, 0.7];

/** What a window would have come to at a sureness. Shares are of all past predictions, bounds of the real ones. */
export type HoldChoice = {
  readonly windowSeconds: number;
  readonly sureness: number;
  readonly held: number;
  readonly pagesSpared: number;
  readonly realDelayed: number;
  /** So many of the real ones are delayed at most, with the confidence of the certificate; null where there were none. */
  readonly upperBound: number | null;
  /** Whether a certificate for the miss budget stands behind it, and it was right as often as the rule wants. */
  readonly certified: boolean;
};

/** What would have to be otherwise for anything to be held; null where nothing of that kind is enough. */
export type HoldNeeds = {
  /** With a past that goes on as it was: so many more incidents within the days that a certificate counts. */
  readonly moreIncidents: number | null;
  readonly missBudget: number | null;
  /** Windows at which something is certified as it is, seconds. */
  readonly windowsSeconds: readonly number[];
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
  /** Past predictions that are counted, and how many of them were of incidents that needed a human. */
  readonly predictions: number;
  readonly real: number;
  readonly table: readonly HoldChoice[];
  readonly needs: HoldNeeds;
  /** What is shown below would be held from here on; null where nothing would be, whatever is given. */
  readonly from: number | null;
  /** The miss budget that `from` takes, where the one that is set is not enough. */
  readonly atMissBudget: number | null;
  /** The alarms of which most would have been held, ten at most. */
  readonly alarms: readonly HeldAlarm[];
  /** Every incident that would have been paged late, in order of opening. */
  readonly misses: readonly Pick<PastIncident, "id" | "service" | "title" | "createdAt">[];
};

/** What one window's past says: of each prediction, and of those that may certify. */
type Told = {
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
 * What a team may choose from, computed from past predictions alone: windows and surenesses beside each other, and what would
 * be needed to hold anything, each tried with the very rule that versions are certified by. `window`: the one that is worked
 * with, milliseconds. Each window has its share of delta, as in the table of windows.
 */
export function holdChoices(
  tried: readonly TriedWindow[],
  options: WindowTableOptions & { readonly window: number },
): HoldChoices {
  const told = tried.map((one) => toldOf(one, options, tried.length));
  const windowSeconds = options.window / 1000;
  const own = told.find((one) => one.windowSeconds === windowSeconds);
  const rows = tried.find(({ rows: { window } }) => window === options.window)?.rows;
  if (own === undefined || rows === undefined)
    throw new RangeError(`a window of ${windowSeconds} s is not among those that were tried`);
  // The window that is worked with was not chosen among several: it has the whole of delta.
  const asked = toldOf(tried.find((one) => one.rows === rows) ?? raise(), options, 1);
  const needs = needsOf(asked, told);
  const from = thresholdAt(asked, null) ?? thresholdAt(asked, needs.missBudget) ?? surestOf(asked);
  const byId = new Map(rows.incidents.map((incident) => [incident.id, incident]));
  const seen = asked.said.flatMap((row) => {
    const incident = byId.get(row.id);
    return incident === undefined
      ? []
      : [{ row, incident, isHeld: from !== null && row.probability >= from }];
  });
  return {
    windowSeconds,
    predictions: asked.said.length,
    real: asked.said.filter(({ label }) => label === 0).length,
    table: told.flatMap((one) => SURENESSES.map((sureness) => choiceAt(one, sureness))),
    needs,
    from,
    atMissBudget: thresholdAt(asked, null) === null ? needs.missBudget : null,
    alarms: [
      ...Map.groupBy(seen, ({ incident: { service, title } }) => `${service} ${wordsOf(title)}`).values(),
    ]
      .map(alarmOf)
      .filter(({ held }) => held > 0)
      .toSorted((a, b) => b.held - a.held || b.opened - a.opened)
      .slice(0, MAX_ALARMS),
    misses: seen
      .filter(({ row, isHeld }) => isHeld && row.label === 0)
      .map(({ incident: { id, service, title, createdAt } }) => ({ id, service, title, createdAt }))
      .toSorted((a, b) => a.createdAt - b.createdAt),
  };
}

function raise(): never {
  throw new RangeError("there is no such window");
}

/** Titles that differ in numbers alone are one alarm to people who look at a list. */
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

function toldOf(
  { rows, blocks, answers }: TriedWindow,
  { now, rule = usualRule, ...options }: WindowTableOptions,
  looks: number,
): Told {
  const wanted = certificateRuleOf({ ...options, rule });
  const shared: CertificateRule = { ...wanted, delta: wanted.delta / looks };
  const byCertificate = { ...rule, missBudget: shared.budget };
  const { past } = issuePredictions(rows, blocks, answers, { rule: byCertificate, certificate: shared });
  const known = past.filter((one) => one.knownAt <= now);
  const { choice, certifying, certificateRule } = choiceOf(known, rows.incidents.length, shared);
  return {
    windowSeconds: rows.window / 1000,
    said: outOfSamplePredictions(choice, known),
    certifying,
    rule: byCertificate,
    certificate: certificateRule,
  };
}

function choiceAt(
  { windowSeconds, said, certifying, rule, certificate }: Told,
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

/** Where something is held with the budget; the one of the rule for null. */
function thresholdAt(
  { said, certifying, rule, certificate }: Told,
  missBudget: number | null,
): number | null {
  const budget = missBudget ?? certificate.budget;
  return holdFrom(said, certifying, { ...rule, missBudget: budget }, { ...certificate, budget }).threshold;
}

/** The strictest sureness that holds anything to speak of: no promise, but something to look at. */
const surestOf = ({ said }: Told): number | null =>
  SURENESSES.find(
    (sureness) => said.filter(({ probability }) => probability >= sureness).length >= MIN_HELD,
  ) ?? null;

function needsOf(asked: Told, told: readonly Told[]): HoldNeeds {
  const { budget } = asked.certificate;
  const steps = Math.round((MAX_BUDGET - budget) / BUDGET_STEP);
  const budgets = Array.from({ length: Math.max(0, steps) }, (_, i) =>
    Number((budget + (i + 1) * BUDGET_STEP).toFixed(4)),
  );
  return {
    moreIncidents: moreOf(asked),
    missBudget: firstOf(budgets, (one) => thresholdAt(asked, one) !== null),
    windowsSeconds: told
      .filter((one) => thresholdAt(one, null) !== null)
      .map(({ windowSeconds }) => windowSeconds),
  };
}

function moreOf(asked: Told): number | null {
  const times = firstOf(TIMES, (one) => {
    const longer = { ...asked, said: repeated(asked.said, one), certifying: repeated(asked.certifying, one) };
    return thresholdAt(longer, null) !== null;
  });
  return times === null ? null : Math.round((times - 1) * asked.said.length);
}

/** The first that is enough, where whatever is more is enough, too; null where not even the last is. */
function firstOf(sorted: readonly number[], isEnough: (one: number) => boolean): number | null {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(sorted[middle] ?? Number.NaN)) high = middle;
    else low = middle + 1;
  }
  return sorted[low] ?? null;
}

/** The rows so many times over, and of what is left of a whole number every so many-th: a longer past of the same kind. */
function repeated(rows: readonly CertifyingRow[], times: number): readonly CertifyingRow[] {
  const whole = Math.floor(times);
  const rest = times - whole;
  const some = rows.filter((_, i) => Math.floor((i + 1) * rest) > Math.floor(i * rest));
  return [...Array.from({ length: whole }, () => rows).flat(), ...some];
}
