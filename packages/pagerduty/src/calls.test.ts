import { describe, expect, test } from "vitest";
import { createPagerDuty } from "./rest-client.ts";
import type { ClientClock } from "./retry.ts";

const NOW = Date.parse("2026-03-02T03:00:00Z");
const clock: ClientClock = {
  now: () => NOW,
  sleep: (_, signal) => (signal === undefined ? Promise.resolve() : new Promise(() => {})),
};

type Asked = { readonly method: string; readonly path: string; readonly body: unknown };

/** A client of a PagerDuty that answers by method and path, and the requests that it received. */
function client(answers: Readonly<Record<string, () => Response>>) {
  const asked: Asked[] = [];
  const pagerduty = createPagerDuty({
    auth: { kind: "token", token: async () => "a-token" },
    from: "mrdata@example.com",
    clock,
    random: () => 0,
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input));
      const method = init?.method ?? "GET";
      asked.push({ method, path: pathname, body: init?.body ? JSON.parse(String(init.body)) : null });
      return (
        answers[`${method} ${pathname}`]?.() ??
        Response.json({ error: { message: "Not Found", code: 2100 } }, { status: 404 })
      );
    },
  });
  return { pagerduty, asked };
}

const json = (body: unknown) => () => Response.json(body);

/** As the API reference shows it. */
const subscription = (change: object = {}) => ({
  id: "PSUB",
  type: "webhook_subscription",
  active: true,
  description: "Mr Data",
  events: ["incident.triggered"],
  filter: { type: "account_reference" },
  delivery_method: {
    id: "PDELIVERY",
    type: "http_delivery_method",
    url: "https://receive.example.com/",
    secret: null,
    temporarily_disabled: false,
    custom_headers: [],
    ...change,
  },
});
const wanted = {
  url: "https://receive.example.com/",
  description: "Mr Data",
  events: ["incident.triggered"],
  filter: { type: "account_reference" },
} as const;

describe("webhook subscriptions", () => {
  test("the secret comes with the creation, separate from the subscription, which never contains it", async () => {
    const { pagerduty, asked } = client({
      "GET /webhook_subscriptions": json({ webhook_subscriptions: [], more: false }),
      "POST /webhook_subscriptions": json({ webhook_subscription: subscription({ secret: "shown-once" }) }),
    });
    const { subscription: made, secret } = await pagerduty.createSubscription(wanted);
    expect(secret).toBe("shown-once");
    expect(made).toEqual({
      id: "PSUB",
      url: wanted.url,
      description: "Mr Data",
      events: ["incident.triggered"],
      filter: { type: "account_reference", id: null },
      active: true,
      temporarilyDisabled: false,
    });
    expect(JSON.stringify(made)).not.toContain("shown-once");
    expect(asked.at(-1)?.body).toEqual({
      webhook_subscription: {
        type: "webhook_subscription",
        description: "Mr Data",
        events: ["incident.triggered"],
        filter: { type: "account_reference" },
        delivery_method: { type: "http_delivery_method", url: wanted.url },
      },
    });
  });

  test("a creation that was made and never answered is undone before it is tried again", async () => {
    let tries = 0;
    const { pagerduty, asked } = client({
      "GET /webhook_subscriptions": () =>
        Response.json({
          webhook_subscriptions: tries === 0 ? [] : [{ ...subscription(), id: "PLOST" }],
          more: false,
        }),
      "POST /webhook_subscriptions": () => {
        if (++tries === 1) throw new TypeError("fetch failed");
        return Response.json({ webhook_subscription: subscription({ secret: "second" }) });
      },
      "DELETE /webhook_subscriptions/PLOST": () => new Response(null, { status: 204 }),
    });
    expect((await pagerduty.createSubscription(wanted)).secret).toBe("second");
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /webhook_subscriptions",
      "POST /webhook_subscriptions",
      "GET /webhook_subscriptions",
      "DELETE /webhook_subscriptions/PLOST",
      "POST /webhook_subscriptions",
    ]);
  });

  test("a creation without a secret is refused: no signature could be verified", async () => {
    const { pagerduty } = client({
      "GET /webhook_subscriptions": json({ webhook_subscriptions: [] }),
      "POST /webhook_subscriptions": json({ webhook_subscription: subscription() }),
    });
    await expect(pagerduty.createSubscription(wanted)).rejects.toThrow("came without its secret");
  });

  test("is changed, enabled, tried and deleted, also where it is gone already", async () => {
    const { pagerduty, asked } = client({
      "PUT /webhook_subscriptions/PSUB": json({ webhook_subscription: subscription() }),
      "POST /webhook_subscriptions/PSUB/enable": json({ webhook_subscription: subscription() }),
      "POST /webhook_subscriptions/PSUB/ping": () => new Response(null, { status: 202 }),
    });
    await pagerduty.updateSubscription("PSUB", { events: ["incident.resolved"] });
    expect(asked.at(-1)?.body).toEqual({
      webhook_subscription: { type: "webhook_subscription", events: ["incident.resolved"] },
    });
    await pagerduty.enableSubscription("PSUB");
    await pagerduty.pingSubscription("PSUB");
    await pagerduty.deleteSubscription("PSUB");
    await expect(pagerduty.getSubscription("../users")).rejects.toThrow("404");
    expect(asked.at(-1)?.path).toBe("/webhook_subscriptions/..%2Fusers");
  });
});

