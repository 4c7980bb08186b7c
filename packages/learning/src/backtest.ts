import { type Calibration, calibrate } from "@mrdata/forest";
import {
  answersOf,
  chooseOnPast,
  type Learner,
  ofEach,
  type Predicted,
  temperaturesOn,
  trainBoth,
} from "./learners.ts";
import { knownAt, type PastIncident, selfResolved } from "./past-incident.ts";
import { detailColumns, type Row, replayHistory } from "./replay.ts";
import { chooseThreshold } from "./threshold.ts";

export type BacktestOptions = {
  /** The hold window, milliseconds. */
  readonly window: number;
  /** Blocks of the scored part, each predicted by a model of its own. */
  readonly refits: number;
  readonly seed: number;
  readonly trees?: number;
  /** Threads beside this one. */
  readonly workers?: number;
  readonly progress?: (sentence: string) => void;
};

export type ScoredIncident = {
  readonly incident: PastIncident;
  readonly probability: number;
  /** The alert type's own smoothed rate: the baseline. */
  readonly rate: number;
  readonly hold: boolean;
  readonly label: 0 | 1;
};

export type Backtest = {
  readonly incidents: number;
  readonly scored: readonly ScoredIncident[];
  /** Of each refit: where its block begins, what it learnt from, how it was calibrated and where it held. */
  readonly refits: readonly {
    readonly from: string;
    readonly learntFrom: number;
    readonly learner: Learner;
    readonly calibration: Calibration;
    readonly threshold: number | null;
  }[];
};

/** Fewer incidents than this say nothing about a model. */
export const LEAST_INCIDENTS = 200;
const WARM_UP = 6;
/** The share of the history that is there before the first scored incident. */
const BEFORE = 0.6;

/**
 * A rolling-origin backtest: the last 40 % of the history is cut into blocks, and each is predicted by a forest that
 * learnt from everything whose outcome was known when the block began. Six more blocks before are predicted the same way
 * and not scored, so that there are past predictions to calibrate and to choose the threshold on. Rejects with RangeError
 * for a history that is too short.
 */
export async function backtest(
  history: readonly PastIncident[],
  options: BacktestOptions,
): Promise<Backtest> {
  const { window, refits, seed, trees = 200, workers = 0, progress = () => {} } = options;
  const n = history.length;
  if (n < LEAST_INCIDENTS)
    throw new RangeError(`the history has ${n} incidents, and a backtest needs ${LEAST_INCIDENTS} at least`);
  const columns = detailColumns(history.slice(0, Math.floor(BEFORE * n)));
  progress(`reading the features of ${n} incidents`);
  const rows = replayHistory(history, window, columns);
  const labels = Uint8Array.from(rows, ({ incident }) => (selfResolved(incident, window) ? 1 : 0));
  const bound = (k: number) =>
    Math.floor(BEFORE * n) + Math.round((k * (n - Math.floor(BEFORE * n))) / refits);
  const past: Predicted[] = [];
  const scored: ScoredIncident[] = [];
  const done: Backtest["refits"][number][] = [];
  for (let k = -WARM_UP; k < refits; k++) {
    const [start, end] = [Math.max(1, bound(k)), Math.max(1, bound(k + 1))];
    const first = rows[start];
    if (end <= start || first === undefined) continue;
    const moment = first.incident.createdAt;
    progress(k < 0 ? `warming up, ${-k} to go` : `refit ${k + 1} of ${refits}`);
    const known = rows
      .slice(0, start)
      .flatMap(({ incident }, i) => (knownAt(incident, window) <= moment ? [i] : []));
    if (known.length === 0) continue;
    const models = await trainBoth(
      {
        columns: columnsOfRows(known.map((i) => rows[i])),
        labels: Uint8Array.from(known, (i) => labels[i] ?? 0),
      },
      { trees, seed: seed + k, workers },
    );
    const told = past.filter(({ knownAt: at }) => at <= moment);
    const { learner, calibration } = chooseOnPast(told);
    const threshold = chooseThreshold(told);
    const block = rows.slice(start, end);
    const answers = answersOf(models, columnsOfRows(block));
    const temperatures = temperaturesOn(told);
    for (const [i, { incident, features }] of block.entries()) {
      const label = labels[start + i] === 1 ? 1 : 0;
      const raw = (name: Learner) => answers[name][i] ?? 0.5;
      const probability = calibrate(calibration, raw(learner));
      past.push({
        probability,
        label,
        raw: ofEach(raw),
        scaled: ofEach((name) => calibrate(temperatures[name], raw(name))),
        knownAt: knownAt(incident, window),
      });
      if (k < 0) continue;
      scored.push({
        incident,
        probability,
        rate: features[RATE_FEATURE] ?? 0.5,
        hold: threshold !== null && probability >= threshold,
        label,
      });
    }
    if (k >= 0)
      done.push({
        from: new Date(moment).toISOString(),
        learntFrom: known.length,
        learner,
        calibration,
        threshold,
      });
  }
  return { incidents: n, scored, refits: done };
}

/** Place of the alert type's own rate among the features: see `featureTable`. */
const RATE_FEATURE = 1;

function columnsOfRows(rows: readonly (Row | undefined)[]): readonly Float32Array[] {
  const features = rows[0]?.features.length ?? 0;
  return Array.from({ length: features }, (_, k) =>
    Float32Array.from(rows, (row) => row?.features[k] ?? Number.NaN),
  );
}
