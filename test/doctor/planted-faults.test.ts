import type { Check, CheckOptions } from "@mrdata/doctor";
import { DEAD_TOPIC } from "@mrdata/functions";
import type { ModelStore } from "@mrdata/platform";
import { beforeAll, describe, expect, test } from "vitest";
import { modelsOf, someVersion } from "../support/trained-version.ts";
import {
  ALEX,
  BOT,
  type CheckedAccount,
  checkedAccount,
  DAY,
  HOUR,
  MINUTE,
  PRIMARY,
  ROBIN,
  rules,
  SERVICE,
  START,
} from "./checked-account.ts";

let models: ModelStore;
beforeAll(async () => {
  models = modelsOf({ v1: await someVersion(START), v2: await someVersion(START - 100 * DAY) });
});

const unwell = (checks: readonly Check[]) =>
  checks.filter(({ needed, state }) => needed && state !== "ok").map(({ name }) => name);

const user = (id: string) => ({ type: "user", id }) as const;
const service = {
  id: SERVICE,
  name: "Database",
  policyId: "PARMED",
  urgency: "high" as const,
  autoResolveTimeout: null,
  acknowledgementTimeout: null,
};

/** Each fault as it is planted, and the checks that name it. */
const faults: readonly {
  readonly fault: string;
  readonly plant: (account: CheckedAccount) => unknown;
  readonly change?: Partial<CheckOptions>;
  readonly names: readonly string[];
  readonly says: RegExp;
}[] = [
  {
    fault: "bot missing",
    plant: ({ pagerduty }) => pagerduty.removeUser(BOT.id),
    // The e-mail in whose name the bot pages is gone with it.
    names: ["bot-user", "token"],
    says: /no user PBOT/,
  },
  {
    fault: "bot on level 2 as well",
    plant: ({ arm }) => arm(rules(5, [user(BOT.id), user(ROBIN)])),
    names: ["bot-levels"],
    says: /on level 2 of .* too/,
  },
  {
    fault: "bot in a schedule",
    plant: ({ pagerduty }) =>
      pagerduty.setSchedule({
        id: "PROTA",
        name: "Rota",
        layers: [{ start: START - DAY, turn: 60 * DAY, users: [ROBIN, BOT.id] }],
      }),
    names: ["bot-schedules"],
    says: /on a schedule: Rota \(PROTA\)/,
  },
  {
    fault: "empty level 2",
    plant: ({ pagerduty }) => pagerduty.setSchedule({ id: PRIMARY, name: "Primary", onCall: () => [] }),
    names: ["level-2", "level-2-gaps"],
    says: /Nobody is on call on level 2/,
  },
  {
    fault: "no level 2 at all",
    plant: ({ arm }) => arm(rules(5).slice(0, 1)),
    names: ["level-2"],
    says: /has nobody on level 2/,
  },
  {
    fault: "gap on level 2",
    plant: ({ pagerduty }) =>
      pagerduty.setSchedule({
        id: PRIMARY,
        name: "Primary",
        onCall: (at) => (at >= START + 9 * DAY && at < START + 9 * DAY + 2 * HOUR ? [] : [ALEX]),
      }),
    names: ["level-2-gaps"],
    says: /reaches nobody from 2026-03-11 03:00 UTC until 2026-03-11 05:00 UTC/,
  },
  {
    fault: "timeout 30 minutes",
    plant: ({ arm }) => arm(rules(30)),
    names: ["level-1-timeout", "window"],
    says: /ends after 30 minutes, and 15 minutes are the most/,
  },
  {
    fault: "timeout is not the model's window",
    plant: ({ arm }) => arm(rules(10)),
    names: ["window"],
    says: /lasts 10 minutes, and the model's window is 5 minutes/,
  },
  {
    fault: "severity-based urgency",
    plant: ({ pagerduty }) => pagerduty.setService({ ...service, urgency: "severity_based" }),
    names: ["urgency"],
    says: /goes by the alert's severity/,
  },
  {
    fault: "low urgency",
    plant: ({ pagerduty }) => pagerduty.setService({ ...service, urgency: "low" }),
    names: ["urgency"],
    says: /of low urgency/,
  },
  {
    fault: "support hours",
    plant: ({ pagerduty }) => pagerduty.setService({ ...service, supportHours: true }),
    names: ["urgency"],
    says: /support hours/,
  },
  {
    fault: "auto-resolve inside the window",
    plant: ({ pagerduty }) => pagerduty.setService({ ...service, autoResolveTimeout: 240 }),
    names: ["auto-resolve"],
    says: /by itself after 4 minutes, and the window lasts 5 minutes: what is held would be closed before/,
  },
  {
    fault: "low urgency and no fallback policy",
    plant: ({ pagerduty }) => pagerduty.setService({ ...service, urgency: "low" }),
    change: { fallbackPolicy: null },
    names: ["fallback-policy", "urgency"],
    says: /No fallback policy is set.*where an incident is of low urgency.*\n.*only those of high urgency escalate/,
  },
  {
    fault: "live call routing",
    plant: ({ pagerduty }) => pagerduty.setService({ ...service, liveCallRouting: true }),
    names: ["live-call-routing"],
    says: /put through to the bot/,
  },
  {
    fault: "subscription disabled",
    plant: async ({ pagerduty, subscription }) =>
      pagerduty.setSubscription((await subscription()).id, { disabledUntil: START + DAY }),
    names: ["subscription-enabled", "webhook-secret"],
    says: /has disabled the webhook subscription/,
  },
  {
    fault: "subscription missing",
    plant: async ({ client, subscription }) => client.deleteSubscription((await subscription()).id),
    names: ["subscription"],
    says: /No webhook subscription sends to/,
  },
  {
    fault: "subscription of another team",
    plant: async ({ pagerduty, subscription }) =>
      pagerduty.setSubscription((await subscription()).id, {
        filter: { type: "team_reference", id: "PTEAM" },
      }),
    names: ["subscription"],
    says: /No webhook subscription covers PDATABASE/,
  },
  {
    fault: "subscription lacks an event",
    plant: async ({ pagerduty, subscription }) => {
      const { id, events } = await subscription();
      pagerduty.setSubscription(id, { events: events.filter((one) => one !== "incident.reassigned") });
    },
    names: ["subscription-events"],
    says: /does not send incident\.reassigned/,
  },
  {
    fault: "wrong secret",
    plant: async ({ pagerduty, subscription }) =>
      pagerduty.setSubscription((await subscription()).id, { secret: "another" }),
    names: ["webhook-secret"],
    says: /ping .* did not come through within 20 s: the signing secret is another/,
  },
  {
    fault: "PagerDuty's clock 3 minutes off",
    plant: ({ pagerduty }) => pagerduty.faults.set({ clockAhead: 3 * MINUTE }),
    names: ["clock"],
    says: /This clock is 18\d s behind PagerDuty's/,
  },
  {
    fault: "dead letters waiting",
    plant: ({ bus }) =>
      bus.publish(DEAD_TOPIC, {
        data: new Uint8Array(),
        attributes: { reason: "the message is not JSON", source: "record" },
        orderingKey: "",
      }),
    names: ["dead-letters"],
    says: /A dead letter waits; the newest is from record: the message is not JSON/,
  },
  {
    fault: "the bot notified by telephone",
    plant: ({ pagerduty }) =>
      pagerduty.setUser({ ...BOT, name: "Mr Data", bot: true, contactMethods: ["email", "phone"] }),
    names: ["bot-quiet"],
    says: /notified by phone too/,
  },
  {
    fault: "the bot without a seat",
    plant: ({ pagerduty }) =>
      pagerduty.setUser({ ...BOT, name: "Mr Data", bot: true, license: "stakeholder" }),
    names: ["bot-seat"],
    says: /is a stakeholder/,
  },
  {
    fault: "the bot on the policy of a service that is not armed",
    plant: ({ pagerduty }) => {
      pagerduty.setPolicy({ id: "PSHOP", name: "Shop", repeat: 0, rules: rules(5) });
      pagerduty.setService({ ...service, id: "PSHOPSERVICE", name: "Shop", policyId: "PSHOP" });
    },
    names: ["bot-policies"],
    says: /on Shop \(PSHOP\) too, which Shop \(PSHOPSERVICE\) uses without being armed/,
  },
];

