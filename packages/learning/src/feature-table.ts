import type { OrganisationCounts, TrackRecordBuilder, Urgency } from "@mrdata/incident";
import { type DetailColumns, MANY_TEXTS } from "./detail-columns.ts";
import { type SubjectFeatures, subjectFeatureNames, subjectFeatures } from "./subject-features.ts";
import { WORD_PLACES, wordPlaces } from "./words.ts";

/**
 * Everything that may be known of an incident when it opens. It has no field for how the incident went on, so that no
 * feature can use the future.
 */
export type Situation = {
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** Normalised, as the alert type's pattern is. */
  readonly title: string;
  readonly urgency: Urgency;
  readonly alertType: readonly TrackRecordBuilder[];
  readonly service: readonly TrackRecordBuilder[];
  /** For each level of the alarm's name, finest first; omitted where names are not used. */
  readonly names?: readonly (readonly TrackRecordBuilder[])[];
  /** For each text detail: the past of its value on this service. */
  readonly texts: Readonly<Record<string, readonly TrackRecordBuilder[]>>;
  /** For each text detail: its value. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Numeric details. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly organisation: OrganisationCounts;
  /** The sum of its values' log odds across services; omitted where not used. */
  readonly valueEffect?: number;
  /** The values of its title on each component; omitted where not used. */
  readonly titleComponents?: readonly number[];
  /** The rate of its learnt name; omitted where there is none, or where not used. */
  readonly learntRate?: number;
};

/**
 * What a feature's number means: `share` from 0 to 1, `log-count` ln(1 + count), `log-seconds` ln(1 + seconds),
 * `log-odds` of resolving itself, `time` a position on the daily circle, `weekday` 0 for Sunday, `urgency` 1 for high,
 * `words` 1 where a word is present, `component` a title's distance from the mean title, in words, `count` and `number`
 * as they are.
 */
export const featureTypes = [
  "share",
  "count",
  "log-count",
  "log-seconds",
  "log-odds",
  "number",
  "time",
  "weekday",
  "urgency",
  "words",
  "component",
] as const;
export type FeatureType = (typeof featureTypes)[number];

export type Feature = {
  readonly name: string;
  /** For display, in explanations and on the model's card. */
  readonly sentence: string;
  readonly type: FeatureType;
};

const subjects: Readonly<Record<keyof SubjectFeatures, readonly [type: FeatureType, sentence: string]>> = {
  seen: ["log-count", "how often an outcome of {} is known"],
  rateEver: ["share", "the share of {} that resolved themselves"],
  rateMonth: ["share", "the share of {} that resolved themselves in the last weeks"],
  rateHour: ["share", "the share of {} that resolved themselves around this time of the day"],
  durationMonth: ["log-seconds", "how long {} usually lasted in the last weeks"],
  durationHour: ["log-seconds", "how long {} usually lasted around this time of the day"],
  opened1h: ["log-count", "how many of {} opened in the last hour"],
  opened24h: ["log-count", "how many of {} opened in the last day"],
  opened7d: ["log-count", "how many of {} opened in the last week"],
  open: ["count", "how many of {} are open now"],
  sinceLast: ["log-seconds", "the time since the last of {} opened"],
  lastDuration: ["log-seconds", "how long the last of {} lasted"],
};

/**
 * The total count of a service or a value is no feature: it grows from block to block, and what was learnt for small
 * counts does not hold for larger ones.
 */
const widerNames = subjectFeatureNames.filter((name) => name !== "seen");

const subjectTable = (
  names: readonly (keyof SubjectFeatures)[],
  prefix: string,
  who: string,
): readonly Feature[] =>
  names.map((name) => {
    const [type, sentence] = subjects[name];
    return { name: `${prefix}.${name}`, sentence: sentence.replace("{}", who), type };
  });

/** The features of each level of a name: the alert type's own features cover the rest. */
const levels: readonly (readonly [prefix: string, who: string, names: readonly (keyof SubjectFeatures)[]])[] =
  [
    [
      "name",
      "incidents of this very alarm, this host or site",
      ["seen", "rateEver", "rateMonth", "durationMonth", "opened24h", "sinceLast", "lastDuration"],
    ],
    ["kind", "incidents of this kind of alarm, on any host or site", ["rateEver", "rateMonth"]],
    ["words", "incidents of alarms with these words", ["rateEver"]],
  ];

/**
 * With many texts, hundreds of values each carry a little information: a rate of few outcomes is pulled to the
 * service's by this many imagined ones.
 */
const MANY_TEXTS_PRIOR = 10;
const textNames = ({ texts }: DetailColumns): readonly (keyof SubjectFeatures)[] =>
  texts.length <= MANY_TEXTS ? widerNames : ["seen", "rateEver"];

/** The feature for the combined effect of an incident's values, which is learnt with a version. */
export const VALUE_EFFECT = "values.effect";

/** The feature for the learnt name's rate, also learnt with a version. */
export const LEARNT_NAME = "learnt-name.rate";

/** The feature of a title's value on a component, from 1 on. */
export const componentName = (component: number): string => `title.component-${component}`;

