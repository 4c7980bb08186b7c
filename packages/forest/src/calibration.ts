import { outOfRange } from "@mrdata/base";
import { logit, sigmoid } from "./logistic.ts";

/** How a model's probabilities are corrected; a plain JSON value. */
export type Calibration =
  | { readonly kind: "identity" }
  /** Divides the logit's distance from that of `around` (default .5): a temperature above 1 reduces confidence. */
  | { readonly kind: "temperature"; readonly temperature: number; readonly around?: number };

type Numbers = ArrayLike<number>;

/** Bounds that keep the logits of 0 and 1 finite. */
const EDGE = 1e-6;
const boundedLogit = (p: number): number => logit(Math.min(1 - EDGE, Math.max(EDGE, p)));

/**
 * The corrected probability.
 *
 * @example
 * ```ts
 * calibrate({ kind: "identity" }, 0.7); // => 0.7
 * calibrate({ kind: "temperature", temperature: 2 }, 0.9) < 0.9; // => true
 * ```
 */
export function calibrate(calibration: Calibration, probability: number): number {
  switch (calibration.kind) {
    case "identity":
      return probability;
    case "temperature":
      return tempered(
        boundedLogit(probability),
        boundedLogit(calibration.around ?? 0.5),
        calibration.temperature,
      );
  }
}

const tempered = (logit: number, middle: number, temperature: number): number =>
  sigmoid(middle + (logit - middle) / temperature);

/** The maximum temperature; the minimum is a twentieth. */
const MAX_TEMPERATURE = 20;
const MAX_STEPS = 100;

/**
 * Temperature scaling (Guo et al. 2017, "On calibration of modern neural networks"): minimal log loss. Theirs is
 * centred on .5, so that an uninformed model ends at .5; `around` (a probability) centres it on the usual share
 * instead.
 */
export function fitTemperature(predictions: Numbers, labels: Numbers, around?: number): Calibration {
  assertPairs(predictions, labels);
  const middle = boundedLogit(around ?? 0.5);
  const distances = Float64Array.from(predictions, (p) => boundedLogit(p) - middle);
  const temperature = 1 / leastLossScale(distances, labels, middle);
  return { kind: "temperature", temperature, ...(around === undefined ? {} : { around }) };
}

/**
 * The factor for the logits' distances from `middle` that minimises the log loss. The loss is convex in it, so its
 * slope increases: Newton's method for the slope's zero, with bisection where a step would leave the bracket.
 */
function leastLossScale(distances: Float64Array, labels: Numbers, middle: number): number {
  let bend = 0;
  const slopeAt = (scale: number): number => {
    let slope = 0;
    bend = 0;
    for (let i = 0; i < distances.length; i++) {
      const distance = distances[i] ?? outOfRange();
      const p = sigmoid(middle + distance * scale);
      slope += (p - (labels[i] === 1 ? 1 : 0)) * distance;
      bend += p * (1 - p) * distance * distance;
    }
    return slope;
  };
  let low = 1 / MAX_TEMPERATURE;
  let high = MAX_TEMPERATURE;
  if (slopeAt(low) >= 0) return low;
  if (slopeAt(high) <= 0) return high;
  let scale = 1;
  for (let step = 0; step < MAX_STEPS; step++) {
    const slope = slopeAt(scale);
    if (slope === 0) return scale;
    if (slope > 0) high = scale;
    else low = scale;
    const newton = scale - slope / bend;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    // The error of a step is about the square of the step before.
    if (Math.abs(next - scale) <= 1e-9 * scale) return next;
    scale = next;
  }
  return scale;
}

/** Reads a calibration stored as JSON. Throws RangeError that says what is wrong. */
export function readCalibration(value: unknown): Calibration {
  const fail = (why: string): never => {
    throw new RangeError(`not a calibration: ${why}`);
  };
  if (typeof value !== "object" || value === null || !("kind" in value)) return fail("it has no kind");
  const number = (name: string): number => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === "number" && Number.isFinite(found) ? found : fail(`${name} is not a number`);
  };
  switch (value.kind) {
    case "identity":
      return { kind: "identity" };
    case "temperature": {
      const temperature = number("temperature");
      if (!(temperature > 0)) return fail("the temperature is not above 0");
      if (!("around" in value)) return { kind: "temperature", temperature };
      const around = number("around");
      return around > 0 && around < 1
        ? { kind: "temperature", temperature, around }
        : fail("around is not between 0 and 1");
    }
    default:
      return fail(`its kind is '${String(value.kind)}'`);
  }
}

function assertPairs(predictions: Numbers, labels: Numbers): void {
  if (predictions.length === 0) throw new RangeError("there is nothing to calibrate on");
  if (predictions.length !== labels.length)
    throw new RangeError(`${predictions.length} predictions were given for ${labels.length} labels`);
  for (let i = 0; i < predictions.length; i++) {
    const p = predictions[i] ?? Number.NaN;
    if (!(p >= 0 && p <= 1)) throw new RangeError(`prediction ${i} is not a probability`);
  }
}
