import { calibrate, createRandom } from "@mrdata/forest";
import {
  choiceOf,
  chooseOnPast,
  ofEach,
  outOfSamplePredictions,
  type Predicted,
  usualCertificateRule,
  walkThresholds,
} from "@mrdata/learning";

const DAY = 86_400_000;

/** How the scores of real incidents lie: `share` of them between the high bounds, the rest between the low ones. */
export type World = {
  readonly name: string;
  readonly real: number;
  readonly share: number;
  readonly high: readonly [number, number];
  readonly low: readonly [number, number];
};

export const worlds: readonly World[] = [
  // All thresholds within the high scores hold nearly the same: the budget is just broken, or just kept.
  { name: "just above the budget", real: 100, share: 0.104, high: [0.9, 0.92], low: [0.02, 0.3] },
  { name: "far above it", real: 100, share: 0.2, high: [0.9, 0.92], low: [0.02, 0.3] },
  { name: "scores without a gap", real: 100, share: 0.5, high: [0.5, 0.99], low: [0.02, 0.5] },
  // Many real ones, so that the bound has no slack left, and a share a hair above the budget: the worst that there is.
  {
    name: "a hair above the budget, many real ones",
    real: 400,
    share: 0.1005,
    high: [0.9, 0.92],
    low: [0.02, 0.3],
  },
  { name: "few real ones", real: 60, share: 0.15, high: [0.6, 0.95], low: [0.02, 0.5] },
];

/**
 * One history of past predictions by candidates that are formulas: each scores real incidents after the world's
 * shares, all alike and each by its own luck.
 */
export function historyOf(world: World, seed: number): readonly Predicted[] {
  const random = createRandom(seed);
  const within = ([from, to]: readonly [number, number]) => from + (to - from) * random.next();
  return Array.from({ length: 2 * world.real }, (_, i): Predicted => {
    const label = random.next() < 0.5 ? 1 : 0;
    const raw = ofEach(() =>
      label === 1 ? within([0.85, 0.99]) : within(random.next() < world.share ? world.high : world.low),
    );
    const openedAt = (i * 170 * DAY) / (2 * world.real);
    return {
      id: `Q${i}`,
      openedAt,
      knownAt: openedAt,
      label,
      raw,
      scaled: raw,
      aroundUsual: raw,
      probability: raw.rates,
      rate: 0.5,
      share: 0.5,
      grown: true,
    };
  });
}

const GRID = 2_000;

/** Whether the threshold that was certified on a history holds more of the real ones, in truth, than the budget. */
export function isBroken(world: World, past: readonly Predicted[], parts: "separate" | "one"): boolean {
  const usual = usualCertificateRule;
  const chosenOnAll = chooseOnPast(past, 2_000);
  const { choice, certifying, certificateRule } =
    parts === "separate"
      ? choiceOf(past, 2_000, usual)
      : {
          choice: chosenOnAll,
          certifying: outOfSamplePredictions(chosenOnAll, past),
          certificateRule: usual,
        };
  const { lowest } = walkThresholds(certifying, certificateRule);
  if (lowest === null) return false;
  const heldOf = ([from, to]: readonly [number, number]) => {
    let held = 0;
    for (let i = 0; i < GRID; i++)
      if (calibrate(choice.calibration, from + ((to - from) * (i + 0.5)) / GRID) >= lowest) held++;
    return held / GRID;
  };
  return world.share * heldOf(world.high) + (1 - world.share) * heldOf(world.low) > usual.budget;
}
