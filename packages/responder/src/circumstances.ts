import type { AlertTypeFeedback, NameKeys } from "@mrdata/incident";
import type { HeldLately } from "./held-lately.ts";
import type { Misses } from "./miss-budget.ts";
import type { Forecast, Observation, Predictor } from "./predictor.ts";
import type { RailSetting } from "./rail-setting.ts";
import type { Rules } from "./rules.ts";
import type { UnknownSince } from "./unknown-checks.ts";

/** The guard rails' input. Null means that a value could not be read, and denies a hold. */
export type Circumstances = {
  readonly observation: Observation;
  readonly forecast: Forecast;
  readonly predictor: Predictor;
  readonly settings: Rules | null;
  /** The hold window of the service's policy, milliseconds. */
  readonly windowMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** True if a person opened the incident. A person's later action ends the hold, whichever event arrives first. */
  readonly touchedByPerson: boolean;
  /** The escalation policy of the incident, and whether it waits on the bot alone. */
  readonly escalationPolicy: string | null;
  readonly waitsOnBot: boolean;
  readonly alertType: string;
  readonly names: NameKeys;
  /** Sums over the holds of the last hour. */
  readonly held: HeldLately | null;
  /** Incidents of the whole organisation that opened within the storm setting's seconds, including this one. */
  readonly opened: number | null;
  readonly feedback: AlertTypeFeedback | null;
  /** Misses on the armed services since they were armed, and incidents that needed a human, both over at most 30 days. */
  readonly misses: Misses | null;
  /** Required checks of this service whose last answer was unknown. */
  readonly unknownChecks: readonly UnknownSince[] | null;
};

export type Judgement = { readonly allowsHold: boolean; readonly sentence: string };

export type GuardRail = {
  readonly name: string;
  judge(circumstances: Circumstances): Judgement;
  /** Present if the guard rail has a setting: `railWithSetting` declares both. */
  readonly setting?: RailSetting;
};

/**
 * The guard rail allows the hold. `sentence` is for people and says what was checked.
 *
 * @example
 * ```ts
 * allow("This alert has been seen 9 times."); // => { allowsHold: true, sentence: "This alert has been seen 9 times." }
 * ```
 */
export const allow = (sentence: string): Judgement => ({ allowsHold: true, sentence });
/**
 * The guard rail denies the hold: the incident is paged. `sentence` is for people and says why.
 */
export const deny = (sentence: string): Judgement => ({ allowsHold: false, sentence });

/** A guard rail that depends only on the holds of the last hour, so that it can be replayed on a past in which nothing was held. */
export type SharedRail = {
  readonly name: string;
  judge(
    circumstances: Pick<Circumstances, "held" | "windowMs"> & {
      readonly settings: Pick<Rules, "caps"> | null;
    },
  ): Judgement;
};

/** A judge that needs the settings; without them it denies the hold. */
export const byRules =
  <Seen extends { readonly settings: object | null }>(
    judge: (rules: NonNullable<Seen["settings"]>, circumstances: Seen) => Judgement,
  ) =>
  (circumstances: Seen): Judgement => {
    const { settings }: { readonly settings: Seen["settings"] } = circumstances;
    return settings === null
      ? deny("The settings could not be read, so this is not known.")
      : judge(settings, circumstances);
  };
