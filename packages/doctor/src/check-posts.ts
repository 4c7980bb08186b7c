import type { RestPolicy, RestService, Shift } from "@mrdata/pagerduty";
import { type Attempts, byId, collect, type Read, readOr } from "./attempt.ts";
import type { CheckedPagerDuty, CheckOptions } from "./check-ports.ts";
import { findSchedulesOf } from "./find-schedules.ts";
import {
  type Check,
  failed,
  ok,
  policySafety,
  type Rosters,
  type ServiceFacts,
  standbySafety,
  unknown,
} from "./safety/index.ts";

/**
 * Every policy that the bot stands first on, or is about to, with the services under it. `window`: the model's,
 * milliseconds.
 */
export async function checkPosts(
  pagerduty: CheckedPagerDuty,
  options: CheckOptions,
  { window, now }: { readonly window: number; readonly now: number },
  attempt: Attempts,
): Promise<readonly Check[]> {
  const {
    bot,
    posts,
    policies: besides = [],
    fallbackPolicy,
    previouslyArmed = [],
    otherArmedServices = [],
  } = options;
  if (bot === null) return [];
  // PagerDuty renders shifts to the second: a fraction of one would look like a gap.
  const since = Math.floor(now / 1000) * 1000;
  const period = { since, until: since + options.lookAhead };
  const services = await byId(
    posts.map(({ service }) => service),
    (id) => attempt.of(() => pagerduty.getService(id)),
  );
  // A service may stand under another policy by now: what its incidents go by is looked at too, if the bot is on it.
  const [botPolicies, fallback, botSchedules] = await Promise.all([
    attempt.of(() => collect(pagerduty.listEscalationPolicies({ userIds: [bot] }))),
    fallbackPolicy === null ? null : attempt.of(() => pagerduty.getEscalationPolicy(fallbackPolicy)),
    attempt.of(() => findSchedulesOf(pagerduty, bot, period, options)),
  ]);
  const listed = new Map(readOr(botPolicies, []).map((policy) => [policy.id, policy]));
  const withBot: ReadonlySet<string> = new Set(listed.keys());
  const inUse = [...services.values()].flatMap((service) => {
    const id = readOr(service, null)?.policyId ?? null;
    return id !== null && withBot.has(id) ? [id] : [];
  });
  // The list has them whole: only what it does not have is asked for by its id.
  const policies = await byId([...posts.map(({ policy }) => policy), ...besides, ...inUse], (id) =>
    attempt.of(async () => listed.get(id) ?? (await pagerduty.getEscalationPolicy(id))),
  );
  const rosters = await readRosters(
    pagerduty,
    [...policies.values(), ...(fallback === null ? [] : [fallback])].map((policy) => readOr(policy, null)),
    period,
    attempt,
  );
  const [everywhere, suspensions] = await Promise.all([
    attempt.of(() => pagerduty.longestGlobalSuspension()),
    byId([...services.keys()], (id) => attempt.of(() => pagerduty.longestSuspension(id))),
  ]);
  const suspensionOf = (service: string): number | null => {
    const own = suspensions.get(service);
    const longest = Math.max((own && readOr(own, null)) ?? 0, readOr(everywhere, null) ?? 0);
    return longest === 0 ? null : longest;
  };

  const known = {
    bot,
    automations: options.automations,
    rosters,
    period,
    botPolicies: readOr(botPolicies, null),
    botSchedules: readOr(botSchedules, null),
    armedServices: [...[...posts, ...previouslyArmed].map(({ service }) => service), ...otherArmedServices],
    fallback: fallbackOf(fallback),
  };
  const checks: Check[] = posts.map((post) => postCheck(post, services.get(post.service), withBot));
  for (const [id, read] of policies) {
    if (read.kind !== "read") {
      checks.push(unread(id, read));
      continue;
    }
    const under = [...services].flatMap(([service, one]): readonly ServiceFacts[] => {
      const found = readOr(one, null);
      const here = posts.some((post) => post.service === service && post.policy === id);
      return found !== null && (here || found.policyId === id)
        ? [{ service: found, suspension: suspensionOf(service) }]
        : [];
    });
    checks.push(
      ...policySafety({
        ...known,
        policy: read.value,
        window,
        services: under,
      }),
    );
  }
  if (policies.size === 0) checks.push(...standbySafety(known));
  for (const { service } of previouslyArmed)
    checks.push(...formerCheck(await attempt.of(() => pagerduty.getService(service)), withBot));
  return checks;
}

