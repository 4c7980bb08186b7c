import type { KnownIncident, Ledger } from "@mrdata/platform";

const HOUR_MS = 3_600_000;
const MAX_REMEMBERED = 20_000;

/**
 * A ledger that remembers for an hour what it read of incidents that closed more than an hour ago, so that a page which loads
 * itself again costs few reads. Nothing that is open, or was lately, is remembered.
 */
export function rememberClosed<L extends Pick<Ledger, "incident">>(ledger: L, now: () => number): L {
  const remembered = new Map<string, { readonly at: number; readonly known: KnownIncident }>();
  return {
    ...ledger,
    async incident(id: string) {
      const at = now();
      const before = remembered.get(id);
      if (before !== undefined && at - before.at < HOUR_MS) return before.known;
      const known = await ledger.incident(id);
      const closedAt = known?.state.closedAt ?? null;
      if (closedAt === null || at - closedAt < HOUR_MS) return known;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(id, { at, known });
      return known;
    },
  };
}
