import { alertTypeOf, fnv1a64 } from "./alert-type.ts";
import type { FamilyLevel } from "./names/family.ts";
import { type Names, namesOf } from "./names/names-of.ts";

/**
 * A record is stored in shards, so that a storm on one service does not queue on one document: an incident's events
 * always go to the same shard, and readers add up the shards.
 */
export const RECORD_SHARDS = 4;

/** Record kinds for an alarm's name at each level, finest first. */
const nameKinds = ["alarm", "alarm-kind", "alarm-words"] as const;

export type RecordSubject = {
  readonly kind: "alert-type" | "service" | "detail" | (typeof nameKinds)[number];
  readonly key: string;
};

/** The key of an alarm's name at each level: service and hash. */
export type NameKeys = readonly [finest: string, general: string, words: string];

export const nameKeysOf = (service: string, title: string): NameKeys => {
  const [finest, general, words] = hashesOf(namesOf(title));
  return [`${service}:${finest}`, `${service}:${general}`, `${service}:${words}`];
};

/** A cache: recurring names give the same list while their title is known. */
const hashes = new WeakMap<Names, NameKeys>();

function hashesOf(names: Names): NameKeys {
  const known = hashes.get(names);
  if (known !== undefined) return known;
  const [finest, general, words] = names;
  const made: NameKeys = [fnv1a64(finest), fnv1a64(general), fnv1a64(words)];
  hashes.set(names, made);
  return made;
}

/** A document id has at most 1,500 bytes, and escaping turns one into up to five. */
const MAX_KEY_LENGTH = 120;

/**
 * A text detail of a service's incidents, such as the host or region, whose past is recorded by value. A long value is
 * identified by its beginning and its hash.
 * @example
 * ```ts
 * detailSubject("PDB", "host", "db-3"); // => { kind: "detail", key: '["PDB","host","db-3"]' }
 * ```
 */
export function detailSubject(service: string, name: string, value: string | number): RecordSubject {
  const key = JSON.stringify([service, name, value]);
  return {
    kind: "detail",
    key: key.length <= MAX_KEY_LENGTH ? key : `${[...key].slice(0, 60).join("")}…${fnv1a64(key)}`,
  };
}

/**
 * The subjects whose records an incident's events update: the alert type by its pattern, as since the first version,
 * the service, and the alarm's name at each level, finest first.
 */
export const subjectsOf = (service: string, title: string): readonly RecordSubject[] => [
  { kind: "alert-type", key: alertTypeOf(service, title).key },
  { kind: "service", key: service },
  ...nameKeysOf(service, title).map((key, level) => ({ kind: nameKinds[level] ?? "alarm", key })),
];

/** The level of a coarse name by its subject's kind, or by the key of its record; null for any other. */
export const familyOfKey = (kindOrKey: string): FamilyLevel | null =>
  /^alarm-kind(?::|$)/u.test(kindOrKey) ? 1 : /^alarm-words(?::|$)/u.test(kindOrKey) ? 2 : null;

/**
 * The shard, from 0, that an incident's events go to.
 * Which of the shards an incident's events go to, from 0.
 *
 * @example
 * ```ts
 * shardOf("Q1A2B3C4D5E6F7") === shardOf("Q1A2B3C4D5E6F7"); // => true
 * shardOf("Q1A2B3C4D5E6F7") < 4; // => true
 * ```
 */
export const shardOf = (incident: string): number =>
  Number.parseInt(fnv1a64(incident).slice(-4), 16) % RECORD_SHARDS;

// The window is part of the key: outcomes for different windows must never mix.
const keyOf = (subject: RecordSubject, windowMs: number, shard: number): string =>
  `${subject.kind}:${encodeURIComponent(subject.key)}:${windowMs / 1000}s:${shard}`;

/** For each subject the key (a document id) of the shard that an incident's events go to. `windowMs` in milliseconds. */
export function recordKeysFor(
  subjects: readonly RecordSubject[],
  windowMs: number,
  incident: string,
): readonly string[] {
  const shard = shardOf(incident);
  return subjects.map((subject) => keyOf(subject, windowMs, shard));
}

/**
 * The keys of all shards of a subject, for a window in milliseconds.
 *
 * @example
 * ```ts
 * recordKeysOf({ kind: "service", key: "PDB" }, 300_000).length; // => 4
 * recordKeysOf({ kind: "service", key: "PDB" }, 300_000)[0]; // => "service:PDB:300s:0"
 * ```
 */
export const recordKeysOf = (subject: RecordSubject, windowMs: number): readonly string[] =>
  Array.from({ length: RECORD_SHARDS }, (_, shard) => keyOf(subject, windowMs, shard));
