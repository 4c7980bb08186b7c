import {
  type AccountDescription,
  BOT_USER,
  createRandom,
  FALLBACK_POLICY,
  type PolicyDescription,
  type Random,
  type ScheduleDescription,
  type UserDescription,
} from "@mrdata/simulator";
import type { Fault, Stage } from "../faults.ts";
import { keyOf } from "../incident-key.ts";
import { againAndAgain } from "./again-and-again.ts";
import { AGENT_USER } from "./agents.ts";
import { HOUR, MINUTE } from "./durations.ts";

type Edit = (account: AccountDescription) => AccountDescription;

const lasting = { lasts: [2 * HOUR, 6 * HOUR], pauses: [15 * MINUTE, 40 * MINUTE] } as const;

/** Somebody edits the account, edits it otherwise after a while, and at the end all is put back. */
const edited = (
  about: Pick<Fault, "name" | "what" | "pages" | "takes">,
  draw: (stage: Stage) => Edit,
): Fault => ({
  ...about,
  ...lasting,
  begin: (stage) => {
    let edit = draw(stage);
    const remove = stage.layers.account.add((account) => edit(account));
    stage.editAccount();
    const stop = againAndAgain(stage, [5 * MINUTE, 40 * MINUTE], () => {
      edit = draw(stage);
      stage.editAccount();
    });
    return async () => {
      await stop();
      remove();
      stage.editAccount();
    };
  },
});

const bot = { type: "user", id: BOT_USER } as const;
const program = { type: "user", id: AGENT_USER.id } as const;

type PolicyEdit = (policy: PolicyDescription) => PolicyDescription;

const withoutBot = (policy: PolicyDescription): PolicyDescription => {
  const rules = policy.rules.filter(({ targets }) => targets.some(({ id }) => id !== BOT_USER));
  return { ...policy, rules };
};
const botAgain = (policy: PolicyDescription): PolicyDescription => ({
  ...policy,
  rules: policy.rules.map((rule, i) => (i === 1 ? { ...rule, targets: [bot] } : rule)),
});

const programAgain = (policy: PolicyDescription): PolicyDescription => ({
  ...policy,
  rules: policy.rules.map((rule, i) => (i === 1 ? { ...rule, targets: [program] } : rule)),
});

const onCall = (schedule: ScheduleDescription, users: readonly string[]): ScheduleDescription => ({
  id: schedule.id,
  name: schedule.name,
  onCall: () => users,
});

/** How soon after an incident has come to the bot somebody edits its policy: between the bot's calls, or within a hold. */
const AT_ONCE = [50, 1_500] as const;
const WITHIN_A_HOLD = [5_000, 5 * MINUTE] as const;
const EDITED = 0.3;

/**
 * At 3 am people edit the policy of the incident that they look at: the bot out of it, or its level 2; or they make what
 * opens next on its service of low urgency, which PagerDuty never escalates. An open incident keeps the policy of its
 * opening. Minutes later all is put back, and the service armed again.
 */
const policyEdited: Fault = {
  name: "policy-edited",
  what: "policies are edited while their incidents are open (the bot taken out, or made level 2 as well, or a program made level 2), or their services become of low urgency, and are put back",
  pages: true,
  takes: "people",
  ...lasting,
  begin: ({ simulation: { clock, pagerduty }, layers, random, editAccount, saveSettings }) => {
    const edits = new Map<string, PolicyEdit | "low urgency">();
    const edited = (policy: PolicyDescription): PolicyDescription => {
      const edit = edits.get(policy.id);
      return edit === undefined || edit === "low urgency" ? policy : edit(policy);
    };
    const remove = layers.account.add((before) => ({
      ...before,
      policies: before.policies.map(edited),
      services: before.services.map((service) =>
        edits.get(service.policyId) === "low urgency" ? { ...service, urgency: "low" } : service,
      ),
    }));
    let over = false;
    // By the incident and nothing else: where PagerDuty is played alone beside the bot, people edit the same.
    const seed = random.whole(1, 1_000_000);
    const seen = new Set<string>();
    const edit = (policy: string, drawn: Random): void => {
      if (over || edits.has(policy)) return;
      edits.set(policy, drawn.pick([withoutBot, withoutBot, botAgain, programAgain, "low urgency"] as const));
      editAccount();
      clock.schedule(clock.now() + drawn.between(1, 15) * MINUTE, async () => {
        if (over) return;
        edits.delete(policy);
        editAccount();
        await saveSettings();
      });
    };
    const stop = pagerduty.onNotified(({ incident, bot: toBot, why }) => {
      const known = pagerduty.incident(incident);
      const { policy } = known;
      if (!toBot || why !== "assigned" || policy === FALLBACK_POLICY || seen.has(incident)) return;
      seen.add(incident);
      const drawn = createRandom(seed, keyOf(known));
      if (!drawn.chance(EDITED)) return;
      const [least, most] = drawn.pick([AT_ONCE, WITHIN_A_HOLD]);
      clock.schedule(clock.now() + drawn.between(least, most), () => edit(policy, drawn));
    });
    return () => {
      over = true;
      stop();
      remove();
      editAccount();
    };
  },
};

/** What people edit at PagerDuty while incidents are open. */
export const editFaults: readonly Fault[] = [
  policyEdited,
  edited(
    {
      name: "schedule-edited",
      what: "the bot's user is on call on the schedule of level 2, or nobody is, for a while",
      pages: true,
      takes: "people",
    },
    ({ random }) => {
      const edits = random.pick<ReadonlyMap<string, readonly string[]>>([
        new Map([["PPRIMARY", [BOT_USER]]]),
        new Map([["PPRIMARY", [BOT_USER]]]),
        new Map([["PPRIMARY", []]]),
        new Map([["PSECONDARY", []]]),
        new Map([
          ["PPRIMARY", [BOT_USER]],
          ["PSECONDARY", []],
        ]),
        new Map(),
      ]);
      return (before) => ({
        ...before,
        schedules: before.schedules.map((schedule) => {
          const users = edits.get(schedule.id);
          return users === undefined ? schedule : onCall(schedule, users);
        }),
      });
    },
  ),
  edited(
    {
      name: "user-edited",
      what: "users are edited: the bot has another e-mail address, so that PagerDuty knows no such `From`",
      pages: false,
      takes: "bot",
    },
    ({ random }) => {
      const renamed = (user: UserDescription): UserDescription => ({
        ...user,
        name: `${user.name} (edited)`,
      });
      const moved = (user: UserDescription): UserDescription => ({ ...user, email: `moved-${user.email}` });
      const edit = random.pick([renamed, moved, moved]);
      const everybody = random.chance(0.3);
      return (before) => ({
        ...before,
        users: before.users.map((user) => (everybody || user.id === BOT_USER ? edit(user) : user)),
      });
    },
  ),
  edited(
    {
      name: "service-edited",
      what: "services are moved to other policies: of people only, or of another service",
      pages: true,
      takes: null,
    },
    ({ account, random }) => {
      const policies = new Map(
        account.services.map(({ id, policyId }) => [
          id,
          random.pick([FALLBACK_POLICY, random.pick(account.services).policyId, policyId]),
        ]),
      );
      return (before) => ({
        ...before,
        services: before.services.map((service) => ({
          ...service,
          policyId: policies.get(service.id) ?? service.policyId,
        })),
      });
    },
  ),
];
