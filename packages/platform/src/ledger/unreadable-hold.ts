import type { Prediction } from "@mrdata/incident";
import type { DocumentData, StoredDocument } from "../document-store.ts";
import { decodePrediction, readOrNull, type SetAside } from "./decode.ts";

/** `decidedBy` of a hold whose document cannot be read. */
const UNREADABLE = "unreadable";
/** The service of a settled hold whose real service cannot be read: it counts against every service. */
export const UNKNOWN_SERVICE = "unknown";

/**
 * The hold in a document. An unreadable one is reported and replaced by a placeholder with its readable fields, so that it
 * still counts as a hold and is settled as a miss: a broken document never makes holding easier.
 */
export const holdOf = (document: StoredDocument, setAside: SetAside): Prediction =>
  readOrNull(() => decodePrediction(document), setAside) ?? placeholderOf(document);

/** Whether a hold is such a placeholder. */
export const isUnreadable = ({ decidedBy }: Pick<Prediction, "decidedBy">): boolean =>
  decidedBy === UNREADABLE;

/** An unreadable hold settled as a miss, on its service if that can be read. */
export function settledUnreadable(data: DocumentData, missedAt: number): DocumentData {
  const { unsettled: _, ...rest } = data;
  return { ...rest, service: typeof data.service === "string" ? data.service : UNKNOWN_SERVICE, missedAt };
}

function placeholderOf({ id, data }: StoredDocument): Prediction {
  const time = (name: string): number | null => {
    const value = data[name];
    return typeof value === "number" ? value : null;
  };
  const text = (name: string): string => {
    const value = data[name];
    return typeof value === "string" ? value : UNKNOWN_SERVICE;
  };
  const holdUntil = time("holdUntil");
  // Unknown values are chosen so that it counts: held since the epoch, and started when it ended.
  const openedAt = time("openedAt") ?? 0;
  const decidedAt = time("decidedAt") ?? holdUntil ?? openedAt;
  const sentence = "What was decided cannot be read.";
  return {
    incident: incidentIn(id),
    prediction: false,
    confidence: 0,
    probability: null,
    abstained: sentence,
    model: UNREADABLE,
    features: {},
    reasons: [],
    asOf: { records: {}, organisation: { hour: 0, day: 0, week: 0 }, at: openedAt },
    decision: "hold",
    decidedBy: UNREADABLE,
    verdicts: [],
    mode: "armed",
    service: text("service"),
    alertType: text("alertType"),
    openedAt,
    decidedAt,
    holdUntil,
    taken: { action: "none", sentence, at: decidedAt },
    unsettled: true,
  };
}

/** The incident of a prediction's document, decoded from the document's id. */
function incidentIn(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
