import { type Check, failed, ok, unknown } from "./check.ts";
import { unreachedTimes } from "./coverage.ts";
import { nameOf, type PolicyFacts, when } from "./facts.ts";

const about = { name: "fallback-policy" } as const;

/** Checks that the fallback policy, used if the armed one reaches nobody or PagerDuty does not escalate, consists of people only. */
export function fallbackSafety(
  facts: Pick<PolicyFacts, "fallback" | "bot" | "automations" | "rosters" | "period"> & {
    /** Null while the bot is on no policy. */
    readonly policy: PolicyFacts["policy"] | null;
  },
): Check {
  const { fallback, policy, bot, automations, rosters, period } = facts;
  if (fallback === null)
    return unknown(about, "The fallback policy could not be read.", "Run the checks again.");
  if (fallback === "unset")
    return failed(
      about,
      "No fallback policy is set: where the armed policy reaches nobody, or where an incident is of low urgency and cannot be escalated, the bot has nobody to turn to.",
      "Set MRDATA_FALLBACK_POLICY to the PagerDuty id of an escalation policy of people only.",
    );
  if (fallback === "missing")
    return failed(
      about,
      "The fallback policy that is set does not exist in PagerDuty.",
      "Set MRDATA_FALLBACK_POLICY to the PagerDuty id of an escalation policy of people only.",
    );
  if (fallback.id === policy?.id)
    return failed(
      about,
      `The fallback policy is the armed policy itself, ${nameOf(fallback)}.`,
      "Set MRDATA_FALLBACK_POLICY to another policy, of people only.",
    );
  const hasBot = fallback.levels.some(
    ({ users, schedules }) =>
      users.includes(bot) ||
      schedules.some((id) => rosters.get(id)?.shifts.some(({ user }) => user === bot) ?? false),
  );
  if (hasBot)
    return failed(
      about,
      `The bot itself is on the fallback policy ${nameOf(fallback)}.`,
      `In PagerDuty, take the user ${bot} off ${nameOf(fallback)}, or set MRDATA_FALLBACK_POLICY to a policy of people only.`,
    );
  const isPerson = (user: string): boolean => user !== bot && !automations.includes(user);
  // All levels together: PagerDuty skips a level where nobody is on call.
  const everybody = {
    users: fallback.levels.flatMap(({ users }) => users),
    schedules: fallback.levels.flatMap(({ schedules }) => schedules),
  };
  const gaps = unreachedTimes(everybody, rosters, isPerson, period);
  // Even if some user is always reached, the bot may be on a schedule that could not be read.
  if (gaps === null || everybody.schedules.some((id) => !rosters.has(id)))
    return unknown(
      about,
      `Who is on call by the fallback policy ${nameOf(fallback)} could not be read.`,
      "Run the checks again; the key needs to read its schedules.",
    );
  const [first] = gaps;
  if (first !== undefined)
    return failed(
      about,
      `The fallback policy ${nameOf(fallback)} reaches nobody from ${when(first.start)} on.`,
      `In PagerDuty, see that somebody is always on call by ${nameOf(fallback)}.`,
    );
  return ok(about, `The fallback policy ${nameOf(fallback)} is of people only.`);
}
