import type { PagerDuty } from "@mrdata/pagerduty";
import type { Clock } from "@mrdata/platform";
import { createLastKnown } from "./last-known.ts";

export type LevelReachesPorts = {
  readonly pagerduty: Pick<PagerDuty, "listOnCalls">;
  readonly clock: Clock;
  /** Ids of the bot and of accounts known to be programs. */
  readonly programs: readonly string[];
};

/**
 * Whether a person is on call now on a level (from 1) of a policy as it is now; null where that cannot be read. Says
 * nothing certain of an open incident's copy of the policy. Never rejects.
 */
export type LevelReaches = (policy: string, level: number) => Promise<boolean | null>;

/** Within this time one read of a policy serves all its incidents. */
const FRESH_MS = 60_000;
/** Shifts change: after a quarter of an hour it is not known any more who is on call. */
const MAX_AGE_MS = 900_000;
/** Pages wait for this read. */
const LIMITS = { attempts: 1, timeoutMs: 2_000 };

/** Looks up who is on call on the levels of policies (`GET /oncalls`). */
export function createLevelReaches({ pagerduty, clock, programs }: LevelReachesPorts): LevelReaches {
  const levelsWithPeople = createLastKnown(
    async (policy) => {
      const levels = new Set<number>();
      for await (const { user, level } of pagerduty.listOnCalls({ policyIds: [policy] }, LIMITS))
        if (user !== null && !programs.includes(user)) levels.add(level);
      return levels;
    },
    { clock, freshMs: FRESH_MS, maxAgeMs: MAX_AGE_MS },
  );
  return async (policy, level) => (await levelsWithPeople(policy))?.has(level) ?? null;
}
