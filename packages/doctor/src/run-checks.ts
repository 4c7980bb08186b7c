import { reasonOf } from "@mrdata/runtime";
import { attempts } from "./attempt.ts";
import { checkAgents } from "./check-agents.ts";
import { checkBot, checkClock, checkToken } from "./check-bot.ts";
import { checkChampion } from "./check-champion.ts";
import type { CheckOptions, CheckPorts } from "./check-ports.ts";
import { checkServicePolicies } from "./check-service-policies.ts";
import { checkSubscription } from "./check-subscription.ts";
import { type Check, failed, ok, unknown } from "./safety/index.ts";

/**
 * Runs every check that must hold before and while the bot is first on call. Changes nothing; it only has PagerDuty send a ping. Never
 * rejects: what could not be read is `unknown`.
 */
export async function runChecks(ports: CheckPorts, options: CheckOptions): Promise<readonly Check[]> {
  const champion = await checkChampion(ports, options);
  const [pagerduty, deadLetters, budget, agents] = await Promise.all([
    checkPagerDuty(ports, options, champion.windowMs),
    checkDeadLetters(ports),
    checkBudget(ports),
    checkAgents(ports, options, champion.windowMs),
  ]);
  return [...pagerduty, champion.check, ...deadLetters, ...budget, ...agents];
}

async function checkPagerDuty(
  ports: CheckPorts,
  options: CheckOptions,
  windowMs: number,
): Promise<readonly Check[]> {
  const { pagerduty, clock } = ports;
  if (pagerduty === null)
    return [
      failed(
        { name: "token" },
        "No PagerDuty key is set, so nothing of PagerDuty can be looked at.",
        "Set MRDATA_PAGERDUTY_TOKEN to a REST API key with full access.",
      ),
    ];
  const attempt = attempts();
  // First: with an unknown key, every other check would only repeat that.
  const token = await checkToken(pagerduty, options, attempt);
  if (token.state === "unknown" || attempt.keyIsUnknown) return [token];
  const [bot, policies, subscription, skew] = await Promise.all([
    checkBot(pagerduty, options, attempt),
    checkServicePolicies(pagerduty, options, { windowMs, now: clock.now() }, attempt),
    checkSubscription(pagerduty, ports, options, attempt),
    checkClock(pagerduty, attempt),
  ]);
  return [...bot, ...policies, ...subscription, refusedReads(token, attempt.refused), skew];
}

/** A key that may change incidents but not read what has to be checked. */
const refusedReads = (token: Check, refused: readonly string[]): Check =>
  token.state !== "ok" || refused.length === 0
    ? token
    : failed(
        { name: "token" },
        `The PagerDuty key was refused: ${refused[0]}.`,
        "Give the key the scopes users.read, schedules.read, escalation_policies.read, services.read, oncalls.read, incidents.write and webhook_subscriptions.write, or take a key with full access.",
      );

async function checkDeadLetters({ deadLetters }: CheckPorts): Promise<readonly Check[]> {
  if (deadLetters === null) return [];
  const about = { name: "dead-letters" } as const;
  try {
    const [newest, ...more] = await deadLetters();
    if (newest === undefined) return [ok(about, "No dead letters wait.")];
    const count = more.length === 0 ? "A dead letter waits" : `${more.length + 1} dead letters wait`;
    return [
      failed(
        about,
        `${count}; the newest is from ${newest.source}: ${newest.reason}.`,
        "Look at them: mrdata dead-letters list. Mend what their reasons name, then: mrdata dead-letters replay (or drop).",
      ),
    ];
  } catch (error) {
    return [
      unknown(about, `The dead letters could not be read: ${reasonOf(error)}.`, "Run the checks again."),
    ];
  }
}

async function checkBudget({ budget }: CheckPorts): Promise<readonly Check[]> {
  if (budget === null) return [];
  try {
    return [await budget()];
  } catch (error) {
    return [
      unknown(
        { name: "budget" },
        `What is left of the miss budget could not be read: ${reasonOf(error)}.`,
        "Run the checks again.",
      ),
    ];
  }
}
