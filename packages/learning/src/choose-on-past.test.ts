import { createRandom } from "@mrdata/forest";
import { describe, expect, test } from "vitest";
import { chooseOnPast, type Predicted } from "./choose-on-past.ts";
import { type Learner, ofEach } from "./learners.ts";

/** Past predictions that are right as often as they say, and what each learner made of them. */
function past(
  count: number,
  raw: (truth: number, random: () => number) => Partial<Record<Learner, number>>,
): readonly Predicted[] {
  const random = createRandom(3);
  return Array.from({ length: count }, () => {
    const truth = random.next();
    const said = raw(truth, random.next);
    const answers = ofEach((learner) => said[learner] ?? truth);
    return {
      probability: truth,
      label: random.next() < truth ? 1 : 0,
      raw: answers,
      scaled: answers,
      rate: 0.5,
      knownAt: 0,
    };
  });
}
const noisy = (truth: number, random: () => number) => Math.min(1, Math.max(0, truth + random() - 0.5));

describe("what comes next is predicted", () => {
  test("by boosting, its temperature fitted, while nothing else was clearly better", () => {
    const { learner, calibration } = chooseOnPast(past(1_000, () => ({})));
    expect(learner).toBe("boosting");
    expect(calibration).toMatchObject({ kind: "temperature" });
  });

  test("by another learner that was clearly better on the past", () => {
    const better = past(1_000, (truth, random) => ({
      boosting: noisy(truth, random),
      forest: noisy(truth, random),
    }));
    expect(chooseOnPast(better).learner).toBe("shallow");
  });

  test("as the models say it, while the past is short", () => {
    const better = past(50, (truth, random) => ({ boosting: noisy(truth, random) }));
    expect(chooseOnPast(better)).toEqual({ learner: "boosting", calibration: { kind: "identity" } });
  });

  test("with the temperature that the past asks for", () => {
    const logit = (p: number) => Math.log(p / (1 - p));
    const sure = (truth: number) => 1 / (1 + Math.exp(-2 * logit(Math.min(0.999, Math.max(0.001, truth)))));
    const { calibration } = chooseOnPast(past(4_000, (truth) => ofEach(() => sure(truth))));
    expect(calibration.kind === "temperature" && calibration.temperature).toBeCloseTo(2, 0);
  });
});
