import { comparePast, isDrillTitle, type PastIncident, pastOf } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import { z } from "zod";

/** Where a read begins: at a moment (milliseconds since the epoch), without the incidents of that moment that were already read. */
export const readCursor = z.object({
  since: z.number(),
  seen: z.array(z.string()),
  /** After the end of the ledger: the file being read, with `since` as an index into it. */
  file: z.number().int().optional(),
});
export type ReadCursor = z.infer<typeof readCursor>;

/** A page of a history; `next` is null after the last. */
export type HistoryPage = {
  readonly incidents: readonly PastIncident[];
  readonly next: ReadCursor | null;
};

/** `limit`: the most incidents. `now` (milliseconds since the epoch): incidents that opened later are ignored. */
export type PageOptions = { readonly limit: number; readonly now: number };

/** A history, read page by page in order of opening. */
export type HistorySource = {
  page(from: ReadCursor, options: PageOptions): Promise<HistoryPage>;
  /** Which of these incidents the bot recorded live. */
  knownAmong(ids: readonly string[]): Promise<ReadonlySet<string>>;
};

/** The number of incidents looked up concurrently. */
const LOOKUP_CONCURRENCY = 100;

export const START: ReadCursor = { since: 0, seen: [] };

/** The history in a ledger. Drills are excluded. */
export const ledgerHistory = (ledger: Pick<Ledger, "pastIncidents" | "incident">): HistorySource => ({
  async knownAmong(ids) {
    const known = new Set<string>();
    for (let from = 0; from < ids.length; from += LOOKUP_CONCURRENCY)
      await Promise.all(
        ids.slice(from, from + LOOKUP_CONCURRENCY).map(async (id) => {
          if ((await ledger.incident(id)) !== null) known.add(id);
        }),
      );
    return known;
  },
  async page({ since, seen }, { limit, now }) {
    const passed = new Set(seen);
    const incidents: PastIncident[] = [];
    let last = since;
    let lately = [...seen];
    for await (const { state, events } of ledger.pastIncidents({ since })) {
      const past = pastOf(events);
      const openedAt = past?.createdAt ?? last;
      if (openedAt > now) break;
      if (passed.has(state.incident)) continue;
      if (incidents.length >= limit) return { incidents, next: { since: last, seen: lately } };
      if (openedAt !== last) lately = [];
      lately.push(state.incident);
      last = openedAt;
      if (past !== null && !isDrillTitle(past.title)) incidents.push(past);
    }
    return { incidents, next: null };
  },
});

/** A history in memory, read from files. */
export function historyAtHand(history: readonly PastIncident[]): HistorySource {
  const sorted = history.toSorted(comparePast);
  const ids = new Set(history.map(({ id }) => id));
  return {
    knownAmong: async (asked) => new Set(asked.filter((id) => ids.has(id))),
    async page({ since }, { limit }) {
      // `since` is an index instead of a moment, because everything is in memory.
      const incidents = sorted.slice(since, since + limit);
      const next = since + limit < sorted.length ? { since: since + limit, seen: [] } : null;
      return { incidents, next };
    },
  };
}
