import type { Environment } from "@mrdata/runtime";
import { type Check, failed, ok, unknown } from "./safety/index.ts";

/**
 * Whether anybody is told of alarms, by what the deployment noted of itself. A bot that fails at night and tells nobody is one that
 * people believe in: no service is armed without.
 */
export function checkAlarms({
  MRDATA_ALARM_CHANNELS: channels,
}: Pick<Environment, "MRDATA_ALARM_CHANNELS">): Check {
  const about = { name: "alarms" } as const;
  if (channels === null)
    return unknown(
      about,
      "Whom alarms tell is not known: this bot has not run yet, or was deployed by a version that did not say so.",
      "Deploy this version: pulumi up. A minute later its sweep has noted it.",
    );
  if (channels.length === 0)
    return failed(
      about,
      "Nobody is told when Mr Data is not well: alarms have no notification channel.",
      "Name one: pulumi config set --secret alertPagerDutyKey (a PagerDuty service of people only), or pulumi config set alertEmail, then pulumi up. See that it arrives: mrdata drill --alarms.",
    );
  return ok(
    about,
    `Alarms tell: ${channels.join(", ")}. Whether they arrive shows in: mrdata drill --alarms.`,
  );
}
