import type { NameKeys } from "./record-key.ts";

/** Numbers of incidents opened in the whole organisation before one moment, as they were read. */
export type OrganisationCounts = { readonly hour: number; readonly day: number; readonly week: number };

/** What was read to make a prediction: with it a replay computes identical features. */
export type AsOf = {
  /** Version of each track-record shard that was read; 0 where there was none yet. */
  readonly records: Readonly<Record<string, number>>;
  readonly organisation: OrganisationCounts;
  /** The moment that the records were read for: when the incident opened, milliseconds since the epoch. */
  readonly at: number;
};

export type Features = Readonly<Record<string, number | null>>;

/** One guard rail or threshold and its result. */
export type Verdict = { readonly name: string; readonly allowsHold: boolean; readonly sentence: string };

export type Decision = "hold" | "page";

export type Mode = "shadow" | "annotate" | "armed";

/** What the bot did at PagerDuty, and why no more. */
export type ActionTaken = {
  readonly action: "none" | "paged" | "delegated";
  readonly sentence: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * It waited on the bot and should have been paged, but this paged nobody: PagerDuty refused or did not answer, or
   * somebody, perhaps a program, had taken it meanwhile. Omitted otherwise.
   */
  readonly failed?: true;
};

/** `predictions/{incident}`: always written, even when the bot abstains. */
export type Prediction = {
  readonly incident: string;
  /** Whether it will resolve itself (willSelfResolve). False when abstaining. */
  readonly prediction: boolean;
  /** Probability of the stated prediction; 0 when abstaining. */
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
  /** Keys of the alarm's name at each level; missing in documents of earlier versions. */
  readonly names?: NameKeys;
  /** When the incident opened, when this was decided, and until when a hold lasts: milliseconds since the epoch. */
  readonly openedAt: number;
  readonly decidedAt: number;
  readonly holdUntil: number | null;
  /** The hold window of the decision, milliseconds; missing in documents of earlier versions. */
  readonly window?: number;
  readonly taken: ActionTaken;
  /**
   * For a would-be hold: the share that was paged as a control at that time, and whether this one was drawn. Those not
   * drawn were held with probability 1 − share.
   */
  readonly control?: { readonly share: number; readonly drawn: boolean };
  /**
   * For a would-be hold that an endpoint was queried about: whether the endpoint's score counted beside that of the
   * bot's own process, or the process's alone (late, unavailable, malformed, another version). Omitted where none was
   * queried.
   */
  readonly scoredBy?: "process" | "both";
  /** When and why a hold ended before its window did: it resolved, or it was released and paged. */
  readonly ended?: { readonly at: number; readonly why: string };
  /** True while a hold's outcome is unknown; removed afterwards. */
  readonly unsettled?: true;
  /** For a hold that needed a human, when that became known: a miss. */
  readonly missedAt?: number;
};

/** People's feedback on an alert type, and what follows from it. */
export type AlertTypeFeedback = {
  /** The last feedback on holding it: who wrote `never hold this` or `ok to hold`, when, and on which incident. */
  readonly hold: {
    readonly allowed: boolean;
    readonly who: string | null;
    readonly at: number;
    readonly incident: string;
  } | null;
};
