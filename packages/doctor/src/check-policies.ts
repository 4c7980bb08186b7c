import { attempts, readOr } from "./attempt.ts";
import { type CheckedPagerDuty, type CheckOptions, defaultLimits } from "./check-ports.ts";
import { checkServicePolicies } from "./check-service-policies.ts";
import type { Check } from "./safety/index.ts";

/**
 * Checks, before anything is armed, whether these escalation policies and the services that use them are safe with the bot on level 1.
 * Read-only. Never rejects: what could not be read is `unknown`.
 */
export async function checkPolicies(
  pagerduty: CheckedPagerDuty,
  policies: readonly string[],
  options: Pick<CheckOptions, "bot" | "automations" | "windowMs" | "fallbackPolicy"> & {
    readonly now: number;
  },
): Promise<readonly Check[]> {
  const { windowMs, now } = options;
  const attempt = attempts();
  const services = await Promise.all(
    policies.map(async (policy) => {
      const read = readOr(await attempt.of(() => pagerduty.getEscalationPolicy(policy)), null);
      return (read?.services ?? []).map(({ id }) => ({ service: id, policy }));
    }),
  );
  return checkServicePolicies(
    pagerduty,
    {
      ...options,
      ...defaultLimits,
      armed: services.flat(),
      policies,
      from: null,
      maxModelAge: Number.POSITIVE_INFINITY,
      webhookUrl: null,
    },
    { windowMs, now },
    attempt,
  );
}
