import { memo } from "@mrdata/base";
import type { Ledger } from "@mrdata/platform";

const HOUR_MS = 3_600_000;
const MAX_REMEMBERED = 20_000;

/**
 * A ledger that caches for an hour what it read of incidents that closed more than an hour ago, so that a page that
 * reloads itself costs few reads. Nothing that is or recently was open is cached.
 */
export function rememberClosed<L extends Pick<Ledger, "incident">>(ledger: L, now: () => number): L {
  const incident = memo((id: string) => ledger.incident(id), {
    ttlMs: HOUR_MS,
    now,
    keyOf: (id) => id,
    maxKeys: MAX_REMEMBERED,
    keeps: (known) =>
      known !== null && known.state.closedAt !== null && now() - known.state.closedAt >= HOUR_MS,
  });
  return { ...ledger, incident };
}