/** A service that is not armed any more, and whose incidents still come to the bot: needless, and not dangerous. */
function formerCheck(read: Read<RestService>, withBot: ReadonlySet<string>): readonly Check[] {
  if (read.kind !== "read" || read.value.policyId === null || !withBot.has(read.value.policyId)) return [];
  const { id, name, policyId } = read.value;
  return [
    failed(
      { name: "policy-in-use", subject: id, needed: false },
      `${name} (${id}) is disarmed and still uses ${policyId}, with the bot on level 1: it pages at once what comes to it.`,
      `In PagerDuty, put a policy of people only on ${name}.`,
    ),
  ];
}

const fallbackOf = (read: Read<RestPolicy> | null): RestPolicy | "unset" | "missing" | null => {
  if (read === null) return "unset";
  return read.kind === "missing" ? "missing" : readOr(read, null);
};

async function readRosters(
  pagerduty: CheckedPagerDuty,
  policies: readonly (RestPolicy | null)[],
  period: { readonly since: number; readonly until: number },
  attempt: Attempts,
): Promise<Rosters> {
  const ids = policies.flatMap((policy) => policy?.levels.flatMap(({ schedules }) => schedules) ?? []);
  const read = await byId(ids, (id) => attempt.of(() => pagerduty.getSchedule(id, period)));
  const rosters = new Map<string, { readonly name: string; readonly shifts: readonly Shift[] }>();
  for (const [id, one] of read) {
    // A schedule that was deleted has nobody on call; one that could not be read is left out.
    if (one.kind === "missing") rosters.set(id, { name: id, shifts: [] });
    if (one.kind === "read") rosters.set(id, one.value);
  }
  return rosters;
}

function postCheck(
  { service: id, policy }: CheckOptions["posts"][number],
  read: Read<RestService> | undefined,
  withBot: ReadonlySet<string>,
): Check {
  const about = { name: "policy-in-use", subject: id } as const;
  if (read === undefined || read.kind === "unreadable")
    return unknown(
      about,
      `Service ${id} could not be read: ${read === undefined ? "not asked" : read.reason}.`,
      "Run the checks again; the key needs to read services.",
    );
  if (read.kind === "missing")
    return failed(
      about,
      `PagerDuty has no service ${id}.`,
      `Give the id of a service, as its address in PagerDuty ends; or disarm it: mrdata disarm ${id} --why "it is gone".`,
    );
  const { name, policyId } = read.value;
  if (policyId === policy) return ok(about, `${name} (${id}) uses the policy ${policy}.`);
  if (policyId !== null && withBot.has(policyId))
    return failed(
      about,
      `${name} (${id}) is meant for the policy ${policy}, and uses ${policyId}, which has the bot on it too.`,
      `In PagerDuty, put the policy ${policy} on ${name}; or arm it under the other: mrdata arm ${id} --policy ${policyId}.`,
    );
  return ok(
    { ...about, needed: false },
    `${name} (${id}) uses ${policyId ?? "no policy"} and not ${policy} yet: the bot gets nothing of it until it does.`,
  );
}

function unread(id: string, read: Read<RestPolicy>): Check {
  const about = { name: "level-1", subject: id } as const;
  if (read.kind === "missing")
    return failed(
      about,
      `PagerDuty has no escalation policy ${id}.`,
      "Make a policy with the bot alone on level 1 and the people on call on level 2, and give its id.",
    );
  return unknown(
    about,
    `The escalation policy ${id} could not be read${read.kind === "unreadable" ? `: ${read.reason}` : ""}.`,
    "Run the checks again; the key needs to read escalation policies.",
  );
}
