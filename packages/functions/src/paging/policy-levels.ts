import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import type { PolicyLevels } from "@mrdata/responder";
import { createLastKnown } from "./last-known.ts";

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
export const createPolicyLevels = ({ pagerduty, clock }: PolicyLevelsPorts): ReadPolicyLevels =>
  createLastKnown(async (policy) => (await pagerduty.getEscalationPolicy(policy, LIMITS)).levels, {
    clock,
    freshMs: FRESH_MS,
    maxAgeMs: Number.POSITIVE_INFINITY,
  });
