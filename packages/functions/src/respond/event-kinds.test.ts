import { type Actor, actors, type IncidentEvent, incidentEventTypes } from "@mrdata/incident";
import { expect, test } from "vitest";
import { keepsHold } from "./event-kinds.ts";

const event = (
  type: IncidentEvent["type"],
  actor: Actor,
  urgency: "high" | "low" = "high",
): IncidentEvent => ({
  id: "E1",
  incident: "PINC001",
  type,
  occurredAt: 1_770_000_000_000,
  actor,
  actorId: null,
  snapshot: {
    title: "Disk full",
    service: "PSVC001",
    serviceName: null,
    status: "triggered",
    urgency,
    priority: null,
    assignees: ["PBOT001"],
    escalationPolicy: "PPOLICY",
    teams: [],
    number: null,
    htmlUrl: null,
    createdAt: null,
  },
  note: null,
  mergedInto: null,
});

// One hold per incident, ever: a policy that repeats and an acknowledgement that runs out are nobody's doing, a
// workflow's reassignment is automation's, and each of them leaves the incident on the bot anew.
test.each([
  "reopened",
  "unacknowledged",
  "delegated",
  "reassigned",
  "escalated",
  "priority_updated",
  "service_updated",
] as const)("%s ends a hold, whoever did it", (type) => {
  for (const actor of actors) expect(keepsHold(event(type, actor))).toBe(false);
});

test("whatever a person does ends a hold, but the opening itself", () => {
  for (const type of incidentEventTypes) expect(keepsHold(event(type, "human"))).toBe(type === "triggered");
});

test("low urgency ends a hold, for PagerDuty would never escalate it; a redelivered opening or a monitor's event does not", () => {
  expect(keepsHold(event("triggered", "integration"))).toBe(true);
  expect(keepsHold(event("annotated", "automation"))).toBe(true);
  for (const type of ["triggered", "annotated"] as const)
    expect(keepsHold(event(type, "automation", "low"))).toBe(false);
});

test("a note that disarms ends the hold of its incident whoever wrote it, except the bot; no other note of a program does", () => {
  for (const actor of actors) {
    const noted = (note: string) => keepsHold({ ...event("annotated", actor), note });
    expect({ actor, keeps: noted("mrdata: disarm") }).toEqual({ actor, keeps: actor === "bot" });
    expect({ actor, keeps: noted("mrdata: ok to hold") }).toEqual({ actor, keeps: actor !== "human" });
  }
});
