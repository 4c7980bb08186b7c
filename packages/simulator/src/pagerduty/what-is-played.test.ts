import { connect } from "node:tls";
import { describe, expect, test } from "vitest";
import { startDouble, TOKEN } from "./double.fixture.ts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The API's path of every `self` link in an answer. */
function linksIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(linksIn);
  if (!isObject(value)) return [];
  const own = typeof value.self === "string" ? [value.self.replace("https://api.pagerduty.com", "")] : [];
  return [...own, ...Object.values(value).flatMap(linksIn)];
}

const TEAM = { id: "PTEAM", name: "Storage" };
const service = {
  id: "PHIGH",
  name: "High",
  policyId: "PPOLICY",
  urgency: "high" as const,
  autoResolveTimeout: null,
  acknowledgementTimeout: null,
};

describe("POST /incidents", () => {
  const post = async (incident: object) => {
    const started = startDouble();
    const answer = await started.ask("POST", "/incidents", {
      incident: { type: "incident", title: "By hand", service: { id: "PHIGH" }, ...incident },
    });
    return { ...started, ...answer };
  };

  test("takes assignments, which do not escalate", async () => {
    const { body, double, after } = await post({
      assignments: [{ assignee: { id: "PCARLA", type: "user_reference" } }],
    });
    expect(body).toMatchObject({
      incident: { assigned_via: "direct_assignment", assignments: [{ assignee: { id: "PCARLA" } }] },
    });
    expect(double.notifications.map(({ user }) => user)).toEqual(["PCARLA"]);
    await after(60);
    expect(double.notifications).toHaveLength(1);
  });

  test("takes an escalation policy in place of the service's", async () => {
    const { body, double } = await post({
      escalation_policy: { id: "POTHER", type: "escalation_policy_reference" },
    });
    expect(body).toMatchObject({
      incident: { escalation_policy: { id: "POTHER" }, assigned_via: "escalation_policy" },
    });
    expect(double.notifications.map(({ user }) => user)).toEqual(["PCARLA"]);
  });

  test("takes a priority, an urgency, a key and a body, and shows them", async () => {
    const asked = {
      priority: { id: "PP1" },
      urgency: "low",
      incident_key: "k1",
      body: { details: "It hums." },
    };
    const { body, ask, double } = await post(asked);
    const shown = { urgency: "low", incident_key: "k1", priority: { id: "PP1" } };
    expect(body).toMatchObject({ incident: shown });
    const id = double.incidents()[0]?.id;
    expect((await ask("GET", `/incidents/${id}?include[]=body`)).body).toMatchObject({
      incident: { ...shown, body: { type: "incident_body", details: "It hums." } },
    });
    expect((await ask("GET", "/incidents?incident_key=k1")).body).toMatchObject({ incidents: [{ id }] });
  });

  test("makes up a key where none is given; a monitor's incident has none", async () => {
    const { body, open, ask } = await post({});
    expect(body).toMatchObject({ incident: { incident_key: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect((await ask("GET", `/incidents/${open()}`)).body).toMatchObject({
      incident: { incident_key: null },
    });
  });

  test.each([
    [
      "assignments with a policy",
      { assignments: [{ assignee: { id: "PANNA" } }], escalation_policy: { id: "POTHER" } },
    ],
    ["no assignments", { assignments: [] }],
    ["an unknown assignee", { assignments: [{ assignee: { id: "PNOBODY" } }] }],
    ["an unknown policy", { escalation_policy: { id: "PNOWHERE" } }],
    ["an unknown priority", { priority: { id: "PP9" } }],
    ["a conference bridge, which is not played", { conference_bridge: { conference_number: "1" } }],
    ["an incident type, which is not played", { incident_type: { name: "security" } }],
    ["a field that nobody knows", { assigned: ["PANNA"] }],
  ])("refuses %s", async (_, incident) => {
    const { status, body, double } = await post(incident);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 2001 } });
    expect(double.incidents()).toEqual([]);
  });
});

