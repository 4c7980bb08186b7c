import { type Check, failed, ok, unknown } from "./check.ts";
import { unreachedTimes } from "./coverage.ts";
import { listOf, MAX_WINDOW_MS, minutes, nameOf, type PolicyFacts, when } from "./facts.ts";
import { fallbackSafety } from "./fallback-safety.ts";
import { serviceSafety } from "./service-safety.ts";

/**
 * Checks whether an escalation policy is safe for the bot: PagerDuty itself must reach people when the window ends, whatever happens to
 * the bot. Pure; returns one check per condition, including those that hold.
 */
export function policySafety(facts: PolicyFacts): readonly Check[] {
  return [
    levelOne(facts),
    botLevels(facts),
    botPolicies(facts),
    botSchedules(facts),
    timeout(facts),
    window(facts),
    ...levelTwo(facts),
    fallbackSafety(facts),
    ...facts.services.flatMap((service) => serviceSafety(service, facts.windowMs)),
    repeats(facts),
    ...shiftAgent(facts),
  ];
}

const about = (name: Check["name"], { policy }: { readonly policy: PolicyFacts["policy"] | null }) => ({
  name,
  subject: policy?.id ?? "",
});

const isPersonTo =
  ({ bot, automations }: PolicyFacts) =>
  (user: string): boolean =>
    user !== bot && !automations.includes(user);

function levelOne(facts: PolicyFacts): Check {
  const { policy, bot } = facts;
  const level = policy.levels[0];
  const others = level?.targets.filter((target) => target !== bot) ?? [];
  if (level?.users.includes(bot) !== true)
    return failed(
      about("level-1", facts),
      `The bot is not on level 1 of ${nameOf(policy)}.`,
      `In PagerDuty, set level 1 of ${nameOf(policy)} to the user ${bot} and nobody else.`,
    );
  if (others.length > 0)
    return failed(
      about("level-1", facts),
      `Beside the bot, level 1 of ${nameOf(policy)} has ${others.join(", ")}: they are woken while it holds.`,
      `In PagerDuty, move ${others.join(", ")} from level 1 of ${nameOf(policy)} to level 2.`,
    );
  return ok(about("level-1", facts), `The bot is alone on level 1 of ${nameOf(policy)}.`);
}

function botLevels(facts: PolicyFacts): Check {
  const { policy, bot } = facts;
  const levels = policy.levels.flatMap(({ users }, i) => (i > 0 && users.includes(bot) ? [i + 1] : []));
  if (levels.length === 0)
    return ok(about("bot-levels", facts), "The bot is on no level of the policy after the first.");
  const on = `level${levels.length === 1 ? "" : "s"} ${levels.join(" and ")}`;
  return failed(
    about("bot-levels", facts),
    `The bot is on ${on} of ${nameOf(policy)} too: what it was asked once would come back to it.`,
    `In PagerDuty, take the user ${bot} off ${on} of ${nameOf(policy)}.`,
  );
}

/**
 * The checks of a bot that is on no armed policy yet: no service uses a policy with it, it is on no schedule, and the fallback policy
 * reaches people.
 */
export function standbySafety(
  facts: Omit<PolicyFacts, "policy" | "services" | "windowMs">,
): readonly Check[] {
  const nowhere = { ...facts, policy: null };
  return [botPolicies(nowhere), botSchedules(nowhere), fallbackSafety(nowhere)];
}

type MaybePolicy = Omit<PolicyFacts, "policy" | "services" | "windowMs"> & {
  readonly policy: PolicyFacts["policy"] | null;
};

/** A prepared policy that no service uses delays nothing. */
function botPolicies(facts: MaybePolicy): Check {
  const { policy, bot, armedServices } = facts;
  if (facts.botPolicies === null)
    return unknown(
      about("bot-policies", facts),
      "Which other policies have the bot could not be read.",
      "Run the checks again; the key needs to read escalation policies.",
    );
  const too = policy === null ? "" : " too";
  const others = facts.botPolicies.filter(({ id }) => id !== policy?.id);
  for (const other of others) {
    const misplaced = other.levels.some(({ targets }, i) => i > 0 && targets.includes(bot));
    const waiting = other.services.filter(({ id }) => !armedServices.includes(id));
    if (waiting.length > 0)
      return failed(
        about("bot-policies", facts),
        `The bot is on ${nameOf(other)}${too}, which ${listOf(waiting)} uses without being armed.`,
        `In PagerDuty, take the user ${bot} off ${nameOf(other)}, or give ${listOf(waiting)} a policy of people only.`,
      );
    if (misplaced)
      return failed(
        about("bot-policies", facts),
        `The bot is on ${nameOf(other)}${too}, and there after level 1.`,
        `In PagerDuty, take the user ${bot} off ${nameOf(other)}.`,
      );
  }
  return ok(
    about("bot-policies", facts),
    others.length === 0
      ? `The bot is on no ${policy === null ? "" : "other "}policy.`
      : `Of other policies the bot is only on those of armed services or of none: ${listOf(others)}.`,
  );
}

