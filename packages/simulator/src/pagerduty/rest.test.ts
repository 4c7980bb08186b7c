import { describe, expect, test } from "vitest";
import { startDouble, TOKEN } from "./double.fixture.ts";

const change = (incident: object) => ({ incident: { type: "incident_reference", ...incident } });
const code = (body: unknown) =>
  typeof body === "object" && body !== null && "error" in body ? body.error : body;

describe("the REST API", () => {
  test("an incident is returned with its assignees, policy and status", async () => {
    const { open, ask } = startDouble();
    const id = open();
    const { status, body } = await ask("GET", `/incidents/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      incident: {
        id,
        status: "triggered",
        urgency: "high",
        title: "Disk is full",
        service: { id: "PHIGH" },
        escalation_policy: { id: "PPOLICY" },
        assignments: [{ assignee: { id: "PANNA" } }],
      },
    });
  });

  test("refuses with PagerDuty's codes", async () => {
    const { double, open, ask } = startDouble();
    const id = open();
    const refused = async (asked: object, incident = id) => {
      const { status, body } = await ask("PUT", `/incidents/${incident}`, change(asked));
      expect(status).toBe(400);
      return code(body);
    };
    double.acknowledge(id, "PANNA");
    expect(await refused({ status: "acknowledged" })).toMatchObject({ code: 1002 });
    const gapped = open("PGAPPED");
    expect(await refused({ escalation_level: 2 }, gapped)).toMatchObject({ code: 1015 });
    expect(await refused({ escalation_level: 9 }, gapped)).toMatchObject({ code: 2001 });
    expect(await refused({ escalation_level: 2 }, open("PLOW"))).toMatchObject({ code: 1006 });
    expect(await refused({ escalation_policy: { id: "PEMPTY" } })).toMatchObject({ code: 1015 });
    expect(await refused({ assignments: [] })).toMatchObject({ code: 2001 });
    double.faults.set({ rest: "conflict" });
    expect(await refused({ escalation_level: 2 })).toMatchObject({ code: 1005 });
    double.faults.set({ rest: "ok" });
    double.resolve(id, "PANNA");
    expect(await refused({ status: "resolved" })).toMatchObject({ code: 1001 });
    expect(await refused({ escalation_level: 2 })).toMatchObject({ code: 1001 });
    expect((await ask("GET", "/incidents/QUNKNOWN")).status).toBe(404);
    expect((await ask("GET", "/nowhere")).status).toBe(404);
  });

  test("a key is needed, one that may only read cannot write, and an account's key acts in the name of `From`", async () => {
    const { double, open, ask } = startDouble();
    const id = open();
    const put = (headers: Record<string, string>) =>
      ask("PUT", `/incidents/${id}`, change({ status: "acknowledged" }), headers);
    expect((await put({ authorization: "Token token=wrong" })).status).toBe(401);
    expect((await put({ authorization: "" })).status).toBe(401);
    // A key is no access token, and an access token no key.
    expect((await put({ authorization: `Bearer ${TOKEN}` })).status).toBe(401);
    expect((await put({ authorization: "Token token=an-apps-token" })).status).toBe(401);
    expect((await put({ authorization: "Token token=read-only-token" })).status).toBe(403);
    expect(code((await put({ from: "" })).body)).toMatchObject({ code: 2016 });
    expect(code((await put({ from: "nobody@example.com" })).body)).toMatchObject({ code: 1008 });
    expect(double.incident(id).status).toBe("triggered");
    expect((await put({ authorization: "Token token=annas-own-token", from: "" })).status).toBe(200);
    expect(
      (await ask("GET", "/incidents", undefined, { authorization: "Bearer an-apps-token" })).status,
    ).toBe(200);
    expect(double.incident(id).assignees).toEqual(["PANNA"]);
    expect(double.events.at(-1)?.agent).toBe("PANNA");
  });

  test("more than the limit of a minute is 429 with 2020 and the seconds to wait, by key", async () => {
    const { ask, after } = startDouble({ requestsPerMinute: 2 });
    const get = (token = TOKEN) =>
      ask("GET", "/incidents", undefined, { authorization: `Token token=${token}` });
    await get();
    expect((await get()).headers.get("ratelimit-remaining")).toBe("0");
    const limited = await get();
    expect(limited.status).toBe(429);
    expect(code(limited.body)).toMatchObject({ code: 2020 });
    expect(Number(limited.headers.get("ratelimit-reset"))).toBeGreaterThan(0);
    expect((await get("read-only-token")).status).toBe(200);
    await after(1);
    expect((await get()).status).toBe(200);
  });

  test("faults: 429, 500, a hang, and a change that is made and never answered", async () => {
    const { double, open, ask, clock } = startDouble();
    const id = open();
    double.faults.set({ rest: "500" });
    expect((await ask("GET", "/incidents")).status).toBe(500);
    double.faults.set({ rest: "429" });
    expect((await ask("GET", "/incidents")).headers.get("ratelimit-reset")).toBe("1");
    double.faults.set({ rest: "applied-not-answered" });
    await expect(ask("PUT", `/incidents/${id}`, change({ escalation_level: 2 }))).rejects.toThrow(
      "fetch failed",
    );
    expect(double.incident(id).assignees).toEqual(["PBEN"]);
    expect((await ask("GET", `/incidents/${id}`)).status).toBe(200);
    double.faults.set({ rest: "hang" });
    const giveUp = new AbortController();
    const hanging = double.fetch("https://api.pagerduty.com/incidents", {
      headers: { authorization: `Token token=${TOKEN}` },
      signal: giveUp.signal,
    });
    clock.schedule(clock.now() + 5_000, () => giveUp.abort(new Error("given up")));
    const outcome = expect(hanging).rejects.toThrow("given up");
    await clock.run(clock.now() + 6_000);
    await outcome;
  });

  test("the Events API opens, de-duplicates and closes by routing key", async () => {
    const { double, ask } = startDouble();
    const send = (event_action: string, more = {}) =>
      ask("POST", "/v2/enqueue", { routing_key: "RPHIGH", event_action, dedup_key: "d1", ...more });
    const payload = { summary: "Disk is full", source: "db", severity: "critical" };
    expect((await send("trigger", { payload })).status).toBe(202);
    expect((await send("trigger", { payload })).status).toBe(202);
    expect(double.incidents()).toHaveLength(1);
    expect((await send("resolve")).status).toBe(202);
    expect(double.incidents()[0]?.status).toBe("resolved");
    expect((await send("trigger", { routing_key: "RWRONG", payload })).status).toBe(400);
    expect((await send("trigger")).status).toBe(400);
  });

  test("the same over real HTTP", async () => {
    const { double, open } = startDouble();
    const id = open();
    const server = await double.listen();
    try {
      const headers = { authorization: `Token token=${TOKEN}`, from: "ben@example.com" };
      const answer = await fetch(`${server.url}/incidents/${id}/notes`, {
        method: "POST",
        headers,
        body: JSON.stringify({ note: { content: "looking" } }),
      });
      expect(answer.status).toBe(201);
      expect(double.incident(id).notes).toEqual(["looking"]);
      double.faults.set({ rest: "applied-not-answered" });
      await expect(
        fetch(`${server.url}/incidents/${id}/notes`, {
          method: "POST",
          headers,
          body: JSON.stringify({ note: { content: "lost" } }),
        }),
      ).rejects.toThrow();
      expect(double.incident(id).notes).toEqual(["looking", "lost"]);
    } finally {
      await server.close();
    }
  });
});
