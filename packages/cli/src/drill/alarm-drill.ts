import type { Clock, Ledger } from "@mrdata/platform";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** Sweep runs every minute, and for a minute at most. */
const TIMEOUT_MS = 180_000;
const POLL_INTERVAL_MS = 5_000;

export type AlarmDrill = {
  /** The notification channels, in words: `e-mail`, `PagerDuty`. */
  readonly channels: readonly string[];
  /** When `sweep` logged it, milliseconds since the epoch. */
  readonly sentAt: number;
};

export type AlarmDrillPorts = {
  readonly ledger: Pick<Ledger, "noteSeen" | "lastSeen">;
  readonly clock: Clock;
  /** As stored by the deployment; null if it stored none. */
  readonly channels: readonly string[] | null;
};

/**
 * Has the deployed bot raise a test alarm, and waits until it has. Only the recipient can tell whether it arrives.
 *
 * @throws CommandError if nobody would be notified, or `sweep` does not pick it up
 */
export async function runAlarmDrill({ ledger, clock, channels }: AlarmDrillPorts): Promise<AlarmDrill> {
  if (channels === null || channels.length === 0)
    throw new CommandError(
      "no alarm notifies anybody: no notification channel is declared. 'pulumi config set --secret alertPagerDutyKey' or 'pulumi config set alertEmail', then 'pulumi up', and a minute later this again",
      exitCodes.unhealthy,
    );
  // Later than the previous drill, which was dated by another clock.
  const last = await ledger.lastSeen("alarm-drill-sent");
  const asked = Math.max(clock.now(), (last ?? 0) + 1);
  await ledger.noteSeen("alarm-drill-asked", asked);
  while (clock.now() - asked <= TIMEOUT_MS) {
    const sentAt = await ledger.lastSeen("alarm-drill-sent");
    if (sentAt !== null && sentAt >= asked) return { channels, sentAt };
    await clock.sleep(POLL_INTERVAL_MS);
  }
  throw new CommandError(
    `sweep did not take it up within ${TIMEOUT_MS / 60_000} minutes: it does not run, or is of an older version. docs/playbooks/sweep-silent.md`,
    exitCodes.unhealthy,
  );
}
