import type { AlertTypeFeedback, Prediction } from "@mrdata/incident";
import { z } from "zod";
import type { DocumentData, DocumentQuery, DocumentStore, StoredDocument } from "../document-store.ts";
import { decode, decodePrediction, readOrNull, type SetAside } from "./decode.ts";
import { holdsMoved, holdsReader, MOST_HOLDS } from "./holds-lately.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { holdOf, settledUnreadable, UNKNOWN_SERVICE } from "./unreadable-hold.ts";

/** Misses, and incidents that needed a human: what the miss budget is counted from. */
export type MissCounts = { readonly misses: number; readonly neededHuman: number };

/**
 * A service, from when on its incidents that needed a human count, and from when on its misses do, milliseconds since
 * the epoch.
 */
export type CountedService = {
  readonly service: string;
  readonly since: number;
  readonly missesSince: number;
};

/** An incident that needed a human, when it opened (milliseconds since the epoch), and whether it was held. */
export type CountedIncident = {
  readonly incident: string;
  readonly openedAt: number;
  readonly missed: boolean;
};

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
  /** Of these services together; what was missed on a service that nobody can read counts, too. */
  missCounts(of: readonly CountedService[]): Promise<MissCounts>;
  /** Of these services, what needed a human since `missesSince`: each incident, and whether it was a miss. In no order. */
  missTrail(of: readonly CountedService[]): Promise<readonly CountedIncident[]>;
  /** How many incidents opened within so many milliseconds up to `at`. */
  openedWithin(at: number, age: number): Promise<number>;
  alertTypeFeedback(alertType: string): Promise<AlertTypeFeedback>;
  /** Every word of a note that is kept, of whatever alarm. What cannot be read is set aside. */
  keptFeedback(): Promise<readonly NonNullable<AlertTypeFeedback["hold"]>[]>;
  /** The latest word stands, in whatever order they come. */
  noteFeedback(alertType: string, hold: NonNullable<AlertTypeFeedback["hold"]>): Promise<void>;
};

/** So many of each kind are counted one by one; at that size a bot has been armed for years. */
const MOST_COUNTED = 10_000;
const openedDocument = z.object({ openedAt: z.number() });

const feedbackDocument = z.object({
  hold: z
    .object({ allowed: z.boolean(), who: z.string().nullable(), at: z.number(), incident: z.string() })
    .nullable(),
});

/**
 * The later word counts, at a tie the more careful; of two that say the same at the same moment always the same one, so that
 * the order in which they are heard changes nothing.
 */
function outweighs(
  hold: NonNullable<AlertTypeFeedback["hold"]>,
  before: NonNullable<AlertTypeFeedback["hold"]>,
): boolean {
  if (hold.at !== before.at) return hold.at > before.at;
  if (hold.allowed !== before.allowed) return !hold.allowed;
  return `${hold.incident} ${hold.who}` < `${before.incident} ${before.who}`;
}

export function holdsIn(store: DocumentStore, setAside: SetAside): Holds {
  const counting = new Map<string, Promise<number>>();
  /** What is counted at this moment already is not counted twice: the budget and its evidence ask side by side. */
  const countOnce = (query: DocumentQuery): Promise<number> => {
    const key = JSON.stringify(query);
    const underWay = counting.get(key);
    if (underWay !== undefined) return underWay;
    const count = store.count(query).finally(() => counting.delete(key));
    counting.set(key, count);
    return count;
  };
  /** Writes what `work` makes of the prediction; null leaves it as it is. */
  const change = (incident: string, work: (document: StoredDocument) => DocumentData | null) =>
    store.transaction(async (transaction) => {
      const document = await transaction.get(paths.prediction(incident));
      const changed = document === null ? null : work(document);
      if (document === null || changed === null) return;
      const moved = holdsMoved();
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
      const query = queryOf("holdsUnsettled", paths.predictions, [true], MOST_HOLDS);
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
    async missCounts(of) {
      if (of.length === 0) return { misses: 0, neededHuman: 0 };
      const unknownSince = Math.min(...of.map(({ missesSince }) => missesSince));
      const unknown = countOnce(
        queryOf("missesOfService", paths.predictions, [UNKNOWN_SERVICE, unknownSince]),
      );
      const known = Promise.all(
        of.map(async ({ service, since, missesSince }): Promise<MissCounts> => {
          const [misses, neededHuman] = await Promise.all([
            countOnce(queryOf("missesOfService", paths.predictions, [service, missesSince])),
            countOnce(queryOf("outcomesOfService", paths.incidents, [service, "needed-human", since])),
          ]);
          // An incident that nothing was heard of after its window has no outcome in its own document yet.
          return { misses, neededHuman: Math.max(misses, neededHuman) };
        }),
      );
      const [counts, ofUnknown] = await Promise.all([known, unknown]);
      return {
        misses: counts.reduce((sum, { misses }) => sum + misses, ofUnknown),
        neededHuman: counts.reduce((sum, { neededHuman }) => sum + neededHuman, ofUnknown),
      };
    },
    async missTrail(of) {
      const trails = await Promise.all(
        of.map(async ({ service, missesSince }) => {
          const [missed, real] = await Promise.all([
            store.query(queryOf("missesOfService", paths.predictions, [service, missesSince], MOST_COUNTED)),
            store.query(
              queryOf(
                "outcomesOfService",
                paths.incidents,
                [service, "needed-human", missesSince],
                MOST_COUNTED,
              ),
            ),
          ]);
          const misses = missed
            .map((document) => holdOf(document, setAside))
            .map(({ incident, openedAt }) => ({ incident, openedAt, missed: true }));
          const known = new Set(misses.map(({ incident }) => incident));
          // What cannot be read is no evidence for the bot.
          const others = real
            .filter(({ id }) => !known.has(id))
            .flatMap((document) => {
              const opened = readOrNull(() => decode(openedDocument, document), setAside);
              return opened === null
                ? []
                : [{ incident: document.id, openedAt: opened.openedAt, missed: false }];
            });
          return [...misses, ...others];
        }),
      );
      return trails.flat();
    },
    openedWithin: (at, age) =>
      store.count(queryOf("incidentsOpenedSince", paths.incidents, [at - age, at + 1])),
    async alertTypeFeedback(alertType) {
      const document = await store.get(paths.feedback(alertType));
      return document === null ? { hold: null } : decode(feedbackDocument, document);
    },
    async keptFeedback() {
      const documents = await store.query(queryOf("feedbackKept", paths.feedbacks, []));
      return documents.flatMap((document) => {
        const hold = readOrNull(() => decode(feedbackDocument, document).hold, setAside);
        return hold === null ? [] : [hold];
      });
    },
    noteFeedback: (alertType, hold) =>
      store.transaction(async (transaction) => {
        const document = await transaction.get(paths.feedback(alertType));
        const before = document === null ? null : decode(feedbackDocument, document).hold;
        if (before === null || outweighs(hold, before))
          transaction.set(paths.feedback(alertType), { hold: { ...hold } });
      }),
  };
}

/** With the token of whoever wrote it, which no change takes away. */
const withToken = (
  { data: { token } }: StoredDocument,
  prediction: Prediction | null,
): DocumentData | null =>
  prediction === null || token === undefined ? prediction : { ...prediction, token };
