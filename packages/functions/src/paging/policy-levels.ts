import { memo } from "@mrdata/base";
import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import type { PolicyLevels } from "@mrdata/responder";

export type PolicyLevelsPorts = {
  readonly pagerduty: Pick<PagerDuty, "getEscalationPolicy">;
  readonly clock: Clock;
};

/** The levels of a policy as it is now, or as it was read last; null where it never could be read. Never rejects. */
export type ReadPolicyLevels = (policy: string) => Promise<PolicyLevels | null>;

/** A policy is read once for all incidents that it brought within this. */
const FRESH_MS = 60_000;
/** Pages wait for it: the fallback policy stands behind. */
const LIMITS = { attempts: 1, timeoutMs: 2_000 };

/** Reads policies, each once for many incidents. One that fails to be read is as it was the last time. */
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
