import { createPagerDuty } from "@mrdata/pagerduty";
import { expect, test } from "vitest";
import { HOUR, MINUTE, rule, START, startDouble, TOKEN } from "./double.fixture.ts";

/** The one client on a double whose clock stands still but for its time-outs. */
function start(options: Parameters<typeof startDouble>[0] = {}) {
  const started = startDouble(options);
  const client = createPagerDuty({
    auth: { kind: "token", token: async () => TOKEN },
    from: "ben@example.com",
    clock: started.clock,
    fetch: started.double.fetch,
  });
  return { ...started, client };
}

async function all<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

test("a user who is removed is named by policies still, reaches nobody, and its incidents open one level up", async () => {
  const { double, client, open } = start();
  double.removeUser("PANNA");
  await expect(client.getUser("PANNA")).rejects.toMatchObject({ status: 404 });
  expect((await client.getEscalationPolicy("PPOLICY")).levels[0]?.users).toEqual(["PANNA"]);
  expect(double.incident(open()).assignees).toEqual(["PBEN"]);
});

test("policies are found by a user on them; schedules list their users and who is on call when", async () => {
  const { double, client } = start();
  double.setSchedule({
    id: "PROTA",
    name: "Rota",
    layers: [
      { start: START, turn: 2 * HOUR, users: ["PANNA", "PCARLA"], daily: { from: 3 * 60, minutes: 180 } },
    ],
  });
  double.setPolicy({
    id: "PROTATED",
    name: "By rota",
    repeat: 0,
    rules: [rule(5, "PBEN"), { delayMinutes: 5, targets: [{ type: "schedule", id: "PROTA" }] }],
  });
  const policies = await all(client.listEscalationPolicies({ userIds: ["PBEN"] }));
  expect(policies.map(({ id }) => id)).toEqual(["PPOLICY", "PROTATED"]);
  expect(policies[1]?.levels[1]).toMatchObject({ users: [], schedules: ["PROTA"] });
  const schedules = await all(client.listSchedules());
  expect(schedules.find(({ id }) => id === "PROTA")?.users).toEqual(["PANNA", "PCARLA"]);
  const rendered = await client.getSchedule("PROTA", { since: START, until: START + 5 * HOUR });
  expect(rendered.shifts).toEqual([
    { user: "PANNA", start: START, end: START + 2 * HOUR },
    { user: "PCARLA", start: START + 2 * HOUR, end: START + 3 * HOUR },
  ]);
});

test("what a service does with an alert before and when it opens an incident", async () => {
  const { double, client } = start();
  const service = {
    id: "PHIGH",
    name: "High",
    policyId: "PPOLICY",
    urgency: "high" as const,
    autoResolveTimeout: null,
    acknowledgementTimeout: null,
  };
  expect(await client.getService("PHIGH")).toMatchObject({
    urgencyRule: { type: "constant", urgency: "high" },
    supportHours: false,
    autoPause: null,
  });
  expect(await client.longestSuspension("PHIGH")).toBeNull();
  double.setService({ ...service, supportHours: true, autoPause: 120, suspend: 90, liveCallRouting: true });
  expect(await client.getService("PHIGH")).toMatchObject({
    urgencyRule: { type: "use_support_hours" },
    supportHours: true,
    autoPause: 2 * MINUTE,
    integrations: [{ name: "Events API V2" }, { name: "Live Call Routing" }],
  });
  expect(await client.longestSuspension("PHIGH")).toBe(90_000);
});

test("a subscription is made, changed, switched off and on, pinged and deleted", async () => {
  const { double, client, open, after } = start();
  const { subscription, secret } = await client.createSubscription({
    url: "https://receive.example.com/",
    description: "Mr Data",
    events: ["incident.triggered"],
    filter: { type: "account_reference" },
  });
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(await all(client.listSubscriptions())).toEqual([subscription]);
  await client.pingSubscription(subscription.id);
  await after(1);
  expect(double.deliveries.map(({ eventType }) => eventType)).toEqual(["pagey.ping"]);
  await client.updateSubscription(subscription.id, { active: false });
  open();
  await after(2);
  expect(double.deliveries).toHaveLength(1);
  await client.updateSubscription(subscription.id, { active: true, events: ["incident.resolved"] });
  double.setSubscription(subscription.id, { disabledUntil: START + HOUR });
  expect(await client.getSubscription(subscription.id)).toMatchObject({
    events: ["incident.resolved"],
    active: true,
    temporarilyDisabled: true,
  });
  expect(await client.enableSubscription(subscription.id)).toMatchObject({ temporarilyDisabled: false });
  await client.deleteSubscription(subscription.id);
  await client.deleteSubscription(subscription.id);
  expect(await all(client.listSubscriptions())).toEqual([]);
});

test("a service's policy is changed over REST as in the web application, for the incidents that open after it; nothing else of it is", async () => {
  const { double, ask, open } = start();
  const before = open();
  const put = (service: object) => ask("PUT", "/services/PHIGH", { service });
  const changed = await put({ escalation_policy: { id: "POTHER", type: "escalation_policy_reference" } });
  expect(changed).toMatchObject({ status: 200, body: { service: { escalation_policy: { id: "POTHER" } } } });
  expect(double.incident(before).policy).toBe("PPOLICY");
  expect(double.incident(open("PHIGH", "another")).policy).toBe("POTHER");
  expect(await put({ escalation_policy: { id: "PNOWHERE" } })).toMatchObject({ status: 404 });
  expect(await put({ escalation_policy: { id: "PPOLICY" }, name: "Renamed" })).toMatchObject({
    status: 400,
    body: { error: { code: 2001 } },
  });
});

test("a key's scopes and the clock can be read", async () => {
  const { double, client, clock } = start();
  expect(await client.writeAccess()).toBe("yes");
  const reader = createPagerDuty({
    auth: { kind: "token", token: async () => "read-only-token" },
    from: "ben@example.com",
    clock,
    fetch: double.fetch,
  });
  expect(await reader.writeAccess()).toBe("read-only");
  expect(Math.abs((await client.clockAhead()) ?? Number.NaN)).toBeLessThan(1_000);
  double.faults.set({ clockAhead: 3 * MINUTE });
  expect(await client.clockAhead()).toBeGreaterThan(2.9 * MINUTE);
});
