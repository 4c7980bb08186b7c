import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";

export type AccountRecords = Pick<PagerDuty, "listContactMethods" | "listOnCalls">;

/** Types of contact methods that make a noise (API reference, Contact methods). */
const RING: readonly string[] = ["phone", "sms", "push_notification", "whats_app"];
const DAY = 86_400_000;
/** A rotation of people has each of them on call within this. PagerDuty returns at most three months. */
const AROUND_MS = 30 * DAY;

/**
 * Whether PagerDuty could wake this user: on call within the month before or after, by any policy, with a phone or an
 * app that rings. A webhook calls every account a user; a synchronisation tool's account has an e-mail address and is
 * never on call. Throws PagerDutyError.
 */
export async function canBeWoken(
  user: string,
  account: AccountRecords,
  clock: Pick<Clock, "now">,
): Promise<boolean> {
  const methods = await account.listContactMethods(user);
  if (!methods.some(({ kind }) => RING.includes(kind))) return false;
  const now = clock.now();
  for await (const shift of account.listOnCalls({
    userIds: [user],
    since: now - AROUND_MS,
    until: now + AROUND_MS,
  }))
    if (shift.user === user) return true;
  return false;
}
