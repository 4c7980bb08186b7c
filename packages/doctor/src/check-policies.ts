import { attempts, readOr } from "./attempt.ts";
import { type CheckedPagerDuty, type CheckOptions, defaultLimits } from "./check-ports.ts";
import { checkPosts } from "./check-posts.ts";
import type { Check } from "./safety/index.ts";

/**
 * Whether these escalation policies are safe for the bot to stand first on, with the services that use them, before
 * anything is armed. Reads only. Never rejects: what could not be read is `unknown`.
 */
export async function checkPolicies(
  pagerduty: CheckedPagerDuty,
  policies: readonly string[],
  options: Pick<CheckOptions, "bot" | "automations" | "window" | "fallbackPolicy"> & { readonly now: number },
): Promise<readonly Check[]> {
  const { window, now } = options;
  const attempt = attempts();
  const posts = await Promise.all(
    policies.map(async (policy) => {
      const read = readOr(await attempt.of(() => pagerduty.getEscalationPolicy(policy)), null);
      return (read?.services ?? []).map(({ id }) => ({ service: id, policy }));
    }),
  );
  return checkPosts(
    pagerduty,
    {
      ...options,
      ...defaultLimits,
      posts: posts.flat(),
      policies,
      from: null,
      maxModelAge: Number.POSITIVE_INFINITY,
      webhookUrl: null,
    },
    { window, now },
    attempt,
  );
}