test("every link that an answer shows can be followed", async () => {
  const { ask, open, double } = startDouble({ change: { teams: [TEAM] } });
  double.setService({ ...service, teams: [TEAM.id, "PUNNAMED"], liveCallRouting: true });
  double.setSchedule({
    id: "PSHIFTS",
    name: "Shifts",
    rotations: [{ start: 0, every: 3_600_000, length: 3_600_000, members: ["PANNA"] }],
  });
  double.setPolicy({
    id: "PPOLICY",
    name: "With both kinds",
    repeat: 0,
    rules: [
      { delayMinutes: 5, targets: [{ type: "user", id: "PANNA" }] },
      { delayMinutes: 5, targets: [{ type: "schedule", id: "PSHIFTS" }] },
      { delayMinutes: 5, targets: [{ type: "schedule", id: "PNOBODY" }] },
    ],
  });
  const id = open();
  double.addMaintenance({ services: ["PLOW"], start: 0, end: 1 });
  await ask("POST", `/incidents/${id}/notes`, { note: { content: "Looking." } });
  await ask("PUT", `/incidents/${id}`, { incident: { priority: { id: "PP1" } } });
  await ask("POST", "/v2/change/enqueue", { routing_key: "RPHIGH", payload: { summary: "Deployed 1.2" } });
  const lists = [
    "incidents",
    `incidents/${id}/alerts`,
    `incidents/${id}/log_entries`,
    `incidents/${id}/notes`,
    "log_entries",
    "users",
    "users/PANNA/contact_methods",
    "users/PANNA/notification_rules",
    "services",
    "escalation_policies",
    "schedules",
    "v3/schedules",
    "schedules/PNOBODY/users",
    "teams",
    "oncalls",
    "maintenance_windows",
    "change_events",
    "services/PHIGH/change_events",
  ];
  const seen = new Set(lists.map((path) => `/${path}`));
  const dead: string[] = [];
  for (const path of seen) {
    // PagerDuty has no single priority or licence to read either.
    if (/^\/(priorities|licenses)\//.test(path)) continue;
    const { status, body } = await ask("GET", path);
    if (status !== 200) dead.push(`${status} ${path}`);
    for (const link of linksIn(body)) seen.add(link);
  }
  expect(dead).toEqual([]);
  expect(seen.size).toBeGreaterThan(40);
});

describe("lists", () => {
  test("users are found by a part of their name or e-mail address", async () => {
    const { ask } = startDouble();
    const found = async (query: string) =>
      (await ask("GET", `/users?query=${encodeURIComponent(query)}`)).body;
    expect(await found("ben@ex")).toMatchObject({ users: [{ id: "PBEN" }] });
    expect(await found("CARLA")).toMatchObject({ users: [{ id: "PCARLA" }] });
    expect(await found("example.com")).toMatchObject({ users: [{}, {}, {}] });
  });

  test("log entries by time, and an overview without who was notified", async () => {
    const { ask, open, double, after, clock } = startDouble();
    const id = open();
    await after(2);
    const then = clock.now();
    double.acknowledge(id, "PANNA");
    const types = async (query: string) => {
      const { body } = await ask("GET", `/incidents/${id}/log_entries${query}`);
      const entries = isObject(body) && Array.isArray(body.log_entries) ? body.log_entries : [];
      return entries.map((entry: unknown) => (isObject(entry) ? entry.type : null));
    };
    const all = ["acknowledge", "notify", "assign", "trigger"].map((type) => `${type}_log_entry`);
    expect(await types("")).toEqual(all);
    expect(await types(`?since=${new Date(then).toISOString()}`)).toEqual(["acknowledge_log_entry"]);
    expect(await types(`?until=${new Date(then).toISOString()}`)).toEqual(all.slice(1));
    expect(await types("?is_overview=true")).toEqual(all.filter((type) => type !== "notify_log_entry"));
  });

  test("on-call stretches: of each user the earliest, where that is asked for", async () => {
    const { ask, double, clock } = startDouble();
    double.setSchedule({
      id: "PNOBODY",
      name: "Turns",
      layers: [{ start: clock.now(), turn: 3_600_000, users: ["PANNA", "PBEN"] }],
    });
    const until = new Date(clock.now() + 6 * 3_600_000).toISOString();
    const shifts = async (more: string) => {
      const { body } = await ask(
        "GET",
        `/oncalls?schedule_ids[]=PNOBODY&escalation_policy_ids[]=PEMPTY&until=${until}${more}`,
      );
      return isObject(body) && Array.isArray(body.oncalls) ? body.oncalls : [];
    };
    expect(await shifts("")).toHaveLength(6);
    expect(await shifts("&earliest=true")).toMatchObject([
      { user: { id: "PANNA" }, start: new Date(clock.now()).toISOString().replace(".000", "") },
      { user: { id: "PBEN" } },
    ]);
  });

  test("what `include[]` names is written out, and nothing else", async () => {
    const { ask, open } = startDouble();
    const id = open();
    const { body } = await ask("GET", `/incidents/${id}?include[]=assignees&include[]=services`);
    expect(body).toMatchObject({
      incident: {
        assignments: [{ assignee: { type: "user", email: "anna@example.com" } }],
        service: { type: "service", status: "critical" },
        escalation_policy: { type: "escalation_policy_reference" },
      },
    });
    expect((await ask("GET", "/oncalls?include[]=users")).body).toMatchObject({
      oncalls: expect.arrayContaining([
        expect.objectContaining({ user: expect.objectContaining({ type: "user" }) }),
      ]),
    });
    expect((await ask("GET", "/users/PANNA?include[]=contact_methods")).body).toMatchObject({
      user: { contact_methods: [{ type: "email_contact_method", address: "anna@example.com" }, {}, {}] },
    });
    expect((await ask("GET", "/services/PHIGH?include[]=integrations")).body).toMatchObject({
      service: { integrations: [{ type: "events_api_v2_inbound_integration", integration_key: "RPHIGH" }] },
    });
  });

  test.each([
    "/incidents?team_ids[]=PTEAM",
    "/incidents?include[]=past_incidents",
    "/incidents?statuses[]=open",
    "/incidents?sort_by=title",
    "/incidents?since=2026-01-01T00:00:00Z",
    "/incidents?until=2026-01-01T00:00:00Z",
    "/incidents?limit=101",
    "/log_entries?limit=1000",
    "/users?limit=250",
    "/v3/schedules?limit=1001",
    "/incidents?time_zone=Europe/Berlin",
    "/incidents?status=triggered",
    "/incidents/ID?is_overview=true",
    "/incidents/ID/notes?limit=1",
    "/users?team_ids[]=PTEAM",
    "/users/me/?x=1",
    "/services?sort_by=name:desc",
    "/oncalls?earliest=perhaps",
    "/schedules?include[]=schedule_layers",
    "/v3/schedules?query=primary",
    "/v3/schedules?total=true",
    "/webhook_subscriptions?filter_type=account",
    "/maintenance_windows?query=planned",
  ])("a parameter that is not played is refused: %s", async (path) => {
    const { ask, open } = startDouble();
    const { status, body } = await ask("GET", path.replace("ID", open()), undefined, {
      authorization: "Token token=annas-own-token",
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 2001, message: "Invalid Input Provided" } });
  });

  test.each([
    ["PUT", "/incidents/ID", { incident: { conference_bridge: {} } }],
    ["PUT", "/incidents/ID", { incident: { urgencey: "low" } }],
    ["PUT", "/incidents", { incidents: [{ id: "ID", urgency: "low" }] }],
    ["PUT", "/incidents", { incidents: [{ id: "ID", type: "service_reference", urgency: "low" }] }],
    ["POST", "/incidents/ID/notes", { note: { content: "x", user: "PANNA" } }],
    ["POST", "/incidents/ID/notes", { note: { content: "x", user: { id: "PANNA" } } }],
    ["POST", "/incidents/ID/snooze", { duration: 60, until: 1 }],
    ["POST", "/webhook_subscriptions", { webhook_subscription: { secret: "mine" } }],
  ])("a body that is not played is refused: %s %s %j", async (method, path, body) => {
    const { ask, open } = startDouble();
    const answer = await ask(method, path.replace("ID", open()), body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 2001 } } });
  });
});

