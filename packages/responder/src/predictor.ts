import type { EventDetails, Features, OrganisationCounts, TrackRecord } from "@mrdata/incident";
import type { Certificate, DetailColumns, LearntName, LevelsOfPast, ServedModel } from "@mrdata/learning";

/** The shards of an alarm's track records by level of name: the title itself, without numbers and hosts, words only. */
export type NameRecords = readonly [
  finest: readonly TrackRecord[],
  general: readonly TrackRecord[],
  words: readonly TrackRecord[],
];

/** Everything known at the moment an incident opens. */
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
  /** The shards of the track records of the alarm's name at each level. */
  readonly nameRecords: NameRecords;
  /** By the name of a text detail of its alerts: the track record of that text's value on this service. */
  readonly textRecords: Readonly<Record<string, readonly TrackRecord[]>>;
  /** The text details of its alerts. */
  readonly texts: EventDetails["texts"];
  /** The numeric details of its alerts. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly organisation: OrganisationCounts;
};

/** A predictor's forecast for one incident. */
export type Forecast = {
  readonly features: Features;
  /** Probability that it resolves itself within the window; null when abstaining. */
  readonly probability: number | null;
  /** Why there is no probability; null if there is one. */
  readonly abstained: string | null;
  /** Sentences for people, the most important first. */
  readonly reasons: readonly string[];
  /** Features far outside the training data. */
  readonly outside: readonly string[];
  /** Details unlike any in the training data; absent if the model does not know them. */
  readonly unlike?: readonly string[];
};

/** The interface of every predictor, learned or not. Pure: the same observation gives the same forecast. */
export type Predictor = {
  /** The model version, or `rate`. */
  readonly version: string;
  /** The hold window that it predicts for, milliseconds. It must not be used for another. */
  readonly windowMs: number;
  /** Hold at this probability or above; null means never. */
  readonly threshold: number | null;
  /** The guarantee behind the threshold; null if there is none, and then no page of an armed service is held. */
  readonly certificate: Certificate | null;
  /** The organisation's past as the version knew it; absent if it does not know it. */
  readonly levels?: LevelsOfPast | undefined;
  /** The name that it has learnt for a title on a service; absent if it has learnt no names. */
  readonly learntName?: ((service: string, title: string) => LearntName | null) | undefined;
  /** Why there is no usable model: stale, missing, refused. Null if there is one. */
  readonly refused: string | null;
  /** The details of an incident that it uses. */
  readonly details: DetailColumns;
  /** Absent for predictors that are not models and cannot be served. */
  readonly served?: ServedModel | undefined;
  predict(observation: Observation): Forecast;
};

export const noDetails: DetailColumns = { numbers: [], texts: [] };
