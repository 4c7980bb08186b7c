import type { Prediction } from "@mrdata/incident";
import type { DocumentData, DocumentStore, StoredDocument } from "../document-store.ts";
import { decodePrediction, readOrNull, type SetAside } from "./decode.ts";
import { bumpHoldsVersion, holdsReader, MAX_HOLDS } from "./holds-lately.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { holdOf, settledUnreadable } from "./unreadable-hold.ts";

/** Holds of decisions, until it is known how each ended. */
export type Holds = {
  /**
   * Holds whose window ends, or would have ended, after `at` (milliseconds), the first to end first. One that cannot be
   * read is stood in for (`isUnreadable`): it counts.
   */
  holdsSince(at: number): Promise<readonly Prediction[]>;
  /**
   * Holds of which it is not known yet how they ended: what is held now is among them, and one that cannot be read is stood
   * in for (`isUnreadable`).
   */
  unsettledHolds(): Promise<readonly Prediction[]>;
  /** Notes that a hold ended before its window did; the first end stands. */
  endHold(incident: string, ended: { readonly at: number; readonly why: string }): Promise<void>;
  /**
   * Notes how a hold ended for good: as a miss, known at that moment, or (null) not as one. One that cannot be read is
   * settled as a miss only.
   */
  settleHold(incident: string, missedAt: number | null): Promise<void>;
  /** Of a hold that was settled as a miss: it is not known any more how it ended. */
  reopenHold(incident: string): Promise<void>;
};

export function holdsIn(store: DocumentStore, setAside: SetAside): Holds {
  /** Writes what `work` makes of the prediction; null leaves it as it is. */
  const change = (incident: string, work: (document: StoredDocument) => DocumentData | null) =>
    store.transaction(async (transaction) => {
      const document = await transaction.get(paths.prediction(incident));
      const changed = document === null ? null : work(document);
      if (document === null || changed === null) return;
      const moved = bumpHoldsVersion();
      transaction.set(document.path, changed);
      transaction.set(moved.path, moved.data);
    });
  /** The same of one that can be read; one that cannot is told and left as it is: it is stood in for. */
  const changeReadable = (incident: string, work: (prediction: Prediction) => Prediction | null) =>
    change(incident, (document) => {
      const before = readOrNull(() => decodePrediction(document), setAside);
      return before === null ? null : withToken(document, work(before));
    });
  return {
    holdsSince: holdsReader(store, setAside),
    async unsettledHolds() {
      const query = queryOf("holdsUnsettled", paths.predictions, [true], MAX_HOLDS);
      return (await store.query(query)).map((document) => holdOf(document, setAside));
    },
    endHold: (incident, ended) =>
      changeReadable(incident, (prediction) =>
        prediction.holdUntil !== null && prediction.ended === undefined ? { ...prediction, ended } : null,
      ),
    settleHold: (incident, missedAt) =>
      change(incident, (document) => {
        if (document.data.unsettled !== true) return null;
        const before = readOrNull(() => decodePrediction(document), setAside);
        if (before === null) return missedAt === null ? null : settledUnreadable(document.data, missedAt);
        const { unsettled: _, ...prediction } = before;
        return withToken(document, { ...prediction, ...(missedAt !== null && { missedAt }) });
      }),
    reopenHold: (incident) =>
      changeReadable(incident, ({ missedAt, ...prediction }) =>
        missedAt === undefined ? null : { ...prediction, unsettled: true },
      ),
  };
}

/** With the token of whoever wrote it, which no change takes away. */
const withToken = (
  { data: { token } }: StoredDocument,
  prediction: Prediction | null,
): DocumentData | null =>
  prediction === null || token === undefined ? prediction : { ...prediction, token };
