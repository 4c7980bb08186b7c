import { z } from "zod";
import type { DocumentStore, DocumentValue, StoredDocument } from "../document-store.ts";
import { decode, readOrNull, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { type QueryName, queryOf } from "./queries.ts";
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
   * cannot be read are included, dated by the miss if the opening cannot be read. Of a service with more than can be listed these are
   * all of the newest, hits and misses back to the same moment. Unordered.
   */
  missTrail(of: readonly CountedService[]): Promise<readonly CountedIncident[]>;
};

/** The most that are listed of each kind, of one service: of more the newest, for evidence is about what goes on now. */
const MAX_LISTED = 10_000;
const openedDocument = z.object({ openedAt: z.number() });

/** What one query counts, from a time on (milliseconds since the epoch). */
type Counted = Pick<CountedService, "service" | "since">;

/** `maxListed`: the most documents of each kind that are read of one service. */
export function missesIn(
  store: DocumentStore,
  setAside: SetAside,
  { maxListed = MAX_LISTED }: { readonly maxListed?: number } = {},
): MissRecords {
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
      const listed = async (
        name: QueryName,
        path: string,
        values: (since: number) => DocumentValue[],
        since: number,
      ) => {
        const documents = await store.query(queryOf(name, path, values(since), maxListed));
        if (documents.length < maxListed) return { documents, from: since };
        const countSince = (moment: number) => store.count(queryOf(name, path, values(moment)));
        const from = await sinceOfNewest(countSince, since, maxListed);
        return { documents: await store.query(queryOf(name, path, values(from), maxListed)), from };
      };
      const missedOn = async (service: string, since: number): Promise<Listed> => {
        const values = (moment: number) => [service, moment];
        const { documents, from } = await listed("missesOfService", paths.predictions, values, since);
        return { trail: documents.map((document) => missOf(document, setAside)), from };
      };
      const realOn = async (service: string, since: number): Promise<Listed> => {
        const values = (moment: number) => [service, "needed-human", moment];
        const { documents, from } = await listed("outcomesOfService", paths.incidents, values, since);
        // An unreadable document is not evidence in the bot's favour.
        const trail = documents.flatMap((document) => {
          const opened = readOrNull(() => decode(openedDocument, document), setAside);
          return opened === null ? [] : [{ incident: document.id, openedAt: opened.openedAt, missed: false }];
        });
        return { trail, from };
      };
      const unknown = missedOn(UNKNOWN_SERVICE, unknownSince(of)).then(({ trail }) => trail);
      const trails = Promise.all(
        of.map(async ({ service, missesSince }) => {
          const parts = await Promise.all([missedOn(service, missesSince), realOn(service, missesSince)]);
          return sinceTheLaterCut(parts, missesSince);
        }),
      );
      const all = [...(await unknown), ...(await trails).flat()];
      const missed = new Set(all.flatMap((one) => (one.missed ? [one.incident] : [])));
      return all.filter((one) => one.missed || !missed.has(one.incident));
    },
  };
}

/** Part of a trail, complete from this moment on, milliseconds since the epoch. */
type Listed = { readonly trail: readonly CountedIncident[]; readonly from: number };

/**
 * Misses and other real ones back to the same moment, where one of them was cut: either alone would make the bot look better or
 * worse than it is. An uncut list stays whole.
 */
function sinceTheLaterCut(parts: readonly Listed[], since: number): readonly CountedIncident[] {
  const from = Math.max(...parts.map((part) => part.from));
  const all = parts.flatMap(({ trail }) => trail);
  return from <= since ? all : all.filter(({ openedAt }) => openedAt >= from);
}

/** The first guess of how far forward to look, milliseconds. */
const FIRST_STEP_MS = 30 * 86_400_000;

/**
 * A moment since which there are at most so many, and half of that at least where they are spread in time: found by counting, for
 * no index lists them newest first, and a database that was restored has only the indexes that it had.
 */
async function sinceOfNewest(
  countSince: (moment: number) => Promise<number>,
  since: number,
  maxListed: number,
): Promise<number> {
  let [early, step] = [since, FIRST_STEP_MS];
  while ((await countSince(since + step)) > maxListed) {
    early = since + step;
    step *= 2;
  }
  let late = since + step;
  while (late - early > 1 && (await countSince(late)) < maxListed / 2) {
    const middle = Math.floor((early + late) / 2);
    if ((await countSince(middle)) > maxListed) early = middle;
    else late = middle;
  }
  return late;
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