describe("the connection", () => {
  const answering = (status: number, code = 0) =>
    client({
      "PUT /incidents/mrdata-no-such-incident": () => Response.json({ error: { code } }, { status }),
    }).pagerduty;

  test.each([
    [404, 2100, "yes"],
    [400, 2001, "yes"],
    [403, 2010, "read-only"],
    [400, 1008, "unknown-requester"],
  ])("an answer of %i (%i) to a change of what cannot exist: %s", async (status, code, access) => {
    expect(await answering(status, code).writeAccess()).toBe(access);
  });

  test("an unknown key shows nothing about scopes", async () => {
    await expect(answering(401).writeAccess()).rejects.toThrow("401");
  });

  test("PagerDuty's clock is read from any answer, to the second", async () => {
    const dated = (at: number, status: number) =>
      client({
        "GET /abilities": () =>
          Response.json({ abilities: [] }, { status, headers: { date: new Date(at).toUTCString() } }),
      }).pagerduty;
    expect(await dated(NOW + 180_000, 200).clockAhead()).toBe(180_500);
    expect(await dated(NOW, 403).clockAhead()).toBe(500);
    expect(await client({ "GET /abilities": json({ abilities: [] }) }).pagerduty.clockAhead()).toBeNull();
  });
});

describe("the account", () => {
  test("a schedule's entries, a service's rules and an orchestration's suspension, as the API reference shows them", async () => {
    const { pagerduty } = client({
      "GET /schedules/PPRIMARY": json({
        schedule: {
          id: "PPRIMARY",
          type: "schedule",
          name: "Primary",
          users: [{ id: "PROBIN", type: "user_reference", summary: "Robin" }],
          final_schedule: {
            name: "Final Schedule",
            rendered_coverage_percentage: 50,
            rendered_schedule_entries: [
              {
                start: "2026-03-02T04:00:00+01:00",
                end: "2026-03-02T12:00:00+01:00",
                user: { id: "PROBIN" },
              },
              { start: "2026-03-02T12:00:00+01:00", end: "2026-03-02T13:00:00+01:00", user: null },
            ],
          },
        },
      }),
      "GET /services/PDATABASE": json({
        service: {
          id: "PDATABASE",
          name: "Database",
          status: "active",
          escalation_policy: { id: "PARMED", type: "escalation_policy_reference" },
          incident_urgency_rule: {
            type: "use_support_hours",
            during_support_hours: { type: "constant", urgency: "high" },
            outside_support_hours: { type: "constant", urgency: "low" },
          },
          support_hours: { type: "fixed_time_per_day", time_zone: "Etc/UTC", start_time: "09:00:00" },
          auto_pause_notifications_parameters: { enabled: true, timeout: 0, recommended_timeout: 300 },
          integrations: [
            { id: "PEVENTS", type: "events_api_v2_inbound_integration_reference", summary: "Events" },
          ],
        },
      }),
      "GET /event_orchestrations/services/PDATABASE": json({
        orchestration_path: {
          type: "service",
          sets: [{ id: "start", rules: [{ actions: { suspend: 120 } }, { actions: { suspend: 600 } }] }],
          catch_all: { actions: {} },
        },
      }),
      "GET /event_orchestrations": json({ orchestrations: [{ id: "E1" }, { id: "E2" }], more: false }),
      "GET /event_orchestrations/E1/global": json({
        orchestration_path: {
          type: "global",
          sets: [{ id: "start", rules: [{ actions: { suspend: 900 } }] }],
        },
      }),
      "GET /users/PBOT/contact_methods": json({
        contact_methods: [{ id: "C1", type: "push_notification_contact_method" }],
      }),
    });
    const period = { since: NOW, until: NOW + 86_400_000 };
    expect(await pagerduty.getSchedule("PPRIMARY", period)).toEqual({
      id: "PPRIMARY",
      name: "Primary",
      kind: "layer-based",
      users: ["PROBIN"],
      shifts: [{ user: "PROBIN", start: NOW, end: NOW + 8 * 3_600_000 }],
    });
    expect(await pagerduty.getService("PDATABASE")).toMatchObject({
      policyId: "PARMED",
      urgencyRule: { type: "use_support_hours", urgency: null },
      supportHours: true,
      autoPause: 300_000,
    });
    expect(await pagerduty.longestSuspension("PDATABASE")).toBe(600_000);
    expect(await pagerduty.longestSuspension("POTHER")).toBeNull();
    expect(await pagerduty.longestGlobalSuspension()).toBe(900_000);
    expect(await pagerduty.getLicense("PBOT")).toBeNull();
    expect(await pagerduty.listContactMethods("PBOT")).toEqual([{ id: "C1", kind: "push_notification" }]);
    await expect(pagerduty.getUser("PBOT")).rejects.toMatchObject({ status: 404 });
  });
});

test("an alert with malformed details has none, without affecting the others", async () => {
  const odd: readonly unknown[] = [
    "down",
    7,
    null,
    ["a"],
    true,
    {},
    { details: null },
    { details: "a text" },
    { details: ["a"] },
    { details: 7 },
  ];
  const fine = { body: { cef_details: { details: { load: 7 } } } };
  const alerts = [
    ...odd.map((cef_details) => ({ body: { cef_details } })),
    ...odd.map((cef_details) => ({ body: { details: "a text", cef_details } })),
    ...odd.map((body) => ({ body })),
    ...odd,
    fine,
  ];
  const { pagerduty } = client({ "GET /incidents/P1/alerts": json({ alerts }) });
  const read = await pagerduty.listAlertDetails("P1");
  expect(read).toEqual([...alerts.slice(0, -1).map(() => ({})), { load: 7 }]);
});
