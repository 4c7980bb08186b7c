import { describe, expect, test } from "vitest";
import { MINUTE, rule, START, startDouble } from "./double.fixture.ts";

describe("escalation", () => {
  test("each level has its own timeout, and then the next one is notified", async () => {
    const { double, open, after } = startDouble();
    open();
    await after(16);
    expect(double.notifications.map(({ user, at, level }) => [user, (at - START) / MINUTE, level])).toEqual([
      ["PANNA", 0, 1],
      ["PBEN", 5, 2],
      ["PCARLA", 15, 3],
    ]);
    expect(double.events.map(({ type }) => type)).toEqual(["triggered", "escalated", "escalated"]);
  });

  test("a policy that repeats returns to level 1 as often as it says, and then stays with the last", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    await after(24 * 60);
    expect(double.notifications.map(({ user, at }) => [user, (at - START) / MINUTE])).toEqual([
      ["PANNA", 0],
      ["PBEN", 5],
      ["PCARLA", 15],
      ["PANNA", 30],
      ["PBEN", 35],
      ["PCARLA", 45],
    ]);
    expect(double.incident(id)).toMatchObject({ status: "triggered", level: 3, assignees: ["PCARLA"] });
  });

  test("the policy is frozen when the incident opens: what is changed later does not reach it", async () => {
    const { double, open, after } = startDouble();
    const first = open();
    double.setPolicy({
      id: "PPOLICY",
      name: "Changed",
      repeat: 0,
      rules: [rule(60, "PCARLA"), rule(60, "PBEN")],
    });
    const second = open("PHIGH", "cpu");
    await after(6);
    expect(double.incident(first).assignees).toEqual(["PBEN"]);
    expect(double.incident(second).assignees).toEqual(["PCARLA"]);
  });

  test("a level without anyone on call is passed over at once", async () => {
    const { double, open, after } = startDouble();
    const id = open("PGAPPED");
    await after(6);
    expect(double.incident(id)).toMatchObject({ level: 3, assignees: ["PCARLA"] });
  });

  test("where nobody is on call at all there is no incident", () => {
    const { double } = startDouble();
    expect(double.trigger({ serviceId: "PUNSTAFFED", dedupKey: "a", title: "Alone" })).toEqual({
      result: "nobody-on-call",
      incident: null,
    });
    expect(double.incidents()).toEqual([]);
  });

  test("low urgency never escalates; raising it starts the escalation", async () => {
    const { double, open, after, ask } = startDouble();
    const id = open("PLOW");
    await after(24 * 60);
    expect(double.incident(id)).toMatchObject({ level: 1, assignees: ["PANNA"] });
    await ask("PUT", `/incidents/${id}`, { incident: { urgency: "high" } });
    await after(24 * 60 + 6);
    expect(double.incident(id).assignees).toEqual(["PBEN"]);
  });

  test("urgency by severity: warnings and infos are low, unknown severity is high", () => {
    const { double } = startDouble();
    const urgency = (severity: "info" | "warning" | "error" | "critical" | undefined, dedupKey: string) => {
      const { incident } = double.trigger({
        serviceId: "PSEVERITY",
        dedupKey,
        title: "t",
        ...(severity === undefined ? {} : { severity }),
      });
      return double.incident(incident ?? "").urgency;
    };
    expect(urgency("info", "1")).toBe("low");
    expect(urgency("warning", "2")).toBe("low");
    expect(urgency("error", "3")).toBe("high");
    expect(urgency("critical", "4")).toBe("high");
    expect(urgency(undefined, "5")).toBe("high");
  });

  test("assignment by hand ends the escalation", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    expect(double.reassign(id, "PANNA", ["PCARLA"])).toBe(true);
    await after(24 * 60);
    expect(double.incident(id)).toMatchObject({
      assignees: ["PCARLA"],
      assignedVia: "direct_assignment",
    });
  });

  test("assigned by hand it does not escalate later either: not when the acknowledgement runs out, not when it is raised", async () => {
    const { double, open, after, ask } = startDouble();
    const id = open("PTIMED");
    double.reassign(id, "PANNA", ["PCARLA"]);
    double.acknowledge(id, "PCARLA");
    await after(31);
    expect(double.incident(id)).toMatchObject({ status: "triggered", assignees: ["PCARLA"] });
    for (const urgency of ["low", "high"]) await ask("PUT", `/incidents/${id}`, { incident: { urgency } });
    await after(3 * 60);
    expect(double.incident(id)).toMatchObject({ status: "triggered", assignees: ["PCARLA"] });
    expect(double.events.map(({ type }) => type)).not.toContain("escalated");
  });

  test("delegation goes to the other policy, from its level 1 on", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    expect(double.delegate(id, "PANNA", "POTHER")).toBe(true);
    expect(double.incident(id)).toMatchObject({ policy: "POTHER", level: 1, assignees: ["PCARLA"] });
    await after(60);
    expect(double.incident(id).assignees).toEqual(["PCARLA"]);
    expect(double.events.map(({ type }) => type)).toEqual(["triggered", "delegated"]);
  });

  test("escalating by hand takes the next level with somebody on call", async () => {
    const { double, open } = startDouble();
    const id = open("PGAPPED");
    expect(double.escalate(id, "PANNA")).toBe(true);
    expect(double.incident(id)).toMatchObject({ level: 3, assignees: ["PCARLA"] });
    expect(double.escalate(id, "PANNA")).toBe(false);
  });
});