test.each([{ user: {} }, { user: { summary: "ben@example.com" } }, { user: { id: "PBEN" } }])(
  "a note may say whose it is, if that is who writes it: %j",
  async (said) => {
    const { ask, open } = startDouble();
    const answer = await ask("POST", `/incidents/${open()}/notes`, { note: { content: "x", ...said } });
    expect(answer).toMatchObject({ status: 201, body: { note: { user: { id: "PBEN" } } } });
  },
);

test("an incident is found by its number, as by its id", async () => {
  const { ask, open } = startDouble();
  open();
  const id = open("PLOW", "other");
  expect(await ask("GET", "/incidents/2")).toMatchObject({ status: 200, body: { incident: { id } } });
  expect(await ask("GET", "/incidents/3")).toMatchObject({ status: 404, body: { error: { code: 2100 } } });
});

test.each(["/log_entries/ENTRY?time_zone=UTC", "/event_orchestrations?sort_by=name:asc"])(
  "a parameter that is documented and changes nothing here is taken: %s",
  async (path) => {
    const { ask, open } = startDouble();
    const { body } = await ask("GET", `/incidents/${open()}/log_entries`);
    const [entry] = isObject(body) && Array.isArray(body.log_entries) ? body.log_entries : [];
    expect(await ask("GET", path.replace("ENTRY", entry.id))).toMatchObject({ status: 200 });
  },
);

