import { calibrate, createRandom } from "@mrdata/forest";
import { describe, expect, test } from "vitest";
import { chooseOnPast, outOfSamplePredictions, type Predicted } from "./choose-on-past.ts";
import { type Learner, ofEach } from "./learners.ts";

/** Past predictions that are right as often as they say, and what each learner made of them. */
function past(
  count: number,
  raw: (truth: number, random: () => number) => Partial<Record<Learner, number>>,
): readonly Predicted[] {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, i) => {
    const truth = random.next();
    const said = raw(truth, random.next);
    const answers = ofEach((learner) => said[learner] ?? truth);
    return {
      probability: truth,
      label: random.next() < truth ? 1 : 0,
      raw: answers,
      scaled: answers,
      grown: true,
      aroundUsual: answers,
      rate: 0.5,
      share: 0.5,
      knownAt: 0,
      id: `Q${i}`,
      openedAt: i,
    };
  });
}
const noisy = (truth: number, random: () => number) => Math.min(1, Math.max(0, truth + random() - 0.5));

const ROWS = 2_000;

describe("the future is predicted", () => {
  test("by boosting with a fitted temperature, where it was better than the historical rate and nothing else better still", () => {
    const worse = past(1_000, (truth, random) => ({
      rates: noisy(truth, random),
      shallow: noisy(truth, random),
    }));
    const { learner, calibration } = chooseOnPast(worse, ROWS);
    expect(learner).toBe("boosting");
    expect(calibration).toMatchObject({ kind: "temperature" });
  });

  test("by the historical rate, where more complex candidates were not clearly better", () => {
    expect(
      chooseOnPast(
        past(1_000, () => ({})),
        ROWS,
      ).learner,
    ).toBe("rates");
    // Of sixty predictions two were better, and one was worse.
    const hardly = past(60, () => ({})).map(
      (one, i): Predicted => ({
        ...one,
        scaled: {
          ...one.scaled,
          boosting: Math.abs(
            one.label - (i < 2 ? 0 : i === 2 ? 0.9 : Math.abs(one.label - one.scaled.boosting)),
          ),
        },
      }),
    );
    expect(chooseOnPast(hardly, ROWS).learner).toBe("rates");
  });

  test("by another learner that was clearly better on the past", () => {
    const better = past(1_000, (truth, random) => ({
      rates: noisy(truth, random),
      shallow: noisy(truth, random),
      boosting: noisy(truth, random),
      forest: truth,
      worded: noisy(truth, random),
    }));
    expect(chooseOnPast(better, ROWS).learner).toBe("forest");
  });

  test("as the models say it, while the past is short: with little to learn from by the own rate", () => {
    const identity = { kind: "identity" };
    const better = past(60, (truth, random) => ({
      rates: noisy(truth, random),
      shallow: noisy(truth, random),
    }));
    expect(chooseOnPast(better, ROWS).calibration).toEqual(identity);
    expect(chooseOnPast(better, ROWS).learner).not.toBe("rates");
    expect(chooseOnPast([], 2_000)).toEqual({ learner: "boosting", calibration: identity });
    expect(chooseOnPast([], 200)).toEqual({ learner: "rates", calibration: identity });
  });

  test("by the usual share, where few resolve themselves and nothing predicts which", () => {
    const few = past(1_000, (_, random) => ofEach(() => 0.1 + 0.3 * random())).map(
      (one, i): Predicted => ({
        ...one,
        label: i % 10 === 0 ? 1 : 0,
        scaled: ofEach(() => 0.3),
        aroundUsual: ofEach(() => 0.1),
      }),
    );
    const { calibration } = chooseOnPast(few, ROWS);
    expect(calibration.kind === "temperature" && calibration.around).toBeCloseTo(0.1, 2);
  });

  test("by that share and no model, where none was better than to answer it always", () => {
    const coins = past(400, (_, random) => ofEach(() => 0.1 + 0.3 * random())).map(
      (one, i): Predicted => ({
        ...one,
        label: i % 5 === 0 ? 1 : 0,
        share: 0.2,
      }),
    );
    const { calibration } = chooseOnPast(coins, ROWS);
    expect(calibrate(calibration, 0.9)).toBeCloseTo(0.2, 2);
    expect(calibrate(calibration, 0.01)).toBeCloseTo(0.2, 2);
  });

  test("with the temperature that fits the past", () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const sure = (truth: number) => 1 / (1 + Math.exp(-2 * logit(Math.min(0.999, Math.max(0.001, truth)))));
    const { calibration } = chooseOnPast(
      past(4_000, (truth) => ofEach(() => sure(truth))),
      ROWS,
    );
    expect(calibration.kind === "temperature" && calibration.temperature).toBeCloseTo(2, 0);
  });
});

test("a threshold is chosen on out-of-sample predictions of the choice, without models of too little history, and not on those issued at the time", () => {
  const [one] = past(1, () => ({ forest: 0.8, boosting: 0.1 }));
  if (one === undefined) throw new Error("there is no past");
  const said = outOfSamplePredictions(
    { learner: "forest", calibration: { kind: "temperature", temperature: 2 } },
    [{ ...one, grown: false }, one],
  );
  // The logit of .8, halved.
  expect(said).toMatchObject([{ probability: expect.closeTo(2 / 3, 6), label: one.label }]);
});
