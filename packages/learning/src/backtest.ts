import { type Calibration, calibrate, seedOf } from "@mrdata/forest";
import { comparePast, knownAt, type PastIncident, selfResolved, wasMerged } from "@mrdata/incident";
import {
  type CertificateRule,
  type CertifyingRow,
  usualCertificateRule,
  walkThresholds,
} from "./certificate.ts";
import {
  type Choice,
  chooseOnPast,
  type Predicted,
  saidOfPast,
  shareOf,
  temperaturesOn,
} from "./choose-on-past.ts";
import { chooseColumns, type DetailColumns } from "./detail-columns.ts";
import { historicalRates } from "./historical-rate.ts";
import type { LeftOutColumn } from "./leaks/leaks-among.ts";
import { type Learner, learners, ofEach } from "./learners.ts";
import { partsOfPast } from "./parts-of-past.ts";
import type { RefitAnswers, RefitJob } from "./refit.ts";
import { refitAll } from "./refit-all.ts";
import { type Replay, replayHistory } from "./replay.ts";
import { chooseThreshold, type Issued, type ThresholdRule, usualRule } from "./threshold.ts";
import { valueAt } from "./value-at.ts";

export type BacktestOptions = {
  /** The hold window, milliseconds. */
  readonly window: number;
  /** Blocks of the scored part, each predicted by models of its own. */
  readonly refits: number;
  readonly seed: number;
  readonly trees?: number;
  /** Threads that do the refits; 0 does them here. */
  readonly workers?: number;
  readonly rule?: ThresholdRule;
  /** True for a detail that is looked at although it seems to be known only afterwards. */
  readonly keeps?: (name: string) => boolean;
  /** What its certificates promise with which confidence; the rule's miss budget unless told, a tenth where that is no limit. */
  readonly certificate?: CertificateRule;
  readonly progress?: (sentence: string) => void;
};

export type ScoredIncident = {
  readonly incident: PastIncident;
  readonly probability: number;
  /** The alert type's own smoothed rate: the baseline. */
  readonly rate: number;
  readonly hold: boolean;
  /** What the baseline would have held, by the same rule. */
  readonly rateHold: boolean;
  /** What three ways to choose a threshold would have held, at one miss budget. */
  readonly holdBy: Readonly<Record<ThresholdWay, boolean>>;
  readonly label: 0 | 1;
};

/**
 * `certified`: what the certificate allows. `halfBudget`: past misses within half the budget. `point`: within the whole
 * of it. All three are right as often as the rule wants, too.
 */
export type ThresholdWay = "certified" | "halfBudget" | "point";

export type Backtest = {
  /** How many there were to learn from, merged ones left out. */
  readonly incidents: number;
  readonly merged: number;
  readonly scored: readonly ScoredIncident[];
  /** Of each refit: where its block begins, what it learnt from, how it was calibrated and where it held. */
  readonly refits: readonly {
    readonly from: string;
    readonly learntFrom: number;
    readonly learner: Learner;
    readonly calibration: Calibration;
    readonly threshold: number | null;
  }[];
  /** All predictions, those of the warm-up first: what a model for the future is calibrated by. */
  readonly past: readonly Predicted[];
  readonly details: DetailColumns;
  /** Details that are not looked at, and those that are although something speaks against them, with the reason. */
  readonly columnsLeftOut: readonly LeftOutColumn[];
  readonly columnsKept: readonly LeftOutColumn[];
  /** The features and labels that were learnt from, in order of opening. */
  readonly replay: Replay;
  readonly labels: Uint8Array;
};

/** Fewer incidents than this say nothing about a model. */
export const LEAST_INCIDENTS = 200;
const WARM_UP = 6;
/** A grown model learnt from so much at least of what is there before the first scored incident. */
const GROWN = 0.5;
/** The share of the history that is there before the first scored incident. */
const BEFORE = 0.6;
export const TREES = 100;

/**
 * A rolling-origin backtest: the last 40 % of the history is cut into blocks, and each is predicted by models that
 * learnt from everything whose outcome was known when the block began. Six more blocks before are predicted the same way
 * and not scored, so that there are past predictions to choose the learner, its calibration and the threshold on. Rejects
 * with RangeError for a history that is too short.
 */
export async function backtest(
  history: readonly PastIncident[],
  options: BacktestOptions,
): Promise<Backtest> {
  const { workers = 0, progress = () => {} } = options;
  const prepared = prepareBacktest(rowsOf(history, options), options);
  const answers = await refitAll(prepared.jobs, workers, (done, of) => progress(`refit ${done} of ${of}`));
  return scoreBacktest(prepared, answers, options);
}

/** The rows that a backtest learns from, and which details they are looked at by. */
export type BacktestRows = Pick<Backtest, "replay" | "details" | "merged" | "columnsLeftOut" | "columnsKept">;

/** What there is to do before a backtest has answers: one refit a block, in order. */
export type PreparedBacktest = BacktestRows & {
  readonly labels: Uint8Array;
  readonly jobs: readonly (RefitJob & { readonly scored: boolean })[];
};