describe("the checks", () => {
  test("find nothing in an account where everything holds, and say so line by line", async () => {
    const account = await checkedAccount({ models });
    const checks = await account.checks();
    expect(unwell(checks)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "bot-user",
        "bot-seat",
        "bot-quiet",
        "level-1",
        "bot-levels",
        "bot-policies",
        "bot-schedules",
        "level-1-timeout",
        "window",
        "level-2",
        "level-2-gaps",
        "fallback-policy",
        "urgency",
        "live-call-routing",
        "policy-in-use",
        "suspension",
        "repeats",
        "subscription",
        "subscription-enabled",
        "subscription-events",
        "webhook-secret",
        "token",
        "clock",
        "champion",
        "dead-letters",
      ]),
    );
    await account.close();
  });

  test.each(faults)("name $fault", async ({ plant, change, names, says }) => {
    const account = await checkedAccount({ models });
    await account.during(Promise.resolve(plant(account)));
    const checks = await account.checks(change);
    expect(unwell(checks)).toEqual(names);
    const found = checks.filter(({ state }) => state !== "ok");
    expect(found.map(({ sentence }) => sentence).join("\n")).toMatch(says);
    expect(found.every(({ fix }) => fix !== null && fix.length > 10)).toBe(true);
    await account.close();
  });

  test("say beside the others that two subscriptions send every event twice, and name both", async () => {
    const account = await checkedAccount({ models });
    const { client, during, subscription } = account;
    const first = await during(subscription());
    const { subscription: second } = await during(
      client.createSubscription({ ...first, filter: { type: "account_reference" } }),
    );
    const twice = (await account.checks()).filter(({ name }) => name === "subscription-twice");
    expect(twice).toMatchObject([{ needed: false, state: "failed" }]);
    for (const { id } of [first, second]) expect(twice[0]?.sentence).toContain(id);
    expect(twice[0]?.fix).toContain("pulumi config rm webhookSecret");
    await account.close();
  });

  test("name a key that may only read", async () => {
    const account = await checkedAccount({ models, readOnly: true });
    const checks = await account.checks();
    expect(unwell(checks)).toEqual(["webhook-secret", "token"]);
    expect(checks.find(({ name }) => name === "token")?.sentence).toMatch(/may only read/);
    await account.close();
  });

  test("name the bot's own clock 3 minutes off", async () => {
    const account = await checkedAccount({ models, skew: 3 * MINUTE });
    const checks = await account.checks();
    expect(unwell(checks)).toEqual(["clock"]);
    expect(checks.find(({ name }) => name === "clock")?.sentence).toMatch(/18\d s ahead of PagerDuty's/);
    await account.close();
  });

  test("name a stale model, and one that cannot be read", async () => {
    const account = await checkedAccount({ models });
    const champion = async () => {
      const checks = await account.checks();
      expect(unwell(checks)).toEqual(["champion"]);
      return checks.find(({ name }) => name === "champion")?.sentence;
    };
    await account.ledger.promote("v2");
    expect(await champion()).toMatch(/v2 was trained 100 days ago, and 90 are the most/);
    await account.ledger.promote("v3");
    expect(await champion()).toMatch(/v3 is refused: its card.json is missing/);
    await account.close();
  });

  test("name a fallback policy that is not set, and one that has the bot on it", async () => {
    const account = await checkedAccount({ models });
    expect(unwell(await account.checks({ fallbackPolicy: null }))).toEqual(["fallback-policy"]);
    account.pagerduty.setPolicy({ id: "PFALLBACK", name: "People only", repeat: 0, rules: rules(5) });
    expect(unwell(await account.checks())).toContain("fallback-policy");
    await account.close();
  });

  test("before anything is armed they look at what has to hold already", async () => {
    const account = await checkedAccount({ models });
    account.pagerduty.setService({ ...service, policyId: "PFALLBACK" });
    const none = { armed: [] };
    expect(unwell(await account.checks(none))).toEqual([]);
    expect(unwell(await account.checks({ ...none, fallbackPolicy: null }))).toEqual(["fallback-policy"]);
    account.pagerduty.setService(service);
    const checks = await account.checks(none);
    expect(unwell(checks)).toEqual(["bot-policies"]);
    expect(checks.find(({ state }) => state === "failed")?.sentence).toMatch(
      /on Database, Mr Data first \(PARMED\), which Database \(PDATABASE\) uses without being armed/,
    );
    await account.close();
  });

  test.each([
    [null, "ok", /closes no incident of Database/],
    [24 * 3600, "ok", /by itself after 1440 minutes/],
    [4 * 3600, "ok", /by itself after 240 minutes/],
    [30 * 60, "failed", /by itself after 30 minutes: a real one that nobody answers is closed/],
  ] as const)(
    "a service that closes incidents after %s s is a row of its own",
    async (seconds, state, says) => {
      const account = await checkedAccount({ models });
      account.pagerduty.setService({ ...service, autoResolveTimeout: seconds });
      const checks = await account.checks();
      expect(unwell(checks)).toEqual([]);
      const row = checks.find(({ name }) => name === "auto-resolve");
      expect(row?.state).toBe(state);
      expect(row?.sentence).toMatch(says);
      await account.close();
    },
  );

  test("a PagerDuty that does not answer leaves everything unknown, and unknown is not well", async () => {
    const account = await checkedAccount({ models });
    account.pagerduty.faults.set({ rest: "500" });
    const checks = await account.checks();
    expect(unwell(checks)).toEqual(["token"]);
    expect(checks[0]?.state).toBe("unknown");
    await account.close();
  });

  test("what suspends an alert and how a policy repeats stand beside them, and are not needed", async () => {
    const account = await checkedAccount({ models });
    account.pagerduty.setService({ ...service, autoPause: 120, suspend: 60 });
    const checks = await account.checks();
    expect(unwell(checks)).toEqual([]);
    expect(checks.find(({ name }) => name === "suspension")?.sentence).toMatch(
      /may take 8 minutes: auto-pause 2 minutes \+ event orchestration 1 minute \+ window 5 minutes/,
    );
    expect(checks.find(({ name }) => name === "repeats")?.sentence).toMatch(/repeats 1 time/);
    // PagerDuty's Shift Agent sees the schedules of level 1 alone.
    expect(checks.find(({ name }) => name === "shift-agent")).toMatchObject({
      needed: false,
      state: "ok",
      sentence: expect.stringContaining("does not look at Primary (PPRIMARY)"),
    });
    await account.close();
  });
});
