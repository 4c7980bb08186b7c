import type { Mode, Verdict } from "@mrdata/incident";
import type { Forecast, Observation, Predictor } from "./predictor.ts";

/** What the guard rails look at. `settings` is null when they could not be read. */
export type Circumstances = {
  readonly observation: Observation;
  readonly forecast: Forecast;
  readonly predictor: Predictor;
  readonly settings: { readonly mode: Mode; readonly disarmed: boolean } | null;
  /** The hold window of the service's policy, milliseconds. */
  readonly window: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** True if a person opened the incident, or did anything to it since. */
  readonly touchedByPerson: boolean;
};

export type GuardRail = {
  readonly name: string;
  judge(circumstances: Circumstances): { readonly allowsHold: boolean; readonly sentence: string };
};

const passes = (sentence: string) => ({ allowsHold: true, sentence });
const stops = (sentence: string) => ({ allowsHold: false, sentence });

/** A hold that could last less than this is not worth the risk. */
const LEAST_HOLD = 5_000;

/** In the order in which they are shown; the first that stops a hold is named as the decision's maker. */
export const guardRails: readonly GuardRail[] = [
  {
    name: "settings",
    judge: ({ settings }) =>
      settings === null ? stops("The settings could not be read.") : passes("The settings were read."),
  },
  {
    name: "kill-switch",
    judge: ({ settings }) =>
      settings?.disarmed ? stops("The bot is disarmed.") : passes("The bot is not disarmed."),
  },
  {
    name: "person",
    judge: ({ touchedByPerson }) =>
      touchedByPerson
        ? stops("A person opened this incident or has touched it.")
        : passes("No person has touched this incident."),
  },
  {
    name: "urgency",
    judge: ({ observation }) =>
      observation.urgency === "high"
        ? passes("The urgency is high, so PagerDuty itself escalates when the window ends.")
        : stops("The urgency is not high: PagerDuty would never escalate it by itself."),
  },
  {
    name: "window",
    judge: ({ predictor, window }) =>
      predictor.window === window
        ? passes("The model was made for this hold window.")
        : stops(
            `The model was made for a hold window of ${predictor.window / 1000} s, and this one is ${window / 1000} s.`,
          ),
  },
  {
    name: "deadline",
    judge: ({ observation, window, now }) =>
      observation.openedAt + window - now >= LEAST_HOLD
        ? passes("The hold window is still open.")
        : stops("The hold window has passed: the news came late."),
  },
  {
    name: "prediction",
    judge: ({ forecast }) =>
      forecast.abstained === null
        ? passes("There is a prediction.")
        : stops(`There is no prediction: ${forecast.abstained}.`),
  },
  {
    name: "threshold",
    judge: ({ forecast, predictor }) => {
      if (predictor.threshold === null)
        return stops("This model version was not good enough to hold anything.");
      const probability = forecast.probability ?? 0;
      const text = `${Math.round(probability * 100)} % against the ${Math.round(predictor.threshold * 100)} % that a hold takes`;
      return probability >= predictor.threshold
        ? passes(`Likely enough to resolve itself: ${text}.`)
        : stops(`Not likely enough to resolve itself: ${text}.`);
    },
  },
];

/** Asks every guard rail; one that throws stops the hold. */
export const judgeAll = (circumstances: Circumstances): readonly Verdict[] =>
  guardRails.map(({ name, judge }) => {
    try {
      return { name, ...judge(circumstances) };
    } catch {
      return { name, ...stops("This guard rail failed.") };
    }
  });
