import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** PagerDuty's `Date` header and its notes have a resolution of one second; `clockAhead` assumes the middle of it. */
const SECOND_MS = 1_000;

/**
 * The timestamp for an arming that happens now, in milliseconds since the epoch, rounded down to PagerDuty's clock. That clock also
 * dates the `mrdata: disarm` notes, and the later of an arming and a note wins: with the clock of a laptop that runs ahead, a note
 * would be ignored. Throws CommandError if PagerDuty's response has no `Date`.
 */
export async function armingTime(
  pagerduty: Pick<PagerDuty, "clockAhead">,
  clock: Pick<Clock, "now">,
): Promise<number> {
  const ahead = await pagerduty.clockAhead();
  if (ahead === null)
    throw new CommandError(
      "nothing is armed: PagerDuty's answer has no Date, and by another clock 'mrdata: disarm' might be taken for older than the arming. Take away the proxy that drops the header",
      exitCodes.unhealthy,
    );
  return Math.floor((clock.now() + ahead - SECOND_MS / 2) / SECOND_MS) * SECOND_MS;
}
