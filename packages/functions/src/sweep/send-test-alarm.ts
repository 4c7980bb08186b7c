import type { Clock, Ledger, Log } from "@mrdata/platform";

/** What was asked for longer ago is not sent any more: whoever asked has given up. */
const ASKED_WITHIN_MS = 10 * 60_000;

/**
 * Logs the test alarm that a person asked for (`mrdata drill --alarms`), once: it takes the way of every other alarm, from a
 * function's log over a metric and a policy to whoever is told.
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
