import type { LastChecks } from "@mrdata/platform";
import { UNKNOWN_LIMIT_MS } from "@mrdata/responder";

const MINUTE = 60_000;
/** How often the checks are made: some two dozen calls for one armed service. */
const CHECK_MS = 10 * MINUTE;
/** While anybody is to be paged, or the minute's calls run short, they are put off, and no longer than this. */
const MAX_PUT_OFF_MS = 3 * MINUTE;
/** What is unknown is asked again, so that one lost answer costs no hold; and what stays unknown not so often. */
const RECHECK_MS = 2 * MINUTE;
const LATE_RECHECK_MS = 5 * MINUTE;
/** The sweep does not come to the second. */
const EARLY_MS = MINUTE / 2;

/**
 * Whether the checks of the armed services are to be made now. They were asked last at `askedAt`, milliseconds since
 * the epoch, null where this process has not asked. The least often is well within the time for which an answer is
 * relied on.
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
