import type { RestPolicy, RestService, Shift } from "@mrdata/pagerduty";
import { type Attempts, byId, collect, type Read, readOr } from "./attempt.ts";
import type { ArmedService, CheckedPagerDuty, CheckOptions } from "./check-ports.ts";
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
 * Checks every policy that has the bot on level 1, or is about to, with the services under it. `windowMs`: the model's, milliseconds.
 */
export async function checkServicePolicies(
  pagerduty: CheckedPagerDuty,
  options: CheckOptions,
  { windowMs, now }: { readonly windowMs: number; readonly now: number },
  attempt: Attempts,
): Promise<readonly Check[]> {
  const {
    bot,
    armed,
    policies: furtherPolicies = [],
    fallbackPolicy,
    previouslyArmed = [],
    otherArmedServices = [],
  } = options;
  if (bot === null) return [];
  // PagerDuty returns shifts with a resolution of one second: a fraction would look like a gap.
  const since = Math.floor(now / 1000) * 1000;
  const period = { since, until: since + options.lookAhead };
  const services = await byId(
    armed.map(({ service }) => service),
    (id) => attempt.of(() => pagerduty.getService(id)),
  );
  // A service may use another policy by now: that is checked too if the bot is on it.
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
  // The list contains whole policies: only those missing from it are read by id.
  const policies = await byId([...armed.map(({ policy }) => policy), ...furtherPolicies, ...inUse], (id) =>
    attempt.of(async () => listed.get(id) ?? (await pagerduty.getEscalationPolicy(id))),
  );
  const rosters = await readRosters(
    pagerduty,
    [...policies.values(), ...(fallback === null ? [] : [fallback])].map((policy) => readOr(policy, null)),
    period,
    attempt,
  );
  const [globalSuspension, suspensions] = await Promise.all([
    attempt.of(() => pagerduty.longestGlobalSuspension()),
    byId([...services.keys()], (id) => attempt.of(() => pagerduty.longestSuspension(id))),
  ]);
  const suspensionOf = (service: string): number | null => {
    const own = suspensions.get(service);
    const longest = Math.max((own && readOr(own, null)) ?? 0, readOr(globalSuspension, null) ?? 0);
    return longest === 0 ? null : longest;
  };

  const known = {
    bot,
    automations: options.automations,
    rosters,
    period,
    botPolicies: readOr(botPolicies, null),
    botSchedules: readOr(botSchedules, null),
    armedServices: [...[...armed, ...previouslyArmed].map(({ service }) => service), ...otherArmedServices],
    fallback: fallbackOf(fallback),
  };
  const checks: Check[] = armed.map((one) => policyInUseCheck(one, services.get(one.service), withBot));
  for (const [id, read] of policies) {
    if (read.kind !== "read") {
      checks.push(unreadablePolicy(id, read));
      continue;
    }
    const under = [...services].flatMap(([service, one]): readonly ServiceFacts[] => {
      const found = readOr(one, null);
      const isUnderPolicy = armed.some((other) => other.service === service && other.policy === id);
      return found !== null && (isUnderPolicy || found.policyId === id)
        ? [{ service: found, suspension: suspensionOf(service) }]
        : [];
    });
    checks.push(
      ...policySafety({
        ...known,
        policy: read.value,
        windowMs,
        services: under,
      }),
    );
  }
  if (policies.size === 0) checks.push(...standbySafety(known));
  for (const { service } of previouslyArmed)
    checks.push(...previouslyArmedCheck(await attempt.of(() => pagerduty.getService(service)), withBot));
  return checks;
}

/** A service that is no longer armed but whose incidents still reach the bot: needless, but not dangerous. */
function previouslyArmedCheck(read: Read<RestService>, withBot: ReadonlySet<string>): readonly Check[] {
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
    // A deleted schedule has nobody on call; an unreadable one is left out.
    if (one.kind === "missing") rosters.set(id, { name: id, shifts: [] });
    if (one.kind === "read") rosters.set(id, one.value);
  }
  return rosters;
}

function policyInUseCheck(
  { service: id, policy }: ArmedService,
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

function unreadablePolicy(id: string, read: Read<RestPolicy>): Check {
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
