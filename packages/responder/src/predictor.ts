import type { Features, OrganisationCounts, TrackRecord } from "@mrdata/incident";

/** All that is known at the moment an incident opens. */
export type Observation = {
  readonly incident: string;
  readonly service: string;
  readonly title: string;
  readonly urgency: "high" | "low";
  readonly priority: string | null;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** The shards of the alert type's and of the service's track record. */
  readonly alertTypeRecords: readonly TrackRecord[];
  readonly serviceRecords: readonly TrackRecord[];
  readonly organisation: OrganisationCounts;
};

/** What a predictor says of one incident. */
export type Forecast = {
  readonly features: Features;
  /** Probability that it resolves itself within the window; null when abstaining. */
  readonly probability: number | null;
  /** Why there is none; null where there is one. */
  readonly abstained: string | null;
  /** Sentences for people, the weightiest first. */
  readonly reasons: readonly string[];
};

/** The interface of every model, learned or not. Pure: the same observation gives the same forecast. */
export type Predictor = {
  /** The model version, or `rate`. */
  readonly version: string;
  /** The hold window that it predicts for, milliseconds. For another it must not be asked. */
  readonly window: number;
  /** Hold at this probability or above. */
  readonly threshold: number;
  predict(observation: Observation): Forecast;
};
