import type { Settings } from "@mrdata/platform";
import type { Environment } from "@mrdata/runtime";
import type { CheckPorts, Post } from "./check-ports.ts";
import { postsOf, previouslyArmedOf } from "./posts.ts";
import { runChecks } from "./run-checks.ts";
import type { Check } from "./safety/index.ts";

export type SweepCheckPorts = Pick<CheckPorts, "pagerduty" | "ledger" | "cardOf" | "clock" | "budget">;

/** What the checks of the armed services came to. */
export type ArmedHealth = {
  readonly checks: readonly Check[];
  /** Armed services for which something needed has failed, with what; they are to be disarmed. */
  readonly failing: ReadonlyMap<string, readonly Check[]>;
  /** Needed checks that could not be made: cause for an alarm if it lasts, not for disarming. */
  readonly unknown: readonly Check[];
  /** The same by the armed services that they concern. */
  readonly unknownOf: ReadonlyMap<string, readonly Check[]>;
  /** False where PagerDuty did not answer at all: then most was not even asked. */
  readonly isWhole: boolean;
};

const HOUR = 3_600_000;

/**
 * A gap that is a day away can still be closed by somebody awake; one within the day cannot be counted on. A ping is
 * awaited from one quarter to the one after the next: a storm that keeps `record` busy says nothing of the secret.
 */
const REACH = {
  lookAhead: 24 * HOUR,
  pingWait: 15_000,
  pingPatience: 40 * 60_000,
  // Hundreds of calls every quarter would be taken from the pages'.
  everySchedule: false,
} as const;

/**
 * The checks again for what is armed, as the bot itself makes them. A check of a policy or a service concerns the
 * services under it, any other concerns all. Dead letters are left to the alert that watches them: no function may read
 * them.
 */
export async function checkArmed(
  ports: SweepCheckPorts,
  settings: Settings,
  environment: Environment,
): Promise<ArmedHealth> {
  const posts = postsOf(settings);
  if (posts.length === 0)
    return { checks: [], failing: new Map(), unknown: [], unknownOf: new Map(), isWhole: true };
  const checks = await runChecks(
    { ...ports, deadLetters: null, history: null, probe: null },
    {
      posts,
      previouslyArmed: previouslyArmedOf(settings),
      bot: environment.MRDATA_BOT_USER,
      automations: environment.MRDATA_AUTOMATION_USERS,
      from: environment.MRDATA_FROM,
      window: environment.MRDATA_WINDOW,
      maxModelAge: environment.MRDATA_MODEL_MAX_AGE,
      fallbackPolicy: settings.fallbackPolicy ?? environment.MRDATA_FALLBACK_POLICY,
      webhookUrl: environment.MRDATA_WEBHOOK_URL,
      ...REACH,
    },
  );
  const needed = checks.filter((check) => check.needed);
  const byService = (state: Check["state"]): ReadonlyMap<string, readonly Check[]> =>
    new Map(
      posts.flatMap((post) => {
        const own = needed.filter((check) => check.state === state && concerns(check, post, posts));
        return own.length > 0 ? [[post.service, own]] : [];
      }),
    );
  const unknown = needed.filter(({ state }) => state === "unknown");
  return {
    checks,
    failing: byService("failed"),
    unknown,
    unknownOf: byService("unknown"),
    isWhole: !unknown.some(({ name }) => name === "token"),
  };
}

/** Subjects that are none of the posts' own (a user, a subscription, a model version, a policy in use) concern all. */
function concerns({ subject }: Check, post: Post, posts: readonly Post[]): boolean {
  if (subject === post.service || subject === post.policy) return true;
  return !posts.some(({ service, policy }) => subject === service || subject === policy);
}
