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
  /** The alert type's smoothed historical rate: the baseline. */
  readonly rate: number;
  readonly hold: boolean;
  /** What the baseline would have held, by the same rule. */
  readonly rateHold: boolean;
  /** What three ways to choose a threshold would have held, with one miss budget. */
  readonly holdBy: Readonly<Record<ThresholdWay, boolean>>;
  readonly label: 0 | 1;
};

/** A refit: where its block begins, what it was trained on, its calibration and its threshold. */
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
  /** All predictions, warm-up first: a future model is calibrated on them. */
  readonly past: readonly Predicted[];
};

/** A model has enough data if it was trained on at least this share of what precedes the first scored incident. */
const GROWN = 0.5;

/**
 * Goes through the blocks in order and issues the predictions of a bot of that time: learner, calibration and threshold
 * are chosen on what was known of earlier predictions when the block began.
 */
export function issuePredictions(
  { incidents, columns, labels, censored, windowMs, apart }: LabelledRows,
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
    const labelled = past.filter(({ knownAt: at }) => at <= moment);
    const { choice, certifying, certificateRule: own } = choiceOf(labelled, known.length, certificate);
    const { learner, calibration } = choice;
    const thresholds = thresholdsOf(labelled, certifying, rule, own);
    const threshold = rule.missBudget < 1 ? thresholds.certified : chooseThreshold(labelled, rule);
    const rateRows = labelled.map(({ rate, label }) => ({ probability: rate, label }));
    const rateThreshold =
      rule.missBudget < 1
        ? thresholdsOf(rateRows, ratesOf(labelled, certificate), rule, certificate).certified
        : chooseThreshold(rateRows, rule);
    const temperatures = temperaturesOn(labelled);
    const usuals = temperaturesOn(labelled, shareOf(labelled));
    const weights = meanWeights(labelled);
    const share = shareOf(Array.from(known, (i) => ({ label: labels[i] === 1 ? 1 : 0 })));
    for (const [i, incident] of incidents.slice(start, end).entries()) {
      // Excluded from choosing, certifying and comparing.
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
        knownAt: knownAt(incident, windowMs),
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