/** Cuts the rows into blocks and says what is to be learnt for each. */
export function prepareBacktest(
  rows: BacktestRows,
  { window, refits, seed, trees = TREES }: Pick<BacktestOptions, "window" | "refits" | "seed" | "trees">,
): PreparedBacktest {
  const { incidents, columns } = rows.replay;
  const labels = labelsOf(incidents, window);
  const jobs = blocksOf(incidents, refits, window).map(({ k, ...block }) => ({
    ...block,
    columns,
    labels,
    seed: seedOf(seed, k + WARM_UP),
    trees,
    scored: k >= 0,
  }));
  return { ...rows, labels, jobs };
}

/** 1 for what resolved itself, in memory that threads may share. */
export function labelsOf(incidents: readonly PastIncident[], window: number): Uint8Array {
  const labels = new Uint8Array(new SharedArrayBuffer(incidents.length));
  for (const [i, incident] of incidents.entries()) labels[i] = selfResolved(incident, window) ? 1 : 0;
  return labels;
}

/** Scores the blocks by what each learner answered for them, in the order of the jobs. */
export function scoreBacktest(
  { jobs, labels, replay, merged, details, ...columnsBeside }: PreparedBacktest,
  answers: readonly RefitAnswers[],
  options: BacktestOptions,
): Backtest {
  const { window, rule = usualRule } = options;
  const certificateRule = certificateRuleOf(options);
  const { incidents, columns } = replay;
  const n = incidents.length;
  const past: Predicted[] = [];
  const scored: ScoredIncident[] = [];
  const done: Backtest["refits"][number][] = [];
  const rates = historicalRates(columns);
  for (const [place, { start, end, known, scored: isScored }] of jobs.entries()) {
    const moment = valueAt(incidents, start).createdAt;
    const told = past.filter(({ knownAt: at }) => at <= moment);
    const { choice, certifying, certificateRule: own } = choiceOf(told, known.length, certificateRule);
    const { learner, calibration } = choice;
    const thresholds = thresholdsOf(told, certifying, rule, own);
    const threshold = rule.missBudget < 1 ? thresholds.certified : chooseThreshold(told, rule);
    const rateRows = told.map(({ rate, label }) => ({ probability: rate, label }));
    const rateThreshold =
      rule.missBudget < 1
        ? thresholdsOf(rateRows, ratesOf(told, certificateRule), rule, certificateRule).certified
        : chooseThreshold(rateRows, rule);
    const temperatures = temperaturesOn(told);
    const usuals = temperaturesOn(told, shareOf(told));
    const share = shareOf(Array.from(known, (i) => ({ label: labels[i] === 1 ? 1 : 0 })));
    for (const [i, incident] of incidents.slice(start, end).entries()) {
      const label = labels[start + i] === 1 ? 1 : 0;
      const raw = ofEach((name) => valueAt(valueAt(answers, place)[name], i));
      const probability = calibrate(calibration, raw[learner]);
      const rate = valueAt(rates, start + i);
      past.push({
        probability,
        rate,
        share,
        label,
        raw,
        scaled: ofEach((name) => calibrate(temperatures[name], raw[name])),
        grown: start >= GROWN * BEFORE * incidents.length,
        aroundUsual: ofEach((name) => calibrate(usuals[name], raw[name])),
        knownAt: knownAt(incident, window),
        id: incident.id,
        openedAt: incident.createdAt,
      });
      if (!isScored) continue;
      const hold = threshold !== null && probability >= threshold;
      const rateHold = rateThreshold !== null && rate >= rateThreshold;
      const by = (way: ThresholdWay) => probability >= (thresholds[way] ?? Number.POSITIVE_INFINITY);
      const holdBy = { certified: by("certified"), halfBudget: by("halfBudget"), point: by("point") };
      scored.push({ incident, probability, rate, hold, rateHold, label, holdBy });
    }
    if (isScored)
      done.push({
        from: new Date(moment).toISOString(),
        learntFrom: known.length,
        learner,
        calibration,
        threshold,
      });
  }
  const beside = { columnsLeftOut: columnsBeside.columnsLeftOut, columnsKept: columnsBeside.columnsKept };
  return { incidents: n, merged, scored, refits: done, past, details, ...beside, replay, labels };
}

/** The rule of the certificates: told, or the usual one with the miss budget of the threshold's rule. */
export const certificateRuleOf = ({
  rule = usualRule,
  certificate,
}: Pick<BacktestOptions, "rule" | "certificate">): CertificateRule =>
  certificate ??
  (rule.missBudget < 1 ? { ...usualCertificateRule, budget: rule.missBudget } : usualCertificateRule);

/** Who predicts next, what it says of the rows that certify it, and with which delta these may. */
export type CertifiedChoice = {
  readonly choice: Choice;
  readonly certifying: readonly CertifyingRow[];
  readonly certificateRule: CertificateRule;
};

/**
 * The choice is made on all of the past. It is certified on rows that did not make it wherever the other rows alone choose
 * the same learner; a temperature changes no order, so it may be fitted on any. Where they would choose another, luck on
 * the certifying rows may have chosen: delta is then shared out among all learners that could have been (Bonferroni).
 */
