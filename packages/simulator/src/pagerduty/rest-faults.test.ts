import { describe, expect, test } from "vitest";
import { MINUTE, START, startDouble, TOKEN } from "./double.fixture.ts";

describe("faults of the REST API", () => {
  test("meet one endpoint alone, beside others, until they are taken away", async () => {
    const { double, open, ask } = startDouble();
    const id = open();
    const policies = double.faults.add({
      kind: "403",
      probability: 1,
      endpoint: { method: "GET", path: "/escalation_policies/:id" },
    });
    const notes = double.faults.add({
      kind: "500",
      probability: 1,
      endpoint: { method: "GET", path: "/incidents/:id/notes" },
    });
    const statuses = async () =>
      Promise.all(
        ["/escalation_policies/PPOLICY", `/incidents/${id}/notes`, `/incidents/${id}`, "/incidents"].map(
          async (path) => (await ask("GET", path)).status,
        ),
      );
    expect(await statuses()).toEqual([403, 500, 200, 200]);
    policies();
    expect(await statuses()).toEqual([200, 500, 200, 200]);
    notes();
    expect(await statuses()).toEqual([200, 200, 200, 200]);
  });

  test("all that were added and the one that is set act at once: what keeps it from being done goes first", async () => {
    const { double, open, ask } = startDouble();
    const id = open();
    double.faults.set({ rest: "applied-not-answered" });
    const remove = double.faults.add({ kind: "404", probability: 1 });
    const escalate = () =>
      ask("PUT", `/incidents/${id}`, { incident: { type: "incident_reference", escalation_level: 2 } });
    expect((await escalate()).status).toBe(404);
    expect(double.incident(id).level).toBe(1);
    remove();
    await expect(escalate()).rejects.toThrow("fetch failed");
    expect(double.incident(id).level).toBe(2);
  });

  test("every request is reported with its answer, and also one that had none", async () => {
    const { double, open, ask } = startDouble();
    const id = open();
    const calls: unknown[] = [];
    double.onRestCall((call) => calls.push(call));
    await ask("GET", `/incidents/${id}?include[]=services`);
    await ask("GET", "/incidents/QNONE");
    double.faults.set({ rest: "hang" });
    const given = new AbortController();
    const hanging = double.send("http://pagerduty/incidents", {
      method: "GET",
      headers: { authorization: `Token token=${TOKEN}` },
      signal: given.signal,
    });
    given.abort(new Error("no answer"));
    await expect(hanging).rejects.toThrow("no answer");
    await Promise.resolve();
    expect(calls).toEqual([
      { at: START, method: "GET", path: `/incidents/${id}`, status: 200 },
      { at: START, method: "GET", path: "/incidents/QNONE", status: 404 },
      { at: START, method: "GET", path: "/incidents", status: null },
    ]);
  });
});

describe("reads that lag", () => {
  const begin = async () => {
    const begun = startDouble();
    begun.double.faults.set({ readLag: 4_000 });
    const id = begun.open();
    await begun.clock.run(START + MINUTE);
    begun.double.acknowledge(id, "PANNA");
    return { ...begun, id };
  };
  const statusOf = ({ body }: { readonly body: unknown }): unknown =>
    typeof body === "object" && body !== null && "incident" in body ? body.incident : null;

  test("show a stale state within the lag, and the current one after it", async () => {
    const { ask, clock, id } = await begin();
    await clock.run(clock.now() + 100);
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) seen.add(JSON.stringify(statusOf(await ask("GET", `/incidents/${id}`))));
    expect([...seen].some((one) => one.includes('"status":"triggered"'))).toBe(true);
    await clock.run(clock.now() + 4_000);
    for (let i = 0; i < 10; i++)
      expect(statusOf(await ask("GET", `/incidents/${id}`))).toMatchObject({ status: "acknowledged" });
  });

  test("show nothing of what was before they did not lag for a while", async () => {
    const { double, ask, clock, id } = await begin();
    double.faults.set({ readLag: 0 });
    double.resolve(id, "PANNA");
    await clock.run(clock.now() + MINUTE);
    double.faults.set({ readLag: 4_000 });
    for (let i = 0; i < 10; i++)
      expect(statusOf(await ask("GET", `/incidents/${id}`))).toMatchObject({ status: "resolved" });
    expect(JSON.stringify((await ask("GET", "/incidents?statuses[]=acknowledged")).body)).not.toContain(id);
  });

  test("a list leaves out what opened a moment ago, and has what was triggered still", async () => {
    const { ask, clock, open } = await begin();
    const fresh = open("PHIGH", "other");
    const listed = new Map<string, number>();
    for (let i = 0; i < 40; i++) {
      const text = JSON.stringify((await ask("GET", "/incidents?statuses[]=triggered")).body);
      for (const what of [fresh, "Disk is full"])
        if (text.includes(what)) listed.set(what, (listed.get(what) ?? 0) + 1);
    }
    expect(listed.get(fresh) ?? 0).toBe(0);
    expect(listed.get("Disk is full") ?? 0).toBeGreaterThan(0);
    expect((await ask("GET", `/incidents/${fresh}`)).status).toBe(200);
    await clock.run(clock.now() + 4_000);
    expect(JSON.stringify((await ask("GET", "/incidents")).body)).toContain(fresh);
  });
});

test("GET /incidents sorts by what it is asked to", async () => {
  const { ask, open, clock, double } = startDouble();
  const ids: string[] = [];
  for (const service of ["PHIGH", "PLOW", "PGAPPED"]) {
    ids.push(open(service, service));
    await clock.run(clock.now() + MINUTE);
  }
  double.resolve(ids[1] ?? "", "PANNA");
  double.resolve(ids[0] ?? "", "PANNA");
  const order = async (sortBy: string): Promise<unknown> => {
    const { body, status } = await ask("GET", `/incidents?sort_by=${sortBy}`);
    if (status !== 200) return status;
    const text = JSON.stringify(body);
    return ids
      .toSorted((a, b) => text.indexOf(`"id":"${a}"`) - text.indexOf(`"id":"${b}"`))
      .map((id) => ids.indexOf(id));
  };
  expect(await order("created_at:desc")).toEqual([2, 1, 0]);
  expect(await order("incident_number")).toEqual([0, 1, 2]);
  expect(await order("urgency:asc,created_at:desc")).toEqual([1, 2, 0]);
  expect(await order("urgency:desc,created_at:asc")).toEqual([0, 2, 1]);
  expect(await order("title")).toBe(400);
});

describe("a change by REST that notifies nobody", () => {
  const bots = {
    users: [
      { id: "PANNA", name: "Anna", email: "anna@example.com", bot: true },
      { id: "PBEN", name: "Ben", email: "ben@example.com" },
      { id: "PCARLA", name: "Carla", email: "carla@example.com" },
    ],
  };
  test("is noted with when PagerDuty's timers would have reached a person", async () => {
    const { double, open, ask, clock } = startDouble({ change: bots });
    const id = open();
    await clock.run(START + 2 * MINUTE);
    const escalate = (level: number) =>
      ask("PUT", `/incidents/${id}`, { incident: { type: "incident_reference", escalation_level: level } });
    await escalate(1);
    expect(double.timerRestarts).toEqual([
      { at: START + 2 * MINUTE, incident: id, user: "PBEN", personDueAt: START + 5 * MINUTE },
    ]);
    await escalate(2);
    expect(double.timerRestarts).toHaveLength(1);
  });
});
