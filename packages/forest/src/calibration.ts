import { outOfRange } from "@mrdata/base";
import { logit, sigmoid } from "./logistic.ts";

/** How a model's probabilities are corrected; a plain JSON value. */
export type Calibration =
  | { readonly kind: "identity" }
  /** Divides the logit's distance from that of `around` (default .5): a temperature above 1 reduces confidence. */
  | { readonly kind: "temperature"; readonly temperature: number; readonly around?: number }
  /** sigmoid(slope · logit + intercept). */
  | { readonly kind: "platt"; readonly slope: number; readonly intercept: number }
  /** Linear interpolation between points, constant outside. Both lists ascend. */
  | {
      readonly kind: "isotonic";
      readonly predicted: readonly number[];
      readonly observed: readonly number[];
    };

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
    case "platt":
      return sigmoid(calibration.slope * boundedLogit(probability) + calibration.intercept);
    case "isotonic":
      return interpolate(calibration.predicted, calibration.observed, probability);
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

/**
 * Platt scaling by Newton's method with Platt's own smoothed targets (Lin, Lin and Weng 2007, "A note on Platt's
 * probabilistic outputs").
 */
export function fitPlatt(predictions: Numbers, labels: Numbers): Calibration {
  assertPairs(predictions, labels);
  const n = predictions.length;
  const logits = Float64Array.from(predictions, boundedLogit);
  let positives = 0;
  for (let i = 0; i < n; i++) if (labels[i] === 1) positives++;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (n - positives + 2);
  const target = (i: number): number => (labels[i] === 1 ? high : low);
  const loss = (slope: number, intercept: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++)
      sum += crossEntropy(slope * (logits[i] ?? outOfRange()) + intercept, target(i));
    return sum;
  };
  let slope = 1;
  let intercept = 0;
  for (let step = 0; step < 100; step++) {
    let ga = 0;
    let gb = 0;
    let haa = 1e-12;
    let hab = 0;
    let hbb = 1e-12;
    for (let i = 0; i < n; i++) {
      const x = logits[i] ?? outOfRange();
      const p = sigmoid(slope * x + intercept);
      const d = p - target(i);
      const h = p * (1 - p);
      ga += d * x;
      gb += d;
      haa += h * x * x;
      hab += h * x;
      hbb += h;
    }
    if (Math.abs(ga) < 1e-8 && Math.abs(gb) < 1e-8) break;
    const determinant = haa * hbb - hab * hab;
    const da = -(hbb * ga - hab * gb) / determinant;
    const db = -(haa * gb - hab * ga) / determinant;
    const before = loss(slope, intercept);
    let stride = 1;
    while (stride > 1e-10 && !(loss(slope + stride * da, intercept + stride * db) < before)) stride /= 2;
    if (stride <= 1e-10) break;
    slope += stride * da;
    intercept += stride * db;
  }
  return { kind: "platt", slope, intercept };
}

/** Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002 for probabilities). */
export function fitIsotonic(predictions: Numbers, labels: Numbers): Calibration {
  assertPairs(predictions, labels);
  const order = Array.from({ length: predictions.length }, (_, i) => i).sort(
    (a, b) => (predictions[a] ?? outOfRange()) - (predictions[b] ?? outOfRange()),
  );
  const blocks: { sum: number; weight: number; from: number; to: number }[] = [];
  for (const i of order) {
    const x = predictions[i] ?? outOfRange();
    const previous = blocks.at(-1);
    const y = labels[i] === 1 ? 1 : 0;
    if (previous !== undefined && previous.to === x) {
      previous.sum += y;
      previous.weight += 1;
    } else blocks.push({ sum: y, weight: 1, from: x, to: x });
    for (let last = blocks.at(-1), before = blocks.at(-2); last && before; ) {
      if (before.sum / before.weight < last.sum / last.weight) break;
      before.sum += last.sum;
      before.weight += last.weight;
      before.to = last.to;
      blocks.pop();
      last = blocks.at(-1);
      before = blocks.at(-2);
    }
  }
  const points = blocks.flatMap(({ sum, weight, from, to }) =>
    from === to
      ? [[from, sum / weight]]
      : [
          [from, sum / weight],
          [to, sum / weight],
        ],
  );
  return {
    kind: "isotonic",
    predicted: points.map(([x = 0]) => x),
    observed: points.map(([, y = 0]) => y),
  };
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
  const ascending = (name: string): readonly number[] => {
    const found: unknown = Reflect.get(value, name);
    if (!Array.isArray(found) || found.length === 0) return fail(`${name} is not a list`);
    const numbers = found.map((one: unknown) => (typeof one === "number" ? one : Number.NaN));
    if (numbers.some((one, i) => !(one >= (numbers[i - 1] ?? 0) && one <= 1)))
      return fail(`${name} does not ascend within 0 and 1`);
    return numbers;
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
    case "platt":
      return { kind: "platt", slope: number("slope"), intercept: number("intercept") };
    case "isotonic": {
      const [predicted, observed] = [ascending("predicted"), ascending("observed")];
      return predicted.length === observed.length
        ? { kind: "isotonic", predicted, observed }
        : fail("its lists have different lengths");
    }
    default:
      return fail(`its kind is '${String(value.kind)}'`);
  }
}

function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  const last = xs.length - 1;
  if (x <= (xs[0] ?? outOfRange())) return ys[0] ?? x;
  if (x >= (xs[last] ?? 1)) return ys[last] ?? x;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? outOfRange()) <= x) low = middle;
    else high = middle;
  }
  const [x0 = 0, x1 = 1, y0 = 0, y1 = 1] = [xs[low], xs[high], ys[low], ys[high]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/** −t·log(p) − (1−t)·log(1−p) of p = sigmoid(margin), without overflow. */
const crossEntropy = (margin: number, target: number): number =>
  Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(margin, 0) - target * margin;

function assertPairs(predictions: Numbers, labels: Numbers): void {
  if (predictions.length === 0) throw new RangeError("there is nothing to calibrate on");
  if (predictions.length !== labels.length)
    throw new RangeError(`${predictions.length} predictions were given for ${labels.length} labels`);
  for (let i = 0; i < predictions.length; i++) {
    const p = predictions[i] ?? Number.NaN;
    if (!(p >= 0 && p <= 1)) throw new RangeError(`prediction ${i} is not a probability`);
  }
}
