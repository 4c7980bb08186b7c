import type { Clock, Ledger, Log } from "@mrdata/platform";
import type { Delivery } from "./push-handler.ts";

/** A probe older than this carries no news: the next one is on its way, and this one must not become a dead letter. */
const STALE_MS = 15 * 60_000;

/**
 * The end of the probe's path in one function: records in the ledger that it arrived, which takes a write as an
 * incident's event does, and logs its age. It belongs to no incident: nothing is decided, counted in a track record, or
 * requested from PagerDuty.
 */
export async function recordProbe(
  name: "respond" | "record",
  {
    ledger,
    clock,
    log,
  }: { readonly ledger: Pick<Ledger, "noteSeen">; readonly clock: Clock; readonly log: Log },
  { acceptedAt }: Delivery,
): Promise<void> {
  const isStale = clock.now() - acceptedAt > STALE_MS;
  if (!isStale) await ledger.noteSeen(`probe-${name}`, clock.now());
  log({
    severity: "INFO",
    event: "probe.heard",
    function: name,
    ageSeconds: Math.max(0, clock.now() - acceptedAt) / 1000,
  });
}
