import { outOfRange } from "@mrdata/base";

// Each equals scikit-learn's function of that name (https://scikit-learn.org/stable/modules/model_evaluation.html).
// Predictions are probabilities, labels 0 or 1. NaN where a figure is not defined.

type Numbers = ArrayLike<number>;

const ranked = (predictions: Numbers): Int32Array =>
  new Int32Array(predictions.length)
    .map((_, i) => i)
    .sort((a, b) => (predictions[b] ?? outOfRange()) - (predictions[a] ?? outOfRange()));

/**
 * The probability that a positive is ranked above a negative; ties count half. NaN with one class only.
 *
 * @example
 * ```ts
 * auc([0.9, 0.8, 0.3, 0.1], [1, 1, 0, 0]); // => 1
 * auc([0.5, 0.5], [1, 0]); // => 0.5
 * ```
 */
export function auc(predictions: Numbers, labels: Numbers): number {
  const order = ranked(predictions);
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  for (let i = 0; i < order.length; ) {
    let tiedPositives = 0;
    let tiedNegatives = 0;
    const value = predictions[order[i] ?? outOfRange()];
    for (; i < order.length && predictions[order[i] ?? outOfRange()] === value; i++) {
      if (labels[order[i] ?? outOfRange()] === 1) tiedPositives++;
      else tiedNegatives++;
    }
    // Negatives with this value rank below all earlier positives, and tie with those of equal value.
    wins += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return positives === 0 || negatives === 0 ? Number.NaN : wins / (positives * negatives);
}

/** The sum of precisions, each times the recall gained at its threshold. NaN without positives. */
export function averagePrecision(predictions: Numbers, labels: Numbers): number {
  const order = ranked(predictions);
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++;
  if (positives === 0) return Number.NaN;
  let seen = 0;
  let sum = 0;
  for (let i = 0; i < order.length; ) {
    const before = seen;
    const value = predictions[order[i] ?? outOfRange()];
    for (; i < order.length && predictions[order[i] ?? outOfRange()] === value; i++)
      if (labels[order[i] ?? outOfRange()] === 1) seen++;
    sum += ((seen - before) / positives) * (seen / i);
  }
  return sum;
}

/** The mean squared difference (Brier 1950, "Verification of forecasts expressed in terms of probability"). */
export function brier(predictions: Numbers, labels: Numbers): number {
  let sum = 0;
  for (let i = 0; i < predictions.length; i++)
    sum += ((predictions[i] ?? outOfRange()) - (labels[i] ?? outOfRange())) ** 2;
  return sum / predictions.length;
}

/**
 * Mean negative log likelihood; probabilities are clipped away from 0 and 1 by the precision of a double, as in
 * scikit-learn.
 */
export function logLoss(predictions: Numbers, labels: Numbers): number {
  let sum = 0;
  for (let i = 0; i < predictions.length; i++) {
    const p = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, predictions[i] ?? outOfRange()));
    sum -= labels[i] === 1 ? Math.log(p) : Math.log(1 - p);
  }
  return sum / predictions.length;
}

/** One bin of a reliability plot. */
export type ReliabilityBin = {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means of the bin's predictions and labels; NaN where it is empty. */
  readonly predicted: number;
  readonly observed: number;
};

/** Bins of equal width over [0, 1]; 1 belongs to the last. */
export function reliability(predictions: Numbers, labels: Numbers, bins = 10): readonly ReliabilityBin[] {
  const counts = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let i = 0; i < predictions.length; i++) {
    const p = predictions[i] ?? outOfRange();
    const b = Math.min(bins - 1, Math.floor(p * bins));
    counts[b] = (counts[b] ?? outOfRange()) + 1;
    predicted[b] = (predicted[b] ?? outOfRange()) + p;
    observed[b] = (observed[b] ?? outOfRange()) + (labels[i] ?? outOfRange());
  }
  return Array.from(counts, (count, b) => ({
    from: b / bins,
    to: (b + 1) / bins,
    count,
    predicted: (predicted[b] ?? outOfRange()) / count,
    observed: (observed[b] ?? outOfRange()) / count,
  }));
}

/** Expected calibration error over 10 bins of equal width (Naeini et al. 2015, "Obtaining well calibrated probabilities"). */
export function ece(predictions: Numbers, labels: Numbers, bins = 10): number {
  let sum = 0;
  for (const { count, predicted, observed } of reliability(predictions, labels, bins))
    if (count > 0) sum += count * Math.abs(predicted - observed);
  return sum / predictions.length;
}
