import type { Clock, Ledger, Log } from "@mrdata/platform";
import type { Delivery } from "./push-handler.ts";

/** An older probe tells nobody anything new: the next one is on its way, and this must not become a dead letter. */
const STALE_MS = 15 * 60_000;

/**
 * The end of the probe's way in one function: notes in the ledger that it came through, which takes a write as an incident's
 * event does, and logs how old it was. It is of no incident: nothing is decided, counted into a track record, or asked of
 * PagerDuty.
 */
export async function hearProbe(
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
