import { type Calibration, calibrate } from "@mrdata/forest";
import { knownAt, type PastIncident } from "@mrdata/incident";
import type { CertificateRule } from "./certificate.ts";
import { choiceOf, ratesOf, type ThresholdWay, thresholdsOf } from "./certified-choice.ts";
import { type Predicted, shareOf, temperaturesOn } from "./choose-on-past.ts";
import { historicalRates } from "./historical-rate.ts";
import { BEFORE, type Block, type LabelledRows } from "./labelled-rows.ts";
import { type Learner, ofEach } from "./learners.ts";
import { meanOf, meanWeights } from "./mean-of-learners.ts";
import type { RefitAnswers } from "./refit.ts";
import { chooseThreshold, type ThresholdRule } from "./threshold.ts";
import { valueAt } from "./value-at.ts";

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

/** Of a refit: where its block begins, what it learnt from, how it was calibrated and where it held. */
export type DoneRefit = {
  readonly from: string;
  readonly learntFrom: number;
  readonly learner: Learner;
  readonly calibration: Calibration;
  readonly threshold: number | null;
};

export type IssuedPredictions = {
  readonly scored: readonly ScoredIncident[];
  readonly refits: readonly DoneRefit[];
  /** All predictions, those of the warm-up first: what a model for the future is calibrated by. */
  readonly past: readonly Predicted[];
};

/** A grown model learnt from so much at least of what is there before the first scored incident. */
const GROWN = 0.5;

/**
 * Goes over the blocks in their order and issues what a bot of that time would have: learner, calibration and threshold
 * are chosen on what was known of earlier predictions when the block began.
 */
export function issuePredictions(
  { incidents, columns, labels, censored, window, apart }: LabelledRows,
  blocks: readonly Block[],
  answers: readonly RefitAnswers[],
  { rule, certificate }: { readonly rule: ThresholdRule; readonly certificate: CertificateRule },
): IssuedPredictions {
  const past: Predicted[] = [];
  const scored: ScoredIncident[] = [];
  const refits: DoneRefit[] = [];
  const rates = historicalRates(columns);
  for (const [place, { start, end, known, scored: isScored }] of blocks.entries()) {
    const moment = valueAt(incidents, start).createdAt;
    const told = past.filter(({ knownAt: at }) => at <= moment);
    const { choice, certifying, certificateRule: own } = choiceOf(told, known.length, certificate);
    const { learner, calibration } = choice;
    const thresholds = thresholdsOf(told, certifying, rule, own);
    const threshold = rule.missBudget < 1 ? thresholds.certified : chooseThreshold(told, rule);
    const rateRows = told.map(({ rate, label }) => ({ probability: rate, label }));
    const rateThreshold =
      rule.missBudget < 1
        ? thresholdsOf(rateRows, ratesOf(told, certificate), rule, certificate).certified
        : chooseThreshold(rateRows, rule);
    const temperatures = temperaturesOn(told);
    const usuals = temperaturesOn(told, shareOf(told));
    const weights = meanWeights(told);
    const share = shareOf(Array.from(known, (i) => ({ label: labels[i] === 1 ? 1 : 0 })));
    for (const [i, incident] of incidents.slice(start, end).entries()) {
      // It chooses, certifies and compares nothing.
      if (apart?.has(incident.id) === true) continue;
      const label = labels[start + i] === 1 ? 1 : 0;
      const { mean: _, ...trained } = ofEach((name) =>
        name === "mean" ? 0 : valueAt(valueAt(answers, place)[name], i),
      );
      const raw = { ...trained, mean: meanOf(weights, trained) };
      const probability = calibrate(calibration, raw[learner]);
      const rate = valueAt(rates, start + i);
      past.push({
        probability,
        rate,
        share,
        label,
        censored: censored[start + i] === 1,
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
      refits.push({
        from: new Date(moment).toISOString(),
        learntFrom: known.length,
        learner,
        calibration,
        threshold,
      });
  }
  return { past, scored, refits };
}
