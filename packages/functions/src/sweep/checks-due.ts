import type { LastChecks } from "@mrdata/platform";
import { UNKNOWN_LIMIT_MS } from "@mrdata/responder";

const MINUTE = 60_000;
/** How often the checks run: about two dozen calls for one armed service. */
const CHECK_MS = 10 * MINUTE;
/** While pages are pending or the minute's calls run short, checks are postponed, by no more than this. */
const MAX_PUT_OFF_MS = 3 * MINUTE;
/** An unknown check is repeated early, so that one lost answer costs no hold; while it stays unknown, less often. */
const RECHECK_MS = 2 * MINUTE;
const LATE_RECHECK_MS = 5 * MINUTE;
/** The sweep is not exact to the second. */
const EARLY_MS = MINUTE / 2;

/**
 * Whether the checks of the armed services are due. They last ran at `askedAt`, milliseconds since the epoch, null
 * where this process has not run them. The longest interval is well within the time for which an answer is trusted.
 */
export function checksAreDue(
  { answeredAt, unknown }: LastChecks,
  {
    askedAt,
    now,
    isBusy,
  }: { readonly askedAt: number | null; readonly now: number; readonly isBusy: boolean },
): boolean {
  const last = askedAt ?? answeredAt;
  if (last === null) return true;
  const isNew = unknown.some(({ since }) => now - since < UNKNOWN_LIMIT_MS);
  const every = unknown.length === 0 ? CHECK_MS : isNew ? RECHECK_MS : LATE_RECHECK_MS;
  return now - last >= every + (isBusy ? MAX_PUT_OFF_MS : 0) - EARLY_MS || last > now + EARLY_MS;
}
