import { memo } from "@mrdata/base";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import type { PolicyLevels } from "@mrdata/responder";

export type PolicyLevelsPorts = {
  readonly pagerduty: Pick<PagerDuty, "getEscalationPolicy">;
  readonly clock: Clock;
};

/** The current levels of a policy, or those last read; null where they could never be read. Never rejects. */
export type ReadPolicyLevels = (policy: string) => Promise<PolicyLevels | null>;

/** Within this time one read of a policy serves all its incidents. */
const FRESH_MS = 60_000;
/** Pages wait for this read: the fallback policy is the alternative. */
const LIMITS = { attempts: 1, timeoutMs: 2_000 };

/** Reads policies, each once for many incidents. If a read fails, the last result is used. */
export function createPolicyLevels({ pagerduty, clock }: PolicyLevelsPorts): ReadPolicyLevels {
  const lastRead = new Map<string, PolicyLevels>();
  async function read(policy: string): Promise<PolicyLevels> {
    const { levels } = await pagerduty.getEscalationPolicy(policy, LIMITS);
    lastRead.set(policy, levels);
    return levels;
  }
  const levelsOf = memo(read, {
    ttlMs: FRESH_MS,
    now: () => clock.now(),
    keyOf: (policy) => policy,
    maxKeys: Number.POSITIVE_INFINITY,
  });

  return async (policy) => {
    try {
      return await levelsOf(policy);
    } catch {
      return lastRead.get(policy) ?? null;
    }
  };
}
