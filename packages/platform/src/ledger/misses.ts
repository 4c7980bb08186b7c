import { z } from "zod";
import type { DocumentQuery, DocumentStore } from "../document-store.ts";
import { decode, readOrNull, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { holdOf, UNKNOWN_SERVICE } from "./unreadable-hold.ts";

/** MissRecords, and incidents that needed a human: what the miss budget is counted from. */
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

/** What the miss budget is counted from. */
export type MissRecords = {
  /** Of these services together; what was missed on a service that nobody can read counts, too. */
  missCounts(of: readonly CountedService[]): Promise<MissCounts>;
  /** Of these services, what needed a human since `missesSince`: each incident, and whether it was a miss. In no order. */
  missTrail(of: readonly CountedService[]): Promise<readonly CountedIncident[]>;
};

/** So many of each kind are counted one by one; at that size a bot has been armed for years. */
const MAX_COUNTED = 10_000;
const openedDocument = z.object({ openedAt: z.number() });

export function missesIn(store: DocumentStore, setAside: SetAside): MissRecords {
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
  return {
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
            store.query(queryOf("missesOfService", paths.predictions, [service, missesSince], MAX_COUNTED)),
            store.query(
              queryOf(
                "outcomesOfService",
                paths.incidents,
                [service, "needed-human", missesSince],
                MAX_COUNTED,
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
  };
}
