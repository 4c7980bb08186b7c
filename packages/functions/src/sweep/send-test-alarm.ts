import type { Clock, Ledger, Log } from "@mrdata/platform";

/** A request older than this is not served any more: the person has given up. */
const ASKED_WITHIN_MS = 10 * 60_000;

/**
 * Logs the test alarm that a person requested (`mrdata drill --alarms`), once: it takes the path of every other alarm,
 * from a function's log through a metric and a policy to the people notified.
 */
export async function sendTestAlarm({
  ledger,
  clock,
  log,
}: {
  readonly ledger: Pick<Ledger, "lastSeen" | "noteSeen">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}): Promise<void> {
  const asked = await ledger.lastSeen("alarm-drill-asked");
  if (asked === null || clock.now() - asked > ASKED_WITHIN_MS) return;
  const sent = await ledger.lastSeen("alarm-drill-sent");
  if (sent !== null && sent >= asked) return;
  log({ severity: "WARNING", event: "alarm.drilled", askedAt: new Date(asked).toISOString() });
  await ledger.noteSeen("alarm-drill-sent", Math.max(asked, clock.now()));
}
