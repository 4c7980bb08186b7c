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
  const reading = new Map<string, { readonly at: number; readonly levels: Promise<PolicyLevels | null> }>();

  async function read(policy: string): Promise<PolicyLevels | null> {
    try {
      const { levels } = await pagerduty.getEscalationPolicy(policy, LIMITS);
      lastRead.set(policy, levels);
      return levels;
    } catch {
      // Whoever asks next tries again.
      reading.delete(policy);
      return lastRead.get(policy) ?? null;
    }
  }

  return (policy) => {
    const current = reading.get(policy);
    if (current !== undefined && clock.now() - current.at < FRESH_MS) return current.levels;
    const levels = read(policy);
    reading.set(policy, { at: clock.now(), levels });
    return levels;
  };
}
