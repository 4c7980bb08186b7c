import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Calibration, calibrate, fitTemperature, readCalibration } from "./calibration.ts";
import { logit, sigmoid } from "./logistic.ts";
import { auc, averagePrecision, brier, ece, logLoss, reliability } from "./metrics.ts";
import { createRandom } from "./random.ts";

/** Predictions that are twice as sure as they should be. */
function overconfident(count: number) {
  const random = createRandom(5);
  const predictions: number[] = [];
  const labels: number[] = [];
  for (let i = 0; i < count; i++) {
    const truth = random.next();
    predictions.push(sigmoid(2 * logit(Math.min(0.999, Math.max(0.001, truth)))));
    labels.push(random.next() < truth ? 1 : 0);
  }
  return { predictions, labels };
}

describe("calibration", () => {
  const { predictions, labels } = overconfident(20_000);
  const after = (calibration: Calibration) => predictions.map((p) => calibrate(calibration, p));

  test("temperature finds how much too sure the predictions were", () => {
    const fitted = fitTemperature(predictions, labels);
    expect(fitted).toMatchObject({ kind: "temperature" });
    expect(fitted.kind === "temperature" && fitted.temperature).toBeCloseTo(2, 1);
    expect(ece(after(fitted), labels)).toBeLessThan(0.015);
    expect(ece(predictions, labels)).toBeGreaterThan(0.08);
  });

  test("a temperature around the usual share keeps that share, and ends there without information", () => {
    const known = { kind: "temperature" as const, temperature: 3, around: 0.2 };
    expect(calibrate(known, 0.2)).toBeCloseTo(0.2, 12);
    expect(calibrate(known, 0.9)).toBeGreaterThan(0.2);
    const fitted = fitTemperature([0.1, 0.9, 0.1, 0.9, 0.1], [1, 0, 0, 0, 0], 0.2);
    expect(calibrate(fitted, 0.9)).toBeCloseTo(0.2, 0);
    expect(calibrate(fitTemperature([0.1, 0.9, 0.1, 0.9, 0.1], [1, 0, 0, 0, 0]), 0.9)).toBeGreaterThan(0.4);
    expect(readCalibration(JSON.parse(JSON.stringify(fitted)))).toEqual(fitted);
    expect(() => readCalibration({ ...known, around: 1 })).toThrow("around is not between 0 and 1");
  });

  test("either kind keeps the order, stays within 0 and 1, and reads back from JSON", () => {
    const pairs = fc.array(
      fc.record({ p: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.constantFrom(0, 1) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(
        pairs,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, a, b) => {
          const [ps, ys] = [list.map(({ p }) => p), list.map(({ y }) => y)];
          const fitted = [fitTemperature(ps, ys), { kind: "identity" as const }];
          for (const calibration of fitted) {
            const [low, high] = [
              calibrate(calibration, Math.min(a, b)),
              calibrate(calibration, Math.max(a, b)),
            ];
            expect(low).toBeLessThanOrEqual(high + 1e-12);
            expect(low >= 0 && high <= 1).toBe(true);
            expect(readCalibration(JSON.parse(JSON.stringify(calibration)))).toEqual(calibration);
          }
        },
      ),
    );
  });

  test("an invalid stored value is refused in a sentence", () => {
    expect(() => readCalibration(null)).toThrow("it has no kind");
    expect(() => readCalibration({ kind: "magic" })).toThrow("its kind is 'magic'");
    expect(() => readCalibration({ kind: "temperature", temperature: 0 })).toThrow("not above 0");
    expect(() => readCalibration({ kind: "platt", slope: 1, intercept: 0 })).toThrow("its kind is 'platt'");
    expect(() => fitTemperature([], [])).toThrow("nothing to calibrate on");
    expect(() => fitTemperature([2], [1])).toThrow("prediction 0 is not a probability");
    expect(() => fitTemperature([0.5], [1, 0])).toThrow("1 predictions were given for 2 labels");
  });
});

describe("metrics, on cases worked out by hand", () => {
  test("ties count half", () => {
    expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(auc([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1])).toBe(0.5);
    expect(auc([0.9, 0.1], [1, 0])).toBe(1);
    expect(auc([0.9, 0.1], [1, 1])).toBeNaN();
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(0.8333333333, 9);
    expect(averagePrecision([0.5, 0.5], [1, 0])).toBe(0.5);
  });
  test("errors and losses", () => {
    expect(brier([0.2, 0.9], [0, 1])).toBeCloseTo(0.025, 12);
    expect(logLoss([0.5, 0.5], [0, 1])).toBeCloseTo(Math.LN2, 12);
    expect(logLoss([1, 0], [0, 1])).toBeGreaterThan(30);
    expect(ece([0.05, 0.05, 1], [0, 1, 1])).toBeCloseTo(0.3, 12);
    expect(reliability([0, 1, 0.95], [0, 1, 0]).at(-1)).toMatchObject({ count: 2, observed: 0.5 });
  });
});
