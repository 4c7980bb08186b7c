import type { Prediction } from "@mrdata/incident";
import type { DocumentData, DocumentStore, StoredDocument } from "../document-store.ts";
import { decodePrediction, readOrNull, type SetAside } from "./decode.ts";
import { bumpHoldsVersion, holdsReader, MAX_HOLDS } from "./holds-lately.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { holdOf, settledUnreadable } from "./unreadable-hold.ts";

/** Holds, until the outcome of each is known. */
export type Holds = {
  /**
   * Holds whose window ends, or would have ended, after `at` (milliseconds since the epoch), ordered by that end. An unreadable one
   * is replaced by a placeholder (`isUnreadable`) that counts.
   */
  holdsSince(at: number): Promise<readonly Prediction[]>;
  /**
   * Holds whose outcome is not known yet, including ongoing ones. An unreadable one is replaced by a placeholder
   * (`isUnreadable`).
   */
  unsettledHolds(): Promise<readonly Prediction[]>;
  /** Records that a hold ended before its window did; the first end is kept. */
  endHold(incident: string, ended: { readonly at: number; readonly why: string }): Promise<void>;
  /**
   * Records the outcome of a hold: a miss, known at the given moment, or (null) no miss. An unreadable hold can only be
   * settled as a miss.
   */
  settleHold(incident: string, missedAt: number | null): Promise<void>;
  /** Reopens a hold that was settled as a miss: its outcome is unknown again. */
  reopenHold(incident: string): Promise<void>;
};

export function holdsIn(store: DocumentStore, setAside: SetAside): Holds {
  /** Replaces the prediction by the result of `work`; null leaves it unchanged. */
  const change = (incident: string, work: (document: StoredDocument) => DocumentData | null) =>
    store.transaction(async (transaction) => {
      const document = await transaction.get(paths.prediction(incident));
      const changed = document === null ? null : work(document);
      if (document === null || changed === null) return;
      const moved = bumpHoldsVersion();
      transaction.set(document.path, changed);
      transaction.set(moved.path, moved.data);
    });
  /** The same for a readable prediction; an unreadable one is reported and left unchanged. */
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

/** Keeps the writer's token, which no change may remove. */
const withToken = (
  { data: { token } }: StoredDocument,
  prediction: Prediction | null,
): DocumentData | null =>
  prediction === null || token === undefined ? prediction : { ...prediction, token };
