import type { Clock, Ledger } from "@mrdata/platform";

/** A page waits no longer than this for the ledger to name the policy. */
const MAX_WAIT_MS = 2_000;
const answeredInTime = new Error("answered");

/**
 * The fallback policy from the settings, else the configured one. If the settings cannot be read in time, the last
 * value read is used. Never rejects.
 */
export function createFallbackPolicy(
  { ledger, clock }: { readonly ledger: Pick<Ledger, "settings">; readonly clock: Clock },
  configured: string | null,
): () => Promise<string | null> {
  let last = configured;
  return async () => {
    const answered = new AbortController();
    const read = ledger.settings().then(({ fallbackPolicy }) => {
      last = fallbackPolicy ?? configured;
      return last;
    });
    const late = clock.sleep(MAX_WAIT_MS, answered.signal).then(() => last);
    try {
      return await Promise.race([read, late]);
    } catch {
      return last;
    } finally {
      answered.abort(answeredInTime);
      late.catch(() => {});
      read.catch(() => {});
    }
  };
}
