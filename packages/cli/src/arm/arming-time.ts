import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** PagerDuty's `Date` and its notes are dated to the second; `clockAhead` takes the middle of it. */
const SECOND = 1_000;

/**
 * When something that is armed now is armed, milliseconds since the epoch: by PagerDuty's clock, which dates the notes that say
 * `mrdata: disarm`, and never later than it is there, to the second. Of an arming and a note the later counts: by the clock of a
 * laptop that is ahead a note would count for nothing. Throws CommandError where PagerDuty does not tell the time.
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
  return Math.floor((clock.now() + ahead - SECOND / 2) / SECOND) * SECOND;
}