describe("webhook subscriptions", () => {
  const wanted = (change: object) => ({
    webhook_subscription: {
      type: "webhook_subscription",
      delivery_method: { type: "http_delivery_method", url: "https://receive.example.com/" },
      events: ["incident.triggered"],
      filter: { type: "account_reference" },
      ...change,
    },
  });

  test("made switched off, deliver nothing until they are switched on", async () => {
    const { ask, open, double, after } = startDouble();
    const { body } = await ask("POST", "/webhook_subscriptions", wanted({ active: false }));
    expect(body).toMatchObject({ webhook_subscription: { active: false } });
    open();
    await after(1);
    expect(double.deliveries).toEqual([]);
  });

  test("of a team, get what happens on its services", async () => {
    const { ask, open, double, after } = startDouble({ change: { teams: [TEAM] } });
    double.setService({ ...service, teams: [TEAM.id] });
    const filter = { type: "team_reference", id: TEAM.id };
    expect((await ask("POST", "/webhook_subscriptions", wanted({ filter }))).body).toMatchObject({
      webhook_subscription: { filter },
    });
    const nowhere = wanted({ filter: { ...filter, id: "PNOTEAM" } });
    expect((await ask("POST", "/webhook_subscriptions", nowhere)).status).toBe(404);
    const theirs = open("PHIGH", "theirs");
    open("PTIMED", "others");
    await after(1);
    expect(double.deliveries.map(({ resource }) => resource)).toEqual([theirs]);
  });
});

describe("the Events API", () => {
  const event = (change: object) => ({
    routing_key: "RPHIGH",
    event_action: "trigger",
    dedup_key: "d1",
    payload: { summary: "Disk is full", source: "db-1", severity: "critical", ...change },
  });

  test("refuses a summary of more than 1,024 characters, and what is not played", async () => {
    const { ask, double } = startDouble();
    const send = async (body: object) => (await ask("POST", "/v2/enqueue", body)).status;
    expect(await send(event({ summary: "x".repeat(1_025) }))).toBe(400);
    expect(await send(event({ colour: "red" }))).toBe(400);
    expect(await send({ ...event({}), assignees: ["PANNA"] })).toBe(400);
    expect(double.incidents()).toEqual([]);
    expect(await send(event({ summary: "x".repeat(1_024) }))).toBe(202);
  });

  test("shows what a monitor sent beside its details", async () => {
    const { ask, double } = startDouble();
    await ask("POST", "/v2/enqueue", {
      ...event({ component: "sda", group: "storage", class: "disk" }),
      client: "Watcher",
      links: [{ href: "https://example.com/runbook", text: "Runbook" }],
    });
    const id = double.incidents()[0]?.id;
    expect((await ask("GET", `/incidents/${id}/alerts?alert_key=d1`)).body).toMatchObject({
      alerts: [
        {
          body: {
            contexts: [{ type: "link", href: "https://example.com/runbook", text: "Runbook" }],
            cef_details: {
              client: "Watcher",
              source_component: "sda",
              service_group: "storage",
              event_class: "disk",
              source_origin: "db-1",
            },
          },
        },
      ],
    });
    expect((await ask("GET", `/incidents/${id}/alerts?alert_key=other`)).body).toMatchObject({ alerts: [] });
  });

  test("takes change events, which open no incident", async () => {
    const { ask, double } = startDouble();
    const change = (body: object) => ask("POST", "/v2/change/enqueue", body);
    const payload = { summary: "Deployed 1.2", source: "ci", timestamp: "2026-03-02T02:00:00Z" };
    expect(await change({ routing_key: "RPHIGH", payload })).toMatchObject({
      status: 202,
      body: { status: "success", message: "Change event processed" },
    });
    expect((await change({ routing_key: "RWRONG", payload })).status).toBe(400);
    expect((await change({ routing_key: "RPHIGH", payload: { ...payload, timestamp: "noon" } })).status).toBe(
      400,
    );
    expect(double.incidents()).toEqual([]);
    expect((await ask("GET", "/services/PHIGH/change_events")).body).toMatchObject({
      change_events: [{ summary: "Deployed 1.2", source: "ci", timestamp: "2026-03-02T02:00:00Z" }],
    });
    expect((await ask("GET", "/services/PLOW/change_events")).body).toMatchObject({ change_events: [] });
  });
});

test("over HTTPS, with a certificate that is another each time and that a client can trust", async () => {
  const { double } = startDouble();
  const [one, other] = await Promise.all([double.listenTls(), double.listenTls()]);
  try {
    expect(one.certificate).not.toBe(other.certificate);
    const { hostname, port } = new URL(one.url);
    const answered = (ca: string, servername: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ host: hostname, port: Number(port), ca, servername }, () => {
          socket.write(
            `GET /users/me HTTP/1.1\r\nhost: ${servername}\r\nauthorization: Token token=${TOKEN}\r\nconnection: close\r\n\r\n`,
          );
        });
        let text = "";
        socket.setEncoding("utf8");
        socket.on("data", (part) => {
          text += part;
        });
        socket.once("end", () => resolve(text));
        socket.once("error", reject);
      });
    expect(await answered(one.certificate, "localhost")).toMatch(/^HTTP\/1\.1 400/);
    await expect(answered(other.certificate, "localhost")).rejects.toThrow(/self-signed|signature|verify/i);
    await expect(answered(one.certificate, "api.pagerduty.com")).rejects.toThrow(/altnames|does not match/i);
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
});