export function choiceOf(
  told: readonly Predicted[],
  learntFrom: number,
  rule: CertificateRule,
): CertifiedChoice {
  const parts = partsOfPast(told, rule);
  const choice = chooseOnPast(told, learntFrom);
  const agreed = chooseOnPast(parts.choosing, learntFrom).learner === choice.learner;
  return {
    choice,
    certifying: saidOfPast(choice, parts.certifying),
    certificateRule: agreed ? rule : { ...rule, delta: rule.delta / learners.length },
  };
}

const DAY = 86_400_000;

/** What the alert type's own rate said of the last days of the past. Nobody chose it: all of them may certify. */
export function ratesOf(past: readonly Predicted[], { days }: CertificateRule): readonly CertifyingRow[] {
  const latest = past.reduce((last, { openedAt }) => Math.max(last, openedAt), Number.NEGATIVE_INFINITY);
  return past
    .filter(({ openedAt }) => openedAt >= latest - days * DAY)
    .map(({ id, openedAt, rate, label }) => ({ id, openedAt, probability: rate, label }));
}

/** The thresholds of the three ways, on predictions as they were issued. */
function thresholdsOf(
  issued: readonly Issued[],
  certifying: readonly CertifyingRow[],
  rule: ThresholdRule,
  certificate: CertificateRule,
): Readonly<Record<ThresholdWay, number | null>> {
  const { budget } = certificate;
  const { lowest } = walkThresholds(certifying, certificate);
  const within = (missBudget: number) => chooseThreshold(issued, { ...rule, missBudget });
  return {
    certified: lowest === null ? null : chooseThreshold(issued, { ...rule, missBudget: 1 }, lowest),
    halfBudget: within(budget / 2),
    point: within(budget),
  };
}

/** The rows to learn from. What was merged teaches the track records, as it does when it happens, and is no row. */
function rowsOf(
  history: readonly PastIncident[],
  { window, keeps, progress = () => {} }: Pick<BacktestOptions, "window" | "keeps" | "progress">,
) {
  const { merged, details, ...columnsBeside } = columnsFor(history, { window, ...(keeps && { keeps }) });
  progress(`reading the features of ${history.length} incidents`);
  const whole = replayHistory(history, window, details, (done, of) => {
    if (done % 25_000 === 0) progress(`features of ${done} of ${of} incidents`);
  });
  const replay = merged === 0 ? whole : without(whole, window);
  return { replay, details, merged, ...columnsBeside };
}

/**
 * Which details of a history are looked at, chosen on its first part alone. Throws RangeError for a history that is too
 * short.
 */
export function columnsFor(
  history: readonly PastIncident[],
  { window, keeps }: Pick<BacktestOptions, "window" | "keeps">,
): Omit<BacktestRows, "replay"> {
  const kept = history.filter((incident) => !wasMerged(incident, window));
  if (kept.length < LEAST_INCIDENTS)
    throw new RangeError(
      `the history has ${kept.length} incidents to learn from, and a backtest needs ${LEAST_INCIDENTS} at least`,
    );
  const sorted = kept.toSorted(comparePast);
  const start = Math.floor(BEFORE * kept.length);
  const moment = sorted[start]?.createdAt ?? 0;
  const first = sorted.slice(0, start).filter((incident) => knownAt(incident, window) <= moment);
  const { columns: details, leftOut, kept: columnsKept } = chooseColumns(first, window, keeps);
  return { details, merged: history.length - kept.length, columnsLeftOut: leftOut, columnsKept };
}

function without({ incidents, columns }: Replay, window: number): Replay {
  const rows = [...incidents.entries()].filter(([, incident]) => !wasMerged(incident, window));
  return {
    incidents: rows.map(([, incident]) => incident),
    columns: columns.map((column) => {
      const kept = new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * rows.length));
      for (const [place, [i]] of rows.entries()) kept[place] = column[i] ?? Number.NaN;
      return kept;
    }),
  };
}

/** Warm-up and scored blocks of equal size, and for each the rows whose label was known when it began. */
function blocksOf(incidents: readonly PastIncident[], refits: number, window: number) {
  const n = incidents.length;
  const first = Math.floor(BEFORE * n);
  const bound = (k: number) => Math.max(1, first + Math.round((k * (n - first)) / refits));
  const known = incidents.map((incident) => knownAt(incident, window));
  return Array.from({ length: WARM_UP + refits }, (_, i) => i - WARM_UP).flatMap((k) => {
    const [start, end] = [bound(k), bound(k + 1)];
    const moment = incidents[start]?.createdAt;
    if (end <= start || moment === undefined) return [];
    const rows = Int32Array.from(Array(start).keys()).filter((i) => (known[i] ?? moment + 1) <= moment);
    // What is scored is scored whatever was known; a warm-up that knew nothing says nothing of those that do.
    return rows.length === 0 && k < 0 ? [] : [{ k, start, end, known: rows }];
  });
}
