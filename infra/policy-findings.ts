import { messageOf } from "@mrdata/base";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings/settings.ts";

/** How long PagerDuty may take to answer. */
const TIMEOUT_MS = 10_000;

/**
 * Looks whether the escalation policies that the bot is to stand on are safe, and warns of what is not. Reads only: the
 * program never moves the bot onto a policy. Without a token there is nothing to look with.
 */
export async function warnOfPolicies(settings: Settings): Promise<void> {
  if (settings.pagerDutyToken === null || settings.bot.policies.length === 0) return;
  for (const finding of await findings(settings)) await pulumi.log.warn(finding);
}

async function findings(settings: Settings): Promise<readonly string[]> {
  const { pagerDutyToken, pagerDutyBaseUrl, bot, windowMs } = settings;
  const [{ createPagerDuty }, { checkPolicies }, { systemClock }] = await Promise.all([
    import("@mrdata/pagerduty"),
    import("@mrdata/doctor"),
    import("@mrdata/platform"),
  ]);
  const pagerduty = createPagerDuty({
    auth: { kind: "token", token: async () => pagerDutyToken ?? "" },
    from: bot.email,
    ...(pagerDutyBaseUrl === null ? {} : { baseUrl: pagerDutyBaseUrl }),
    clock: systemClock,
    timeout: TIMEOUT_MS / 2,
    deadline: TIMEOUT_MS,
  });
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("PagerDuty did not answer in time")), TIMEOUT_MS * 2).unref();
  });
  try {
    const looked = checkPolicies(pagerduty, bot.policies, {
      bot: bot.user,
      automations: bot.automations,
      windowMs,
      fallbackPolicy: bot.fallbackPolicy,
      now: systemClock.now(),
    });
    const checks = await Promise.race([looked, late]);
    return checks
      .filter(({ state }) => state !== "ok")
      .map(({ sentence, fix }) => `${sentence} ${fix ?? ""}`.trim());
  } catch (error) {
    const reason = messageOf(error);
    return [`The escalation policies could not be looked at: ${reason}. They are as they were.`];
  }
}
