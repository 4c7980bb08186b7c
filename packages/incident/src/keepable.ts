import type { EventDetails, IncidentEvent, IncidentSnapshot } from "./event.ts";

// External data may have any name and value: a table's column without a heading, a title cut in the middle of a
// surrogate pair. No document could store that (https://cloud.google.com/firestore/quotas#limits), so it is made
// storable where it enters, identically for every reader.

/** PagerDuty cuts titles at 1,024 characters and notes at 25,000: none of its texts is cut here. */
const MAX_TEXT_LENGTH = 25_000;
const MAX_NAME_LENGTH = 300;
/** Prefix of a name that no field could have. */
const PREFIX = "detail:";

/** The text without lone surrogates, and no longer than any of PagerDuty's. */
export const keepableText = (text: string): string =>
  (text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text).toWellFormed();

/**
 * A name that every document can store. Idempotent; valid names are unchanged.
 *
 * @example
 * ```ts
 * keepableName(""); // => "detail:"
 * keepableName("__x__"); // => "detail:__x__"
 * keepableName("host"); // => "host"
 * ```
 */
export function keepableName(name: string): string {
  const text = name.slice(0, MAX_NAME_LENGTH).toWellFormed();
  return text === "" || (text.startsWith("__") && text.endsWith("__")) ? `${PREFIX}${text}` : text;
}

/** The event with names and texts that every store can keep; the same object if nothing has to change. */
export const keepableEvent = (event: IncidentEvent): IncidentEvent =>
  isKeepable(event)
    ? event
    : {
        ...event,
        id: keepableText(event.id),
        incident: keepableText(event.incident),
        actorId: orNull(event.actorId),
        snapshot: event.snapshot === null ? null : keepableSnapshot(event.snapshot),
        note: orNull(event.note),
        mergedInto: orNull(event.mergedInto),
        ...(event.details === undefined ? {} : { details: keepableDetails(event.details) }),
      };

const orNull = (text: string | null): string | null => (text === null ? null : keepableText(text));

const keepableSnapshot = (snapshot: IncidentSnapshot): IncidentSnapshot => ({
  ...snapshot,
  title: keepableText(snapshot.title),
  service: keepableText(snapshot.service),
  serviceName: orNull(snapshot.serviceName),
  priority: orNull(snapshot.priority),
  assignees: snapshot.assignees.map(keepableText),
  escalationPolicy: orNull(snapshot.escalationPolicy),
  teams: snapshot.teams.map(keepableText),
  htmlUrl: orNull(snapshot.htmlUrl),
});

const keepableDetails = ({ numbers, texts, others }: EventDetails): EventDetails => ({
  numbers: named(numbers, (value) => value),
  texts: named(texts, (value) => (typeof value === "string" ? keepableText(value) : value)),
  ...(others === undefined ? {} : { others: named(others, keepableText) }),
});

const named = <T>(given: Readonly<Record<string, T>>, value: (one: T) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(given).map(([name, one]) => [keepableName(name), value(one)]));

const hasFields = (value: object): value is Readonly<Record<string, unknown>> => !Array.isArray(value);

function isKeepable(value: unknown): boolean {
  if (typeof value === "string") return value.length <= MAX_TEXT_LENGTH && value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isKeepable);
  if (!hasFields(value)) return true;
  for (const name of Object.keys(value)) if (!isKeepableName(name) || !isKeepable(value[name])) return false;
  return true;
}

/** A cache: events have few names, and the same ones. */
const keepableNames = new Set<string>();
const MAX_KNOWN = 1_000;

function isKeepableName(name: string): boolean {
  if (keepableNames.has(name)) return true;
  if (name !== keepableName(name)) return false;
  if (keepableNames.size < MAX_KNOWN) keepableNames.add(name);
  return true;
}
