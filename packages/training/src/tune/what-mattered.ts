import { outOfRange } from "@mrdata/base";
import type { TunedLearner } from "@mrdata/learning";
import type { TriedSettings } from "./plan.ts";

/** A setting of a learner, with the share of the differences among its trials that it explains. */
export type Mattered = {
  readonly learner: TunedLearner;
  readonly setting: string;
  /** The squared rank correlation with the Brier score (Spearman), from 0 to 1. */
  readonly share: number;
  /** The effect of a larger value, if there is a clear direction. */
  readonly more: "better" | "worse";
};

/** Fewer trials of a learner say nothing about its settings. */
const MIN_TRIALS = 4;

/** The settings that mattered, most important first, for trials measured on the same rows. */
export function whatMattered(
  trials: readonly {
    readonly learner: TunedLearner;
    readonly settings: TriedSettings;
    readonly brier: number;
  }[],
): Mattered[] {
  const found: Mattered[] = [];
  for (const [learner, own] of Map.groupBy(trials, (one) => one.learner)) {
    if (own.length < MIN_TRIALS) continue;
    const scores = ranksOf(own.map(({ brier }) => brier));
    for (const setting of Object.keys(own[0]?.settings ?? {})) {
      const values = ranksOf(
        own.map(
          ({ settings }) => Object.entries(settings).find(([name]) => name === setting)?.[1] ?? Number.NaN,
        ),
      );
      const correlation = correlationOf(values, scores);
      found.push({ learner, setting, share: correlation ** 2, more: correlation > 0 ? "worse" : "better" });
    }
  }
  return found.toSorted((a, b) => b.share - a.share);
}

/** Ranks from 1; ties get the mean of their ranks. */
function ranksOf(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const same = values.filter((other) => other === value).length;
    return below + (same + 1) / 2;
  });
}

function correlationOf(a: readonly number[], b: readonly number[]): number {
  const mean = (a.length + 1) / 2;
  const sum = (of: (i: number) => number) => a.reduce((all, _, i) => all + of(i), 0);
  const covariance = sum((i) => ((a[i] ?? outOfRange()) - mean) * ((b[i] ?? outOfRange()) - mean));
  const spread = Math.sqrt(
    sum((i) => ((a[i] ?? outOfRange()) - mean) ** 2) * sum((i) => ((b[i] ?? outOfRange()) - mean) ** 2),
  );
  return spread === 0 ? 0 : covariance / spread;
}
