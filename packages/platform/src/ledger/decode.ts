import {
  actors,
  type IncidentEvent,
  incidentEventTypes,
  outcomes,
  ownEventTypes,
  type Prediction,
  type TrackRecord,
} from "@mrdata/incident";
import { z } from "zod";
import type { DocumentData, StoredDocument } from "../document-store.ts";

/** A document that does not say what it should. Names the path and the field; never the field's value. */
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

/**
 * Decodes as `decode` does; of data that was read before it gives the same again. A store that keeps documents as objects, and
 * hands out the same ones until they are replaced, is then not checked over and over.
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
  /** The number that this event got in each track record it was applied to; empty while it was applied to none. */
  applied: z.record(z.string(), z.number()),
});

export const decodeEvent = decoderOf(eventDocument);

/** An event as the ledger keeps it. */
export type RecordedEvent = IncidentEvent & { readonly applied: Readonly<Record<string, number>> };

export const stateDocument = z.object({
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

// Records and predictions are written by this program alone and read on every page: their outline is checked, not
// every number in them.
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

export const encodeRecord = (record: TrackRecord) => ({
  schema: record.schema,
  version: record.version,
  latest: record.latest,
  window: record.window,
  state: JSON.stringify(record),
});

const isPrediction = (value: unknown): value is Prediction =>
  typeof value === "object" &&
  value !== null &&
  "incident" in value &&
  "decision" in value &&
  "asOf" in value &&
  "taken" in value &&
  "features" in value;

export const predictionDocument = z.custom<Prediction>(isPrediction, "is not a prediction");
