import { z } from "zod";
import type { DocumentStore, StoredDocument } from "../document-store.ts";
import { decode, readOrNull, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { holdOf, isUnreadable, UNKNOWN_SERVICE } from "./unreadable-hold.ts";

/** Misses, and incidents that needed a human: the counts behind the miss budget. */
export type MissCounts = { readonly misses: number; readonly neededHuman: number };

/**
 * A service with the times (milliseconds since the epoch) from which its incidents that needed a human, and its misses,
 * are counted.
 */
export type CountedService = {
  readonly service: string;
  readonly since: number;
  readonly missesSince: number;
};

/** An incident that needed a human, with its opening (milliseconds since the epoch) and whether it was held. */
export type CountedIncident = {
  readonly incident: string;
  readonly openedAt: number;
  readonly missed: boolean;
};

/** The data behind the miss budget. */
export type MissRecords = {
  /** Totals over these services, plus misses whose service cannot be read. */
  missCounts(of: readonly CountedService[]): Promise<MissCounts>;
  /**
   * The incidents of these services that needed a human since `missesSince`, each with whether it was a miss. Misses whose service
   * cannot be read are included, dated by the miss if the opening cannot be read. Unordered.
   */
  missTrail(of: readonly CountedService[]): Promise<readonly CountedIncident[]>;
};

/** The most that are listed of each kind; reaching it takes years of being armed. */
const MAX_COUNTED = 10_000;
const openedDocument = z.object({ openedAt: z.number() });

/** What one query counts, from a time on (milliseconds since the epoch). */
type Counted = Pick<CountedService, "service" | "since">;

export function missesIn(store: DocumentStore, setAside: SetAside): MissRecords {
  const counting = new Map<string, Promise<number>>();
  /** Shares a count that is already in progress: the budget and its evidence run the same queries concurrently. */
  const countOnce = (kind: string, { service, since }: Counted, count: () => Promise<number>) => {
    // Unambiguous whatever a service is called, because its id comes last; a fraction of the cost of the query as JSON.
    const key = `${kind} ${since} ${service}`;
    const underWay = counting.get(key);
    if (underWay !== undefined) return underWay;
    const counted = count().finally(() => counting.delete(key));
    counting.set(key, counted);
    return counted;
  };
  const countMisses = (of: Counted): Promise<number> =>
    countOnce("misses", of, () =>
      store.count(queryOf("missesOfService", paths.predictions, [of.service, of.since])),
    );
  const countNeededHuman = (of: Counted): Promise<number> =>
    countOnce("needed-human", of, () =>
      store.count(queryOf("outcomesOfService", paths.incidents, [of.service, "needed-human", of.since])),
    );
  return {
    async missCounts(of) {
      if (of.length === 0) return { misses: 0, neededHuman: 0 };
      const unknown = countMisses({ service: UNKNOWN_SERVICE, since: unknownSince(of) });
      const known = Promise.all(
        of.map(async ({ service, since, missesSince }): Promise<MissCounts> => {
          const [misses, neededHuman] = await Promise.all([
            countMisses({ service, since: missesSince }),
            countNeededHuman({ service, since }),
          ]);
          // An incident without any event after its window has no outcome in its own document yet.
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
      if (of.length === 0) return [];
      const missedOn = async (service: string, since: number): Promise<readonly CountedIncident[]> => {
        const query = queryOf("missesOfService", paths.predictions, [service, since], MAX_COUNTED);
        return (await store.query(query)).map((document) => missOf(document, setAside));
      };
      const unknown = missedOn(UNKNOWN_SERVICE, unknownSince(of));
      const trails = Promise.all(
        of.map(async ({ service, missesSince }) => {
          const [misses, real] = await Promise.all([
            missedOn(service, missesSince),
            store.query(
              queryOf(
                "outcomesOfService",
                paths.incidents,
                [service, "needed-human", missesSince],
                MAX_COUNTED,
              ),
            ),
          ]);
          // An unreadable document is not evidence in the bot's favour.
          const others = real.flatMap((document) => {
            const opened = readOrNull(() => decode(openedDocument, document), setAside);
            return opened === null
              ? []
              : [{ incident: document.id, openedAt: opened.openedAt, missed: false }];
          });
          return [...misses, ...others];
        }),
      );
      const all = [...(await unknown), ...(await trails).flat()];
      const missed = new Set(all.flatMap((one) => (one.missed ? [one.incident] : [])));
      return all.filter((one) => one.missed || !missed.has(one.incident));
    },
  };
}

const unknownSince = (of: readonly CountedService[]): number =>
  Math.min(...of.map(({ missesSince }) => missesSince));

/** A hold that was a miss. For an unreadable one the opening may be unknown, but the time of the miss is known. */
function missOf(document: StoredDocument, setAside: SetAside): CountedIncident {
  const hold = holdOf(document, setAside);
  const { missedAt } = document.data;
  const openedAt = isUnreadable(hold) && typeof missedAt === "number" ? missedAt : hold.openedAt;
  return { incident: hold.incident, openedAt, missed: true };
}
