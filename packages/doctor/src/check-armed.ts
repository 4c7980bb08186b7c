import type { Settings } from "@mrdata/platform";
import type { Environment } from "@mrdata/runtime";
import { armedWithPolicies, previouslyArmedOf } from "./armed-services.ts";
import type { ArmedService, CheckPorts } from "./check-ports.ts";
import { runChecks } from "./run-checks.ts";
import type { Check } from "./safety/index.ts";

export type SweepCheckPorts = Pick<CheckPorts, "pagerduty" | "ledger" | "cardOf" | "clock" | "budget">;

/** The results of the checks for the armed services. */
export type ArmedHealth = {
  readonly checks: readonly Check[];
  /** Armed services with failed required checks; they are to be disarmed. */
  readonly failing: ReadonlyMap<string, readonly Check[]>;
  /** Required checks that could not be made: a reason for an alarm if that lasts, but not for disarming. */
  readonly unknown: readonly Check[];
  /** The same, by the armed service that they concern. */
  readonly unknownOf: ReadonlyMap<string, readonly Check[]>;
  /** False if PagerDuty did not respond at all: then most checks were not attempted. */
  readonly isWhole: boolean;
};

const HOUR_MS = 3_600_000;

/**
 * A gap more than a day away can still be closed during waking hours. A ping may take from one quarter-hour check to the one after the
 * next: a storm that keeps `record` busy says nothing about the secret.
 */
const SWEEP_LIMITS = {
  lookAhead: 24 * HOUR_MS,
  pingWait: 15_000,
  pingPatience: 40 * 60_000,
  // Hundreds of calls every quarter of an hour would use up the rate limit for pages.
  everySchedule: false,
} as const;

/**
 * Repeats the checks for the armed services, as the bot itself does. A check of a policy or a service concerns the services under it, any
 * other concerns all. Dead letters are covered by an alert of their own: no function may read them.
 */
export async function checkArmed(
  ports: SweepCheckPorts,
  settings: Settings,
  environment: Environment,
): Promise<ArmedHealth> {
  const armed = armedWithPolicies(settings);
  if (armed.length === 0)
    return { checks: [], failing: new Map(), unknown: [], unknownOf: new Map(), isWhole: true };
  const checks = await runChecks(
    { ...ports, deadLetters: null, history: null, probe: null },
    {
      armed,
      previouslyArmed: previouslyArmedOf(settings),
      bot: environment.MRDATA_BOT_USER,
      automations: environment.MRDATA_AUTOMATION_USERS,
      from: environment.MRDATA_FROM,
      windowMs: environment.MRDATA_WINDOW,
      maxModelAge: environment.MRDATA_MODEL_MAX_AGE,
      fallbackPolicy: settings.fallbackPolicy ?? environment.MRDATA_FALLBACK_POLICY,
      webhookUrl: environment.MRDATA_WEBHOOK_URL,
      ...SWEEP_LIMITS,
    },
  );
  const needed = checks.filter((check) => check.needed);
  const byService = (state: Check["state"]): ReadonlyMap<string, readonly Check[]> =>
    new Map(
      armed.flatMap((one) => {
        const own = needed.filter((check) => check.state === state && concerns(check, one, armed));
        return own.length > 0 ? [[one.service, own]] : [];
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

/** A check whose subject is not an armed service or its policy (a user, a subscription, a model version) concerns every service. */
function concerns({ subject }: Check, one: ArmedService, armed: readonly ArmedService[]): boolean {
  if (subject === one.service || subject === one.policy) return true;
  return !armed.some(({ service, policy }) => subject === service || subject === policy);
}
