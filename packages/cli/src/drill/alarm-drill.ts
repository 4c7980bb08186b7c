import type { Clock, Ledger } from "@mrdata/platform";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** Sweep comes every minute, and takes as long at most. */
const SENT_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 5_000;

export type AlarmDrill = {
  /** Whom Cloud Monitoring tells now, in words: `e-mail`, `PagerDuty`. */
  readonly channels: readonly string[];
  /** When `sweep` logged it, milliseconds since the epoch. */
  readonly sentAt: number;
};

export type AlarmDrillPorts = {
  readonly ledger: Pick<Ledger, "noteSeen" | "lastSeen">;
  readonly clock: Clock;
  /** As the deployment noted them; null where it did not. */
  readonly channels: readonly string[] | null;
};

/**
 * Has the deployed bot raise a test alarm, and waits until it has. That it arrives only whoever is told can say.
 *
 * @throws CommandError where nobody would be told, or where `sweep` does not take it up
 */
export async function runAlarmDrill({ ledger, clock, channels }: AlarmDrillPorts): Promise<AlarmDrill> {
  if (channels === null || channels.length === 0)
    throw new CommandError(
      "no alarm tells anybody: no notification channel is declared. 'pulumi config set --secret alertPagerDutyKey' or 'pulumi config set alertEmail', then 'pulumi up', and a minute later this again",
      exitCodes.unhealthy,
    );
  // After the last one, whose time is of another clock.
  const last = await ledger.lastSeen("alarm-drill-sent");
  const asked = Math.max(clock.now(), (last ?? 0) + 1);
  await ledger.noteSeen("alarm-drill-asked", asked);
  while (clock.now() - asked <= SENT_WITHIN_MS) {
    const sentAt = await ledger.lastSeen("alarm-drill-sent");
    if (sentAt !== null && sentAt >= asked) return { channels, sentAt };
    await clock.sleep(LOOK_EVERY_MS);
  }
  throw new CommandError(
    `sweep did not take it up within ${SENT_WITHIN_MS / 60_000} minutes: it does not run, or is of an older version. docs/playbooks/sweep-silent.md`,
    exitCodes.unhealthy,
  );
}
