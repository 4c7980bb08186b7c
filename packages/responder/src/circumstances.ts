import type { AlertTypeFeedback, NameKeys } from "@mrdata/incident";
import type { HeldLately } from "./held-lately.ts";
import type { Misses } from "./miss-budget.ts";
import type { Forecast, Observation, Predictor } from "./predictor.ts";
import type { RailSetting } from "./rail-setting.ts";
import type { Rules } from "./rules.ts";
import type { UnknownSince } from "./unknown-checks.ts";

/** What the guard rails look at. Null is what could not be read, and stops a hold. */
export type Circumstances = {
  readonly observation: Observation;
  readonly forecast: Forecast;
  readonly predictor: Predictor;
  readonly settings: Rules | null;
  /** The hold window of the service's policy, milliseconds. */
  readonly window: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** True if a person opened the incident. What a person does to it later ends the hold, whichever is told first. */
  readonly touchedByPerson: boolean;
  /** The policy that the incident came by, and whether it waits on the bot alone. */
  readonly escalationPolicy: string | null;
  readonly waitsOnBot: boolean;
  readonly alertType: string;
  readonly names: NameKeys;
  /** The holds of the last hour. */
  readonly held: HeldLately | null;
  /** Incidents of the whole organisation that opened within the storm's seconds, this one among them. */
  readonly opened: number | null;
  readonly feedback: AlertTypeFeedback | null;
  /** Of the armed services: misses since they were armed, and what needed a human, 30 days at the most. */
  readonly misses: Misses | null;
  /** Needed checks of this service that could not be answered the last time. */
  readonly unknownChecks: readonly UnknownSince[] | null;
};

export type Judgement = { readonly allowsHold: boolean; readonly sentence: string };

export type GuardRail = {
  readonly name: string;
  judge(circumstances: Circumstances): Judgement;
  /** Of one that goes by a setting of its own: `railWithSetting` declares both. */
  readonly setting?: RailSetting;
};

/**
 * A guard rail's answer that nothing speaks against a hold. `sentence` is for people, and says what was looked at.
 *
 * @example
 * ```ts
 * passes("This alert has been seen 9 times."); // => { allowsHold: true, sentence: "This alert has been seen 9 times." }
 * ```
 */
export const passes = (sentence: string): Judgement => ({ allowsHold: true, sentence });
/**
 * A guard rail's answer that stops the hold: the incident is paged. `sentence` is for people, and says why.
 */
export const stops = (sentence: string): Judgement => ({ allowsHold: false, sentence });

/** One that looks at nothing but the holds of the last hour: it can be asked of a past that was never held, too. */
export type SharedRail = {
  readonly name: string;
  judge(
    circumstances: Pick<Circumstances, "held" | "window"> & { readonly settings: Pick<Rules, "caps"> | null },
  ): Judgement;
};

/** A guard rail that goes by the settings; without them it stops the hold. */
export const byRules =
  <Seen extends { readonly settings: object | null }>(
    judge: (rules: NonNullable<Seen["settings"]>, circumstances: Seen) => Judgement,
  ) =>
  (circumstances: Seen): Judgement => {
    const { settings }: { readonly settings: Seen["settings"] } = circumstances;
    return settings === null
      ? stops("The settings could not be read, so this is not known.")
      : judge(settings, circumstances);
  };
