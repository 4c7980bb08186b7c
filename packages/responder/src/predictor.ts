import type { EventDetails, Features, OrganisationCounts, TrackRecord } from "@mrdata/incident";
import type { Certificate, DetailColumns, LearntName, LevelsOfPast, ServedModel } from "@mrdata/learning";

/** The shards of the track records of an alarm's names: the title itself, without numbers and hosts, words only. */
export type NameRecords = readonly [
  finest: readonly TrackRecord[],
  general: readonly TrackRecord[],
  words: readonly TrackRecord[],
];

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
  /** Those of the alarm's name at each level. */
  readonly nameRecords: NameRecords;
  /** By name of a text among the details of its alerts: the record of its value on this service. */
  readonly textRecords: Readonly<Record<string, readonly TrackRecord[]>>;
  /** The texts themselves. */
  readonly texts: EventDetails["texts"];
  /** The numbers among the details. */
  readonly numbers: Readonly<Record<string, number>>;
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
  /** What of it is far from all that the model has learnt from. */
  readonly outside: readonly string[];
  /** By which details it is unlike all that the model has learnt from; left out where nothing is known of that. */
  readonly unlike?: readonly string[];
};

/** The interface of every model, learned or not. Pure: the same observation gives the same forecast. */
export type Predictor = {
  /** The model version, or `rate`. */
  readonly version: string;
  /** The hold window that it predicts for, milliseconds. For another it must not be asked. */
  readonly window: number;
  /** Hold at this probability or above; null: never. */
  readonly threshold: number | null;
  /** What the threshold promises; null where nothing is certified: then no page of an armed service is held. */
  readonly certificate: Certificate | null;
  /** What it knows of the organisation's past; left out where nothing is known of that. */
  readonly levels?: LevelsOfPast | undefined;
  /** What it has learnt of the name of a title on a service; left out where it has learnt nothing of names. */
  readonly learntName?: ((service: string, title: string) => LearntName | null) | undefined;
  /** Why there is no model to go by: stale, missing, refused. Null where there is one. */
  readonly refused: string | null;
  /** Which details of an incident it looks at. */
  readonly details: DetailColumns;
  /** Left out by whoever is no model that could be served. */
  readonly served?: ServedModel | undefined;
  predict(observation: Observation): Forecast;
};

export const noDetails: DetailColumns = { numbers: [], texts: [] };
