import type { Prediction } from "@mrdata/incident";
import type { DocumentData, StoredDocument } from "../document-store.ts";
import { decodePrediction, readOrNull, type SetAside } from "./decode.ts";

/** Who decided on a hold whose document cannot be read. */
const UNREADABLE = "unreadable";
/** The service of a settled hold of which nobody can read on which it was: it counts against every service. */
export const UNKNOWN_SERVICE = "unknown";

/**
 * The hold that a document tells of. One that cannot be read is told, and stood in for by what can be read of it, so that it
 * counts where holds are counted and is settled as a miss: nothing is held more easily because a document is broken.
 */
export const holdOf = (document: StoredDocument, setAside: SetAside): Prediction =>
  readOrNull(() => decodePrediction(document), setAside) ?? standIn(document);

/** Whether a hold is such a stand-in. */
export const isUnreadable = ({ decidedBy }: Pick<Prediction, "decidedBy">): boolean =>
  decidedBy === UNREADABLE;

/** A hold that cannot be read as it is once it was settled: a miss, on its service where that can be read. */
export function settledUnreadable(data: DocumentData, missedAt: number): DocumentData {
  const { unsettled: _, ...rest } = data;
  return { ...rest, service: typeof data.service === "string" ? data.service : UNKNOWN_SERVICE, missedAt };
}

function standIn({ id, data }: StoredDocument): Prediction {
  const time = (name: string): number | null => {
    const value = data[name];
    return typeof value === "number" ? value : null;
  };
  const text = (name: string): string => {
    const value = data[name];
    return typeof value === "string" ? value : UNKNOWN_SERVICE;
  };
  const holdUntil = time("holdUntil");
  // What is not known is taken so that it counts: as held from ever on, and as begun when it ended.
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

/** The incident of a prediction's document; its id is what the path was made of. */
function incidentIn(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
