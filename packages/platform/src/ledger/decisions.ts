import { randomUUID } from "node:crypto";
import type { ActionTaken, Prediction } from "@mrdata/incident";
import { z } from "zod";
import { DocumentExistsError, type DocumentStore, type StoredDocument } from "../document-store.ts";
import { decode, decodeEach, decodePrediction, readOrNull, type SetAside } from "./decode.ts";
import { bumpHoldsVersion } from "./holds-lately.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

/** The decision on each incident, written once, and the action taken on it. */
export type Decisions = {
  prediction(incident: string): Promise<Prediction | null>;
  /** Newest first; optionally only for one service, or for incidents opened at or after `since` (milliseconds since the epoch). */
  predictions(options: {
    readonly limit: number;
    readonly service?: string;
    readonly since?: number;
  }): Promise<readonly Prediction[]>;
  /**
   * False if the incident already has a prediction: the first one is final. True if the stored one is this
   * call's own, even if the answer to its write was lost.
   */
  createPrediction(prediction: Prediction): Promise<boolean>;
  /** Records the action taken after the prediction was written. True if none had been taken before. */
  noteAction(incident: string, taken: ActionTaken): Promise<boolean>;
  /**
   * Claims the right to write a note on an incident, so that only one of several concurrent writers does: true for the first, and
   * again once its claim is five minutes old; false without a decision. `at`: milliseconds since the epoch. `answerTo`: the person's
   * note that is answered; in that case it is true for everyone if there is no decision to keep the claim in.
   */
  claimNote(incident: string, at: number, answerTo?: string): Promise<boolean>;
};

/** When a writer last claimed a note, stored with the decision. */
const noteClaim = z.object({
  noteClaimedAt: z.number().optional(),
  /** By the note that is answered. */
  answersClaimedAt: z.record(z.string(), z.number()).optional(),
});
/** Longer than a note takes with all its retries. */
const NOTE_CLAIM_MS = 300_000;

const claimedLately = (claims: Readonly<Record<string, number>>, now: number): Record<string, number> =>
  Object.fromEntries(Object.entries(claims).filter(([, at]) => now - at < NOTE_CLAIM_MS));

export function decisionsIn(store: DocumentStore, setAside: SetAside): Decisions {
  /** The document at a path after a write to it failed; throws the write's error if that cannot be read either. */
  async function whatIsThere(path: string, failure: unknown): Promise<StoredDocument | null> {
    try {
      return await store.get(path);
    } catch {
      throw failure instanceof DocumentExistsError
        ? new Error(`whether ${path} was written by this call or by another could not be read`)
        : failure;
    }
  }

  return {
    async prediction(incident) {
      const document = await store.get(paths.prediction(incident));
      return document === null ? null : decodePrediction(document);
    },
    async predictions({ limit, service, since = 0 }) {
      const query =
        service === undefined
          ? queryOf("predictionsLately", paths.predictions, [since], limit)
          : queryOf("predictionsOfService", paths.predictions, [service, since], limit);
      return decodeEach(await store.query(query), decodePrediction, setAside);
    },
    async createPrediction(prediction) {
      const path = paths.prediction(prediction.incident);
      const token = randomUUID();
      const document = { ...prediction, token };
      try {
        await (prediction.holdUntil === null
          ? store.create(path, document)
          : store.create(path, document, bumpHoldsVersion()));
        return true;
      } catch (error) {
        if (error instanceof RangeError) throw error;
        // If the answer to a write is lost, a client that retries finds its own document, and one that does not
        // retry has no answer: the stored token shows whose write succeeded.
        const there = await whatIsThere(path, error);
        if (there?.data.token === token) return true;
        if (there !== null && error instanceof DocumentExistsError) return false;
        throw error;
      }
    },
    noteAction: (incident, taken) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.prediction(incident));
        if (document === null) return false;
        const before = readOrNull(() => decodePrediction(document), setAside);
        if (before === null) return false;
        transaction.set(document.path, { ...document.data, taken });
        if (before.holdUntil !== null) {
          const moved = bumpHoldsVersion();
          transaction.set(moved.path, moved.data);
        }
        return before.taken.action === "none" && taken.action !== "none";
      }),
    claimNote: (incident, at, answerTo) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.prediction(incident));
        if (document === null) return answerTo !== undefined;
        const { noteClaimedAt, answersClaimedAt = {} } = decode(noteClaim, document);
        const before = answerTo === undefined ? noteClaimedAt : answersClaimedAt[answerTo];
        if (before !== undefined && at - before < NOTE_CLAIM_MS) return false;
        const claim =
          answerTo === undefined
            ? { noteClaimedAt: at }
            : { answersClaimedAt: { ...claimedLately(answersClaimedAt, at), [answerTo]: at } };
        transaction.set(document.path, { ...document.data, ...claim });
        return true;
      }),
  };
}