function botSchedules(facts: MaybePolicy): Check {
  const { bot } = facts;
  if (facts.botSchedules === null)
    return unknown(
      about("bot-schedules", facts),
      "Which schedules have the bot could not be read.",
      "Run the checks again; the key needs to read schedules and who is on call.",
    );
  if (facts.botSchedules.length === 0) return ok(about("bot-schedules", facts), "The bot is on no schedule.");
  return failed(
    about("bot-schedules", facts),
    `The bot is on a schedule: ${listOf(facts.botSchedules)}. In its turn nobody is woken.`,
    `In PagerDuty, take the user ${bot} out of ${listOf(facts.botSchedules)}, from its layers or rotations, its shifts and its overrides.`,
  );
}

function timeout(facts: PolicyFacts): Check {
  const { policy } = facts;
  const length = policy.levels[0]?.timeout ?? Number.NaN;
  if (length <= MAX_WINDOW_MS)
    return ok(about("level-1-timeout", facts), `Level 1 of the policy ends after ${minutes(length)}.`);
  return failed(
    about("level-1-timeout", facts),
    `Level 1 of ${nameOf(policy)} ends after ${minutes(length)}, and ${minutes(MAX_WINDOW_MS)} are the most: so late would people be paged if the bot were dead.`,
    `In PagerDuty, set level 1 of ${nameOf(policy)} to escalate after ${minutes(facts.windowMs)}.`,
  );
}

function window(facts: PolicyFacts): Check {
  const { policy } = facts;
  const length = policy.levels[0]?.timeout ?? Number.NaN;
  if (length === facts.windowMs)
    return ok(about("window", facts), `Level 1 lasts as long as the model's window, ${minutes(length)}.`);
  return failed(
    about("window", facts),
    `Level 1 of ${nameOf(policy)} lasts ${minutes(length)}, and the model's window is ${minutes(facts.windowMs)}: it predicts something else.`,
    `In PagerDuty, set level 1 of ${nameOf(policy)} to escalate after ${minutes(facts.windowMs)}; or train a version for this window: mrdata train --window ${length / 60_000}m, and set MRDATA_WINDOW=${length / 60_000}m.`,
  );
}

function levelTwo(facts: PolicyFacts): readonly Check[] {
  const { policy, rosters, period } = facts;
  const level = policy.levels[1];
  if (level === undefined || level.targets.length === 0)
    return [
      failed(
        about("level-2", facts),
        `${nameOf(policy)} has nobody on level 2: what the bot holds would reach no person.`,
        `In PagerDuty, add the people on call as level 2 of ${nameOf(policy)}.`,
      ),
    ];
  const gaps = unreachedTimes(level, rosters, isPersonTo(facts), period);
  if (gaps === null)
    return [
      unknown(
        about("level-2", facts),
        `Who is on call on level 2 of ${nameOf(policy)} could not be read.`,
        `Run the checks again; the key needs to read the schedules ${level.schedules.join(", ")}.`,
      ),
    ];
  const days = Math.round((period.until - period.since) / 86_400_000);
  const first = gaps[0];
  const now = first !== undefined && first.start <= period.since;
  const people = ok(about("level-2", facts), `Level 2 of ${nameOf(policy)} reaches people now.`);
  if (first === undefined)
    return [
      people,
      ok(about("level-2-gaps", facts), `Level 2 reaches people without a gap for ${days} days.`),
    ];
  const who = level.schedules.map((id) => nameOf({ id, name: rosters.get(id)?.name ?? id })).join(", ");
  const fill = who === "" ? `level 2 of ${nameOf(policy)}` : who;
  const nobody = failed(
    about("level-2", facts),
    `Nobody is on call on level 2 of ${nameOf(policy)} now.`,
    `In PagerDuty, put somebody on call in ${fill}.`,
  );
  const end = first.end >= period.until ? "" : ` until ${when(first.end)}`;
  const more = gaps.length > 1 ? `, and in ${gaps.length - 1} more gaps` : "";
  return [
    now ? nobody : people,
    failed(
      about("level-2-gaps", facts),
      `Level 2 of ${nameOf(policy)} reaches nobody from ${when(first.start)}${end}${more}.`,
      `In PagerDuty, close the gap in ${fill}: add a shift, a layer or an override from ${when(first.start)}${end}.`,
    ),
  ];
}

function repeats(facts: PolicyFacts): Check {
  const { policy } = facts;
  const round = policy.levels.reduce((sum, level) => sum + level.timeout, 0);
  return ok(
    { ...about("repeats", facts), needed: false },
    policy.repeats === 0
      ? `${nameOf(policy)} ends after its last level and does not repeat.`
      : `${nameOf(policy)} repeats ${policy.repeats} times, every ${minutes(round)}: each round comes to the bot first, which pages at once from the second on.`,
  );
}

/** PagerDuty's Shift Agent detects shift conflicts only on the schedules of level 1, which the bot now occupies. */
function shiftAgent(facts: PolicyFacts): readonly Check[] {
  const { policy, rosters } = facts;
  const schedules = policy.levels[1]?.schedules ?? [];
  if (schedules.length === 0) return [];
  const names = listOf(schedules.map((id) => ({ id, name: rosters.get(id)?.name ?? id })));
  return [
    ok(
      { ...about("shift-agent", facts), needed: false },
      `PagerDuty's Shift Agent looks for conflicting shifts on schedules of level 1 only: where it is in use, it does not look at ${names} while the bot stands first.`,
    ),
  ];
}
