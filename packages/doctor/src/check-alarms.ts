import type { Environment } from "@mrdata/runtime";
import { type Check, failed, ok, unknown } from "./safety/index.ts";

/**
 * Whether alarms notify anybody, according to the stored deployment. A bot that fails silently at night is still trusted, so no service is
 * armed without a notification channel.
 */
export function checkAlarms({
  MRDATA_ALARM_CHANNELS: channels,
}: Pick<Environment, "MRDATA_ALARM_CHANNELS">): Check {
  const about = { name: "alarms" } as const;
  if (channels === null)
    return unknown(
      about,
      "Whom alarms notify is not known: this bot has not run yet, or was deployed by a version that did not say so.",
      "Deploy this version: pulumi up. A minute later its sweep has noted it.",
    );
  if (channels.length === 0)
    return failed(
      about,
      "Nobody is notified when Mr Data is not well: alarms have no notification channel.",
      "Name one: pulumi config set --secret alertPagerDutyKey (a PagerDuty service of people only), or pulumi config set alertEmail, then pulumi up. See that it arrives: mrdata drill --alarms.",
    );
  return ok(
    about,
    `Alarms notify: ${channels.join(", ")}. Whether they arrive shows in: mrdata drill --alarms.`,
  );
}