/** The features of a data set with these details, in the order of `featuresOf`. */
export const featureTable = (details: DetailColumns): readonly Feature[] => [
  ...subjectTable(subjectFeatureNames, "alert-type", "this alert's incidents"),
  ...subjectTable(widerNames, "service", "this service's incidents"),
  ...details.texts.flatMap((name) =>
    subjectTable(textNames(details), `details.${name}`, `this service's incidents with this ${name}`),
  ),
  ...details.numbers.map((name) => ({
    name: `details.${name}`,
    sentence: `its ${name}`,
    type: "number" as const,
  })),
  {
    name: "organisation.hour",
    sentence: "how many incidents opened anywhere in the last hour",
    type: "log-count",
  },
  {
    name: "organisation.day",
    sentence: "how many incidents opened anywhere in the last day",
    type: "log-count",
  },
  {
    name: "organisation.week",
    sentence: "how many incidents opened anywhere in the last week",
    type: "log-count",
  },
  { name: "time.hour-sine", sentence: "the time of the day", type: "time" },
  { name: "time.hour-cosine", sentence: "the time of the day", type: "time" },
  { name: "time.weekday", sentence: "the day of the week", type: "weekday" },
  { name: "time.minute", sentence: "the minute of the hour", type: "number" },
  { name: "urgency", sentence: "its urgency", type: "urgency" },
  ...(details.names === undefined
    ? []
    : levels.flatMap(([prefix, who, of]) => subjectTable(of, prefix, who))),
  ...(details.effects === undefined
    ? []
    : [
        {
          name: VALUE_EFFECT,
          sentence: "what its details and the words of its title say together, on any service",
          type: "log-odds" as const,
        },
      ]),
  ...(details.learnt === undefined
    ? []
    : [
        {
          name: LEARNT_NAME,
          sentence: "the share of incidents under its learnt name that resolved themselves",
          type: "share" as const,
        },
      ]),
  ...Array.from({ length: WORD_PLACES }, (_, place) => ({
    name: `words.${place}`,
    sentence: "the words of its title and details",
    type: "words" as const,
  })),
  ...(details.components ?? []).map((about, k) => ({
    name: componentName(k + 1),
    sentence: `title component ${k + 1}: ${about}`,
    type: "component" as const,
  })),
];

/** The index of a feature of the alert type: these come first, whatever the details. */
export function featurePlace(name: `alert-type.${keyof SubjectFeatures}`): number {
  return placeAmong(featureTable({ numbers: [], texts: [] }), name);
}

/** The index of a feature in a table. Throws RangeError for an unknown name: a renamed feature must not become 0.5. */
export function placeAmong(features: readonly { readonly name: string }[], name: string): number {
  const place = features.findIndex((feature) => feature.name === name);
  if (place === -1) throw new RangeError(`there is no feature '${name}'`);
  return place;
}

/** The number of features without words, which come last except for components of titles. */
export const withoutWords = (features: number): number => features - WORD_PLACES;

/** Increased when a feature's meaning changes while its name stays: versions trained before are then refused. */
export const FEATURE_SCHEMA = 2;

const DAY = 86_400_000;

/** Values too large for a float32 are clamped; NaN is kept. */
const LARGEST = 3.4028234663852886e38;
const withinFloat = (value: number): number => Math.max(-LARGEST, Math.min(LARGEST, value));

/**
 * For each level of the alarm's name, each pulled towards the next coarser one, and the coarsest towards the service.
 */
function nameFeatures({ names = [], openedAt }: Situation, service: SubjectFeatures): readonly number[] {
  const rows: (readonly number[])[] = [];
  let parent = service;
  for (const [i, [, , wanted]] of [...levels.entries()].reverse()) {
    const records = names[i];
    if (records !== undefined) parent = subjectFeatures(records, openedAt, parent);
    rows.unshift(wanted.map((name) => (records === undefined ? Number.NaN : parent[name])));
  }
  return rows.flat();
}

/** The row of a situation: one number per feature, NaN where there is none. */
export function featuresOf(situation: Situation, columns: DetailColumns): Float32Array {
  const { numbers, texts, names, effects, learnt, components = [] } = columns;
  const { openedAt, organisation } = situation;
  const service = subjectFeatures(situation.service, openedAt, null);
  const alertType = subjectFeatures(situation.alertType, openedAt, service);
  const details = texts.map((name) => {
    const records = situation.texts[name];
    if (records === undefined) return null;
    return texts.length <= MANY_TEXTS
      ? subjectFeatures(records, openedAt, service)
      : subjectFeatures(records, openedAt, service, MANY_TEXTS_PRIOR);
  });
  const rowOf = (of: SubjectFeatures | null, names: readonly (keyof SubjectFeatures)[] = widerNames) =>
    names.map((name) => (of === null ? Number.NaN : of[name]));
  const when = new Date(openedAt);
  const turn = ((openedAt % DAY) / DAY) * 2 * Math.PI;
  return Float32Array.from([
    ...rowOf(alertType, subjectFeatureNames),
    ...rowOf(service),
    ...details.flatMap((of) => rowOf(of, textNames(columns))),
    ...numbers.map((name) => withinFloat(situation.numbers[name] ?? Number.NaN)),
    Math.log1p(organisation.hour),
    Math.log1p(organisation.day),
    Math.log1p(organisation.week),
    Math.sin(turn),
    Math.cos(turn),
    when.getUTCDay(),
    when.getUTCMinutes(),
    situation.urgency === "high" ? 1 : 0,
    ...(names === undefined ? [] : nameFeatures(situation, service)),
    ...(effects === undefined ? [] : [situation.valueEffect ?? Number.NaN]),
    ...(learnt === undefined ? [] : [situation.learntRate ?? Number.NaN]),
    ...wordPlaces(situation.title, situation.values),
    ...components.map((_, k) => situation.titleComponents?.[k] ?? Number.NaN),
  ]);
}
