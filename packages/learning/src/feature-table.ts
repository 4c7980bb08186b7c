import type { OrganisationCounts, RunningRecord, Urgency } from "@mrdata/incident";
import type { DetailColumns } from "./detail-columns.ts";
import { type SubjectFeatures, subjectFeatureNames, subjectFeatures } from "./subject-features.ts";

/**
 * All that may be known of an incident at the moment it opens. There is no place in it for how the incident went on: a
 * feature cannot be made of what has not happened yet.
 */
export type Situation = {
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly urgency: Urgency;
  readonly alertType: readonly RunningRecord[];
  readonly service: readonly RunningRecord[];
  /** By name of a text among the details: the past of its value on this service. */
  readonly texts: Readonly<Record<string, readonly RunningRecord[]>>;
  /** Numbers among the details. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly organisation: OrganisationCounts;
};

export type Feature = {
  readonly name: string;
  /** For people: in explanations and on the model's card. */
  readonly sentence: string;
};

const sentences: Readonly<Record<keyof SubjectFeatures, string>> = {
  seen: "how often an outcome of {} is known",
  rateEver: "the share of {} that resolved itself",
  rateMonth: "the share of {} that resolved itself in the last weeks",
  rateHour: "the share of {} that resolved itself around this time of the day",
  durationMonth: "how long {} lasted in the last weeks",
  durationHour: "how long {} lasted around this time of the day",
  opened1h: "how many of {} opened in the last hour",
  opened24h: "how many of {} opened in the last day",
  opened7d: "how many of {} opened in the last week",
  open: "how many of {} are open now",
  sinceLast: "how long ago {} opened last",
  lastDuration: "how long the last of {} lasted",
};

/**
 * How often a service or a value was seen in all is no feature of its own: it grows from block to block, and what was
 * learnt of it does not hold for larger counts.
 */
const widerNames = subjectFeatureNames.filter((name) => name !== "seen");

const subjectTable = (
  names: readonly (keyof SubjectFeatures)[],
  prefix: string,
  who: string,
): readonly Feature[] =>
  names.map((name) => ({ name: `${prefix}.${name}`, sentence: sentences[name].replace("{}", who) }));

/** The features of a data set with these details, in the order of `featuresOf`. */
export const featureTable = ({ numbers, texts }: DetailColumns): readonly Feature[] => [
  ...subjectTable(subjectFeatureNames, "alert-type", "this alert"),
  ...subjectTable(widerNames, "service", "this service's incidents"),
  ...texts.flatMap((name) =>
    subjectTable(widerNames, `details.${name}`, `this service's incidents with this ${name}`),
  ),
  ...numbers.map((name) => ({ name: `details.${name}`, sentence: `${name} when it opened` })),
  { name: "organisation.hour", sentence: "how many incidents opened anywhere in the last hour" },
  { name: "organisation.day", sentence: "how many incidents opened anywhere in the last day" },
  { name: "organisation.week", sentence: "how many incidents opened anywhere in the last week" },
  { name: "time.hour-sine", sentence: "the time of the day" },
  { name: "time.hour-cosine", sentence: "the time of the day" },
  { name: "time.weekday", sentence: "the day of the week" },
  { name: "time.minute", sentence: "the minute of the hour" },
  { name: "urgency", sentence: "its urgency" },
];

const DAY = 86_400_000;

/** The row of a situation: one number a feature, NaN where there is none. */
export function featuresOf(situation: Situation, { numbers, texts }: DetailColumns): Float32Array {
  const { openedAt, organisation } = situation;
  const service = subjectFeatures(situation.service, openedAt, null);
  const alertType = subjectFeatures(situation.alertType, openedAt, service);
  const details = texts.map((name) => {
    const records = situation.texts[name];
    return records === undefined ? null : subjectFeatures(records, openedAt, service);
  });
  const rowOf = (of: SubjectFeatures | null, names: readonly (keyof SubjectFeatures)[] = widerNames) =>
    names.map((name) => (of === null ? Number.NaN : of[name]));
  const when = new Date(openedAt);
  const turn = ((openedAt % DAY) / DAY) * 2 * Math.PI;
  return Float32Array.from([
    ...rowOf(alertType, subjectFeatureNames),
    ...rowOf(service),
    ...details.flatMap((of) => rowOf(of)),
    ...numbers.map((name) => situation.numbers[name] ?? Number.NaN),
    Math.log1p(organisation.hour),
    Math.log1p(organisation.day),
    Math.log1p(organisation.week),
    Math.sin(turn),
    Math.cos(turn),
    when.getUTCDay(),
    when.getUTCMinutes(),
    situation.urgency === "high" ? 1 : 0,
  ]);
}
