import { type Calibration, calibrate, seedOf } from "@mrdata/forest";
import { comparePast, knownAt, type PastIncident, selfResolved, wasMerged } from "@mrdata/incident";
import { chooseOnPast, type Predicted, shareOf, temperaturesOn } from "./choose-on-past.ts";
import { chooseColumns, type DetailColumns } from "./detail-columns.ts";
import { featureTable } from "./feature-table.ts";
import type { LeftOutColumn } from "./leaks/leaks-among.ts";
import { type Learner, ofEach } from "./learners.ts";
import type { RefitJob } from "./refit.ts";
import { refitAll } from "./refit-all.ts";
import { type Replay, replayHistory } from "./replay.ts";
import { chooseThreshold, type ThresholdRule, usualRule } from "./threshold.ts";

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
  readonly label: 0 | 1;
};

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
  const { window, refits, seed, trees = TREES, workers = 0, rule = usualRule, progress = () => {} } = options;
  const { replay, details, merged, ...columnsBeside } = rowsOf(history, options);
  const { incidents, columns } = replay;
  const n = incidents.length;
  const labels = new Uint8Array(new SharedArrayBuffer(n));
  for (const [i, incident] of incidents.entries()) labels[i] = selfResolved(incident, window) ? 1 : 0;
  const jobs = blocksOf(incidents, refits, window).map(
    ({ k, ...block }): RefitJob & { readonly scored: boolean } => ({
      ...block,
      columns,
      labels,
      seed: seedOf(seed, k + WARM_UP),
      trees,
      scored: k >= 0,
    }),
  );
  const answers = await refitAll(jobs, workers, (done, of) => progress(`refit ${done} of ${of}`));

  const past: Predicted[] = [];
  const scored: ScoredIncident[] = [];
  const done: Backtest["refits"][number][] = [];
  const rates = columns[featureTable(details).findIndex(({ name }) => name === RATE)];
  for (const [place, { start, end, known, scored: isScored }] of jobs.entries()) {
    const moment = incidents[start]?.createdAt ?? 0;
    const told = past.filter(({ knownAt: at }) => at <= moment);
    const choice = chooseOnPast(told, known.length);
    const { learner, calibration } = choice;
    const threshold = chooseThreshold(told, rule);
    const rateThreshold = chooseThreshold(
      told.map(({ rate, label }) => ({ probability: rate, label })),
      rule,
    );
    const temperatures = temperaturesOn(told);
    const usuals = temperaturesOn(told, shareOf(told));
    const share = shareOf(Array.from(known, (i) => ({ label: labels[i] === 1 ? 1 : 0 })));
    for (const [i, incident] of incidents.slice(start, end).entries()) {
      const label = labels[start + i] === 1 ? 1 : 0;
      const raw = ofEach((name) => answers[place]?.[name][i] ?? 0.5);
      const probability = calibrate(calibration, raw[learner]);
      const rate = rates?.[start + i] ?? 0.5;
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
      });
      if (!isScored) continue;
      const hold = threshold !== null && probability >= threshold;
      const rateHold = rateThreshold !== null && rate >= rateThreshold;
      scored.push({ incident, probability, rate, hold, rateHold, label });
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
  return { incidents: n, merged, scored, refits: done, past, details, ...columnsBeside, replay, labels };
}

/** The alert type's own rate among the features. */
const RATE = "alert-type.rateEver";

/** The rows to learn from. What was merged teaches the track records, as it does when it happens, and is no row. */
function rowsOf(
  history: readonly PastIncident[],
  { window, keeps, progress = () => {} }: Pick<BacktestOptions, "window" | "keeps" | "progress">,
) {
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
  progress(`reading the features of ${history.length} incidents`);
  const whole = replayHistory(history, window, details, (done, of) => {
    if (done % 25_000 === 0) progress(`features of ${done} of ${of} incidents`);
  });
  const merged = history.length - kept.length;
  const replay = merged === 0 ? whole : without(whole, window);
  return { replay, details, merged, columnsLeftOut: leftOut, columnsKept };
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
