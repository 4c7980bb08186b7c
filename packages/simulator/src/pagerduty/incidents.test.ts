import { describe, expect, test } from "vitest";
import { HOUR, MINUTE, START, startDouble } from "./double.fixture.ts";

describe("the life of an incident", () => {
  test("an acknowledgement stops the escalation; the incident is that person's", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    expect(double.acknowledge(id, "PANNA")).toBe(true);
    await after(24 * 60);
    expect(double.incident(id)).toMatchObject({ status: "acknowledged", assignees: ["PANNA"] });
    expect(double.acknowledge(id, "PBEN")).toBe(false);
  });

  test("when the acknowledgement runs out the incident is triggered again, its owner is reminded, escalation resumes", async () => {
    const { double, open, after } = startDouble();
    const id = open("PTIMED");
    double.acknowledge(id, "PANNA");
    await after(31);
    expect(double.incident(id).status).toBe("triggered");
    expect(double.notifications.at(-1)).toMatchObject({ user: "PANNA", why: "reminded" });
    expect(double.events.at(-1)).toMatchObject({ type: "unacknowledged", agent: null });
    await after(36);
    expect(double.incident(id).assignees).toEqual(["PBEN"]);
  });

  test("a snooze is silent and then brings the incident back", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    expect(double.snooze(id, "PANNA", 3_600)).toBe(false);
    double.acknowledge(id, "PANNA");
    expect(double.snooze(id, "PANNA", 3_600)).toBe(true);
    await after(59);
    expect(double.incident(id).status).toBe("acknowledged");
    await after(61);
    expect(double.incident(id).status).toBe("triggered");
    expect(double.events.map(({ type }) => type)).toEqual(["triggered", "acknowledged", "unacknowledged"]);
  });

  test("assigning it to somebody else ends a snooze", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    double.acknowledge(id, "PANNA");
    double.snooze(id, "PANNA", 3_600);
    double.reassign(id, "PANNA", ["PBEN"]);
    await after(61);
    expect(double.incident(id)).toMatchObject({ status: "triggered", assignees: ["PBEN"] });
    expect(double.events.map(({ type }) => type)).toEqual(["triggered", "acknowledged", "reassigned"]);
  });

  test("a snooze starts the time anew after which PagerDuty itself closes it", async () => {
    const { double, open, clock } = startDouble();
    const id = open("PTIMED");
    await clock.run(START + 3 * HOUR);
    double.acknowledge(id, "PANNA");
    double.snooze(id, "PANNA", 3_600);
    await clock.run(START + 7 * HOUR - 1);
    expect(double.incident(id).status).toBe("triggered");
    await clock.run(START + 7 * HOUR + 1);
    expect(double.incident(id)).toMatchObject({ status: "resolved", resolvedAt: START + 7 * HOUR });
  });

  test("the monitor's recovery closes it, in the monitor's name", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    await after(2);
    expect(double.clear({ serviceId: "PHIGH", dedupKey: "disk" })).toBe(id);
    expect(double.incident(id)).toMatchObject({ status: "resolved", resolvedAt: START + 2 * MINUTE });
    expect(double.events.at(-1)).toMatchObject({ type: "resolved", agent: "IPHIGH" });
    expect(double.clear({ serviceId: "PHIGH", dedupKey: "disk" })).toBeNull();
    await after(60);
    expect(double.notifications).toHaveLength(1);
  });

  test("the same alert again while it is open is no new incident; afterwards it is one", () => {
    const { double, open } = startDouble();
    const first = open();
    expect(double.trigger({ serviceId: "PHIGH", dedupKey: "disk", title: "again" })).toEqual({
      result: "duplicate",
      incident: first,
    });
    double.resolve(first, "PANNA");
    expect(open()).not.toBe(first);
  });

  test("what stays open is closed by PagerDuty itself, in nobody's name", async () => {
    const { double, open, clock } = startDouble();
    const id = open("PTIMED");
    await clock.run(START + 4 * HOUR + 1);
    expect(double.incident(id)).toMatchObject({ status: "resolved", resolvedAt: START + 4 * HOUR });
    expect(double.events.at(-1)).toMatchObject({ type: "resolved", agent: null });
  });

  test("reopening starts again from level 1", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    await after(6);
    double.resolve(id, "PBEN");
    expect(double.reopen(id, "PBEN")).toBe(true);
    expect(double.incident(id)).toMatchObject({ status: "triggered", level: 1, assignees: ["PANNA"] });
    await after(12);
    expect(double.incident(id).assignees).toEqual(["PBEN"]);
    expect(double.reopen(id, "PBEN")).toBe(false);
  });

  test("a merge resolves the source into the target and takes its alerts along", () => {
    const { double, open } = startDouble();
    const [target, source] = [open(), open("PHIGH", "cpu")];
    expect(double.merge(target, [source], "PANNA")).toBe(true);
    expect(double.incident(source)).toMatchObject({ status: "resolved", mergedInto: target });
    expect(double.clear({ serviceId: "PHIGH", dedupKey: "disk" })).toBe(target);
    expect(double.incident(target).status).toBe("triggered");
    double.clear({ serviceId: "PHIGH", dedupKey: "cpu" });
    expect(double.incident(target).status).toBe("resolved");
  });

  test("in maintenance there are no new incidents, and those that are open stay", async () => {
    const { double, open, after } = startDouble();
    const id = open();
    double.addMaintenance({ services: ["PHIGH"], start: START + MINUTE, end: START + 10 * MINUTE });
    await after(2);
    expect(double.trigger({ serviceId: "PHIGH", dedupKey: "cpu", title: "t" }).result).toBe("maintenance");
    expect(double.incident(id).status).toBe("triggered");
    await after(11);
    expect(double.trigger({ serviceId: "PHIGH", dedupKey: "cpu", title: "t" }).result).toBe("opened");
  });

  test("a resolution note comes as a note before the resolution", () => {
    const { double, open } = startDouble();
    const id = open();
    double.resolve(id, "PANNA", "restarted it");
    expect(double.incident(id).notes).toEqual(["Resolution Note: restarted it"]);
    expect(double.events.map(({ type }) => type)).toEqual(["triggered", "annotated", "resolved"]);
  });

  test("priorities are set and removed, and a webhook reports it", () => {
    const { double, open } = startDouble();
    const id = open();
    expect(double.setPriority(id, "PANNA", "PP1")).toBe(true);
    expect(double.setPriority(id, "PANNA", null)).toBe(true);
    expect(double.setPriority(id, "PANNA", "PUNKNOWN")).toBe(false);
    expect(double.events.map(({ type }) => type)).toEqual([
      "triggered",
      "priority_updated",
      "priority_updated",
    ]);
  });
});
