import type { NameKeys } from "./record-key.ts";

/** Counts of incidents opened in the whole organisation before one moment, as they were read. */
export type OrganisationCounts = { readonly hour: number; readonly day: number; readonly week: number };

/** What was read to make a prediction: with it a replay gives the same features bit for bit. */
export type AsOf = {
  /** Version of each track-record shard that was read; 0 where there was none yet. */
  readonly records: Readonly<Record<string, number>>;
  readonly organisation: OrganisationCounts;
  /** The moment that the records were read for: when the incident opened, milliseconds since the epoch. */
  readonly at: number;
};

export type Features = Readonly<Record<string, number | null>>;

/** One guard rail or threshold and what it said. */
export type Verdict = { readonly name: string; readonly allowsHold: boolean; readonly sentence: string };

export type Decision = "hold" | "page";

export type Mode = "shadow" | "annotate" | "armed";

/** What the bot did at PagerDuty, and why it did no more. */
export type ActionTaken = {
  readonly action: "none" | "paged" | "delegated";
  readonly sentence: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * It waited on the bot, was to be paged, and this paged nobody: PagerDuty refused or did not answer, or somebody had taken it
   * meanwhile, who may be a program. Left out otherwise.
   */
  readonly failed?: true;
};

/** `predictions/{incident}`: always written, also when the bot abstains. */
export type Prediction = {
  readonly incident: string;
  /** Will it resolve itself? False when abstaining. */
  readonly prediction: boolean;
  /** Probability of what is stated; 0 when abstaining. */
  readonly confidence: number;
  /** Probability of self-resolving; null when abstaining. */
  readonly probability: number | null;
  /** Why there is no prediction; null where there is one. */
  readonly abstained: string | null;
  /** The predictor's version: a model version or `rate`. */
  readonly model: string;
  readonly features: Features;
  /** Sentences for people. */
  readonly reasons: readonly string[];
  readonly asOf: AsOf;
  readonly decision: Decision;
  /** The name of the guard rail or threshold that made the decision. */
  readonly decidedBy: string;
  readonly verdicts: readonly Verdict[];
  readonly mode: Mode;
  readonly service: string;
  readonly alertType: string;
  /** Keys of the alarm's name at each level; what was written by earlier versions does not say. */
  readonly names?: NameKeys;
  /** When the incident opened, when this was decided, and until when a hold lasts: milliseconds since the epoch. */
  readonly openedAt: number;
  readonly decidedAt: number;
  readonly holdUntil: number | null;
  /** The hold window that it was decided for, milliseconds; what was written by earlier versions does not say. */
  readonly window?: number;
  readonly taken: ActionTaken;
  /**
   * Of a would-be hold: the share that was paged all the same at that time, and whether this one was drawn. What was
   * not drawn was held with probability 1 − share.
   */
  readonly control?: { readonly share: number; readonly drawn: boolean };
  /**
   * Of a would-be hold that an endpoint was asked about: whether its answer counted beside the score of the bot's own process, or
   * that one alone (late, away, no answer's shape, another version's). Left out where nobody asked.
   */
  readonly scoredBy?: "process" | "both";
  /** When and why a hold ended before its window did: it resolved, or it was released and paged. */
  readonly ended?: { readonly at: number; readonly why: string };
  /** True while it is not known how a hold ended; gone afterwards. */
  readonly unsettled?: true;
  /** Of a hold that needed a human, when that was known: a miss. */
  readonly missedAt?: number;
};

/** What people said of an alert type in their notes, and what follows from it. */
export type AlertTypeFeedback = {
  /** The last word on holding it: who said `never hold this` or `ok to hold`, when, and on which incident. */
  readonly hold: {
    readonly allowed: boolean;
    readonly who: string | null;
    readonly at: number;
    readonly incident: string;
  } | null;
};
