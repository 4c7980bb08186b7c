import {
  actors,
  type IncidentEvent,
  incidentEventTypes,
  outcomes,
  ownEventTypes,
  type Prediction,
  type TrackRecord,
  type TrackRecordBuilder,
} from "@mrdata/incident";
import { z } from "zod";
import type { DocumentData, StoredDocument } from "../document-store.ts";

/** A document that does not match its schema. The message names the path and the field, never the field's value. */
export class UnreadableDocumentError extends Error {
  constructor(path: string, field: string, problem: string) {
    super(`document ${path} cannot be read: field '${field}': ${problem}`);
    this.name = "UnreadableDocumentError";
  }
}

export function decode<T>(schema: z.ZodType<T>, document: StoredDocument): T {
  const read = schema.safeParse(document.data);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new UnreadableDocumentError(document.path, issue?.path.join(".") ?? "", issue?.message ?? "invalid");
}

/** Called with each document that could not be read and was skipped. */
export type SetAside = (problem: UnreadableDocumentError) => void;

/** Decodes a list of documents; unreadable ones are reported and skipped. */
export function decodeEach<T>(
  documents: readonly StoredDocument[],
  read: (document: StoredDocument) => T,
  setAside: SetAside,
): readonly T[] {
  return documents.flatMap((document) => {
    const one = readOrNull(() => read(document), setAside);
    return one === null ? [] : [one];
  });
}

/** The result of `read`; null if it throws UnreadableDocumentError, which is reported. */
export function readOrNull<T>(read: () => T, setAside: SetAside): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    setAside(error);
    return null;
  }
}

/**
 * A memoised `decode`: the same data object gives the same result. A store that keeps documents as objects, and
 * returns the same ones until they are replaced, is then not validated over and over.
 */
export function decoderOf<T extends object>(schema: z.ZodType<T>): (document: StoredDocument) => T {
  const known = new WeakMap<DocumentData, T>();
  return (document) => {
    const before = known.get(document.data);
    if (before !== undefined) return before;
    const read = decode(schema, document);
    known.set(document.data, read);
    return read;
  };
}

const snapshot = z.object({
  title: z.string(),
  service: z.string(),
  serviceName: z.string().nullable(),
  status: z.enum(["triggered", "acknowledged", "resolved"]),
  urgency: z.enum(["high", "low"]),
  priority: z.string().nullable(),
  assignees: z.array(z.string()),
  escalationPolicy: z.string().nullable(),
  teams: z.array(z.string()),
  number: z.number().nullable(),
  htmlUrl: z.string().nullable(),
  createdAt: z.number().nullable(),
});

const eventDocument = z.object({
  id: z.string(),
  incident: z.string(),
  type: z.enum([...incidentEventTypes, ...ownEventTypes]),
  occurredAt: z.number(),
  actor: z.enum([...actors]),
  actorId: z.string().nullable(),
  snapshot: snapshot.nullable(),
  note: z.string().nullable(),
  mergedInto: z.string().nullable(),
  details: z
    .object({
      numbers: z.record(z.string(), z.number()),
      texts: z.record(z.string(), z.union([z.string(), z.number()])),
      others: z.record(z.string(), z.string()).exactOptional(),
    })
    .exactOptional(),
  maintenance: z.array(z.object({ start: z.number(), end: z.number() })).exactOptional(),
  /** The version that this event gave to each track record it was applied to; empty if it was applied to none. */
  applied: z.record(z.string(), z.number()),
});

export const decodeEvent = decoderOf(eventDocument);

/** An event as stored in the ledger. */
export type RecordedEvent = IncidentEvent & { readonly applied: Readonly<Record<string, number>> };

const stateDocument = z.object({
  incident: z.string(),
  service: z.string().nullable(),
  serviceName: z.string().nullable(),
  title: z.string().nullable(),
  alertType: z.string().nullable(),
  status: z.enum(["triggered", "acknowledged", "resolved"]).nullable(),
  urgency: z.enum(["high", "low"]).nullable(),
  priority: z.string().nullable(),
  openedAt: z.number().nullable(),
  closedAt: z.number().nullable(),
  outcome: z.enum([...outcomes]).nullable(),
  decidedAt: z.number().nullable(),
  feedback: z.array(z.string()),
  events: z.number(),
});

export const decodeState = decoderOf(stateDocument);

// Records and predictions are written by this program alone and read for every page: only their outline and the fields
// that holds depend on are validated, not every number.
const isRecord = (value: unknown): value is TrackRecord =>
  typeof value === "object" &&
  value !== null &&
  "schema" in value &&
  value.schema === 1 &&
  "version" in value &&
  "minutes" in value &&
  "hours" in value &&
  "days" in value;

const recordDocument = z
  .object({ state: z.string() })
  .transform(({ state }): unknown => JSON.parse(state))
  .pipe(z.custom<TrackRecord>(isRecord, "is not a track record of schema 1"));

export const decodeRecord = decoderOf(recordDocument);

/** A track record as a document. */
export const encodeRecord = (record: TrackRecordBuilder) => ({
  schema: 1,
  version: record.version,
  latest: record.latest,
  window: record.window,
  state: record.toJson(),
});

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The problem with a stored prediction; null if it is valid. */
function problemOfPrediction(value: unknown): string | null {
  if (!isMap(value)) return "is not a prediction";
  for (const name of ["incident", "decision", "mode", "service", "alertType"])
    if (typeof value[name] !== "string") return `is not a prediction: '${name}' is no text`;
  for (const name of ["openedAt", "decidedAt"])
    if (typeof value[name] !== "number") return `is not a prediction: '${name}' is no time`;
  if (value.holdUntil !== null && typeof value.holdUntil !== "number")
    return "is not a prediction: 'holdUntil' is no time";
  for (const name of ["asOf", "taken", "features"])
    if (!isMap(value[name])) return `is not a prediction: '${name}' is missing`;
  return value.ended === undefined || (isMap(value.ended) && typeof value.ended.at === "number")
    ? null
    : "is not a prediction: 'ended' tells no time";
}

/** A stored prediction with the writer's token, by which a repeated write recognises its own. */
type StoredPrediction = Prediction & { readonly token?: string };

const isPrediction = (value: unknown): value is StoredPrediction => problemOfPrediction(value) === null;

export const decodePrediction = decoderOf(
  z
    .custom<StoredPrediction>(isPrediction, {
      error: ({ input }) => problemOfPrediction(input) ?? "is not a prediction",
    })
    .transform(({ token: _, ...prediction }): Prediction => prediction),
);
