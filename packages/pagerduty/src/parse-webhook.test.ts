import { incidentEventTypes } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseWebhook } from "./parse-webhook.ts";
import { webhookBody } from "./webhook-body.ts";

const identity = { botUser: "PBOT001", automationUsers: ["PAUTO01"] };
const reference = (type: string, id: string) => ({ id, type, self: "", html_url: "", summary: "x" });
const incidentData = {
  id: "PINC001",
  type: "incident",
  number: 3,
  status: "triggered",
  title: "Disk full",
  service: reference("service_reference", "PSVC001"),
  assignees: [reference("user_reference", "PUSER01")],
  escalation_policy: reference("escalation_policy_reference", "PPOL001"),
  teams: [],
  priority: null,
  urgency: "high",
  resolve_reason: null,
};
const envelope = (eventType: string, data: object, more: object = {}) => ({
  event: {
    id: "01E",
    event_type: eventType,
    resource_type: "incident",
    occurred_at: "2026-03-01T02:03:04.567Z",
    agent: null,
    client: null,
    data,
    ...more,
  },
});
const eventOf = (body: object) => {
  const parsed = parseWebhook(body, identity);
  if (parsed.kind !== "incident-event") throw new Error(JSON.stringify(parsed));
  return parsed.event;
};

/** How `data` looks by resource type: those other than an incident only refer to theirs. */
const dataFor = (type: string): object => {
  if (type === "annotated")
    return {
      type: "incident_note",
      id: "N1",
      incident: reference("incident_reference", "PINC001"),
      content: "looking",
      trimmed: false,
    };
  if (type === "role.assigned")
    return {
      type: "incident_role_assignment",
      incident_role_assignments: [{ id: "R1", incident: reference("incident_reference", "PINC001") }],
    };
  if (/\.(added|replied|created|updated|completed|started|terminated)$|status_update/.test(type))
    return { type: "incident_other", incident: reference("incident_reference", "PINC001") };
  return incidentData;
};

describe("parseWebhook", () => {
  it.each(incidentEventTypes)("reads incident.%s", (type) => {
    expect(eventOf(envelope(`incident.${type}`, dataFor(type)))).toMatchObject({
      id: "01E",
      incident: "PINC001",
      type,
      occurredAt: Date.UTC(2026, 2, 1, 2, 3, 4, 567),
    });
  });

  it("reads payloads of 2021, which lack incident_key, created_at, reopened_at and incident_type", () => {
    expect(eventOf(envelope("incident.triggered", incidentData)).snapshot).toMatchObject({
      createdAt: null,
      service: "PSVC001",
      assignees: ["PUSER01"],
      number: 3,
    });
  });

  it.each<[string, object, object]>([
    ["a number as text", { number: "1234" }, { number: 1234 }],
    ["a number that is none", { number: "n/a" }, { number: null }],
    ["an unknown urgency, as high", { urgency: "severe" }, { urgency: "high" }],
    ["low urgency", { urgency: "low" }, { urgency: "low" }],
    ["an unknown status", { status: "snoozed" }, { status: "triggered" }],
    ["a creation time that is none", { created_at: "yesterday" }, { createdAt: null }],
    [
      "no assignees, teams, policy or priority",
      { assignees: null, teams: undefined, escalation_policy: null, priority: undefined },
      { assignees: [], teams: [], escalationPolicy: null, priority: null },
    ],
    ["a bridge without a number", { conference_bridge: { conference_number: null } }, { title: "Disk full" }],
    ["no title", { title: null }, { title: "" }],
    [
      "optional values of unexpected types, as missing",
      { teams: "SRE", html_url: 7, number: [], status: {}, service: { id: "PSVC001", summary: 5 } },
      { teams: [], htmlUrl: null, number: null, status: "triggered", service: "PSVC001", serviceName: null },
    ],
    [
      "references with nothing valid but the id",
      { assignees: [{ id: "PUSER01", type: 1, summary: [] }], escalation_policy: { id: "PPOL1", type: {} } },
      { assignees: ["PUSER01"], escalationPolicy: "PPOL1" },
    ],
  ])("reads %s", (_, change, seen) => {
    expect(eventOf(envelope("incident.triggered", { ...incidentData, ...change })).snapshot).toMatchObject(
      seen,
    );
  });

  it.each<[string, object]>([
    ["a numeric text id", { id: "9007199254740993123" }],
    ["a time with an offset", { occurred_at: "2026-03-01T04:03:04+02:00" }],
    ["a time without milliseconds", { occurred_at: "2026-03-01T02:03:04Z" }],
    [
      "no agent, client or resource type at all",
      { agent: undefined, client: undefined, resource_type: undefined },
    ],
  ])("reads an envelope with %s", (_, change) => {
    const event = eventOf(envelope("incident.triggered", incidentData, change));
    expect(Math.floor(event.occurredAt / 1000)).toBe(Date.UTC(2026, 2, 1, 2, 3, 4) / 1000);
    expect(event.id).toBe("id" in change ? change.id : "01E");
  });

  it.each<[string, object | null, string]>([
    ["a person", { id: "PUSER01", type: "user_reference" }, "human"],
    ["our own user", { id: "PBOT001", type: "user_reference" }, "bot"],
    ["a known agent's user", { id: "PAUTO01", type: "user_reference" }, "agent"],
    ["the Events API", { id: "PINT001", type: "inbound_integration_reference" }, "integration"],
    [
      "another integration",
      { id: "PINT001", type: "generic_events_api_inbound_integration_reference" },
      "integration",
    ],
    ["nobody", null, "automation"],
    ["a service", { id: "PSVC001", type: "service_reference" }, "automation"],
    ["a workflow", { id: "PWF0001", type: "incident_workflow_reference" }, "automation"],
    ["an agent with nothing but an id and a type", { id: "PUSER02", type: "user_reference" }, "human"],
  ])("tells who acted: %s", (_, agent, actor) => {
    expect(eventOf(envelope("incident.resolved", incidentData, { agent })).actor).toBe(actor);
  });

  it("sees a merge before it sees who did it", () => {
    const data = {
      ...incidentData,
      resolve_reason: { type: "merge_resolve_reason", incident: reference("incident_reference", "PINC002") },
    };
    expect(
      eventOf(envelope("incident.resolved", data, { agent: { id: "PUSER01", type: "user_reference" } })),
    ).toMatchObject({ mergedInto: "PINC002", actor: "human" });
  });

  it.each([
    "pagey.ping",
    "service.created",
    "service.custom_field_values.updated",
    "incident.brand_new_thing",
    "something.else",
  ])("ignores %s", (type) => {
    expect(parseWebhook(envelope(type, { message: "Hello", type: "ping" }), identity)).toMatchObject({
      kind: "ignored",
      type,
    });
  });

  it("ignores an event that names no incident", () => {
    expect(
      parseWebhook(envelope("incident.role.assigned", { type: "incident_role_assignment" }), identity).kind,
    ).toBe("ignored");
  });

  it.each<[string, unknown, RegExp]>([
    ["a text", "hello", /V3 webhook: a JSON object/],
    ["nothing", undefined, /V3 webhook/],
    ["a V2 payload", { messages: [] }, /V2 webhook.*expected a V3/],
    ["an event without an id", envelope("incident.triggered", incidentData, { id: undefined }), /event\.id/],
    [
      "an incident without a service",
      envelope("incident.triggered", { ...incidentData, service: null }),
      /event\.data\.service/,
    ],
    [
      "a title that is none",
      envelope("incident.triggered", { ...incidentData, title: 5 }),
      /event\.data\.title/,
    ],
    [
      "assignees that are none",
      envelope("incident.triggered", { ...incidentData, assignees: "PUSER01" }),
      /event\.data\.assignees/,
    ],
    [
      "a time that is none",
      envelope("incident.triggered", incidentData, { occurred_at: "soon" }),
      /event\.occurred_at/,
    ],
  ])("says what it expected of %s", (_, body, problem) => {
    const parsed = parseWebhook(body, identity);
    expect(parsed.kind === "invalid" && parsed.problem).toMatch(problem);
    expect(parsed.kind === "invalid" && parsed.problem).not.toContain("\n");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(["invalid", "ignored", "incident-event"]).toContain(parseWebhook(body, identity).kind);
      }),
    );
    fc.assert(
      fc.property(
        fc.record({
          event: fc.record({
            id: fc.string(),
            event_type: fc.constant("incident.triggered"),
            occurred_at: fc.constant("2026-03-01T00:00:00Z"),
            data: fc.object(),
          }),
        }),
        (body) => {
          expect(["invalid", "ignored", "incident-event"]).toContain(parseWebhook(body, identity).kind);
        },
      ),
    );
  });

  it("reads back what webhookBody writes", () => {
    const body = webhookBody({
      id: "01E",
      eventType: "incident.resolved",
      occurredAt: 1_772_330_584_567,
      agent: { id: "PUSER01", type: "user_reference", summary: "Robin" },
      incident: {
        id: "PINC001",
        number: 3,
        title: "Disk full",
        status: "resolved",
        serviceId: "PSVC001",
        serviceName: "Database",
        urgency: "low",
        priority: { id: "PPRI001", summary: "P1" },
        assignees: [{ id: "PUSER01", summary: "Robin" }],
        escalationPolicy: { id: "PPOL001", summary: "Default" },
        createdAt: 1_772_330_000_000,
        incidentKey: null,
        resolveReason: { mergedInto: "PINC002" },
      },
    });
    expect(eventOf(JSON.parse(JSON.stringify(body)))).toEqual({
      id: "01E",
      incident: "PINC001",
      type: "resolved",
      occurredAt: 1_772_330_584_567,
      actor: "human",
      actorId: "PUSER01",
      note: null,
      mergedInto: "PINC002",
      snapshot: {
        title: "Disk full",
        service: "PSVC001",
        serviceName: "Database",
        status: "resolved",
        urgency: "low",
        priority: "P1",
        assignees: [],
        escalationPolicy: "PPOL001",
        teams: [],
        number: 3,
        htmlUrl: "https://example.pagerduty.com/incidents/PINC001",
        createdAt: 1_772_330_000_000,
      },
    });
  });
});
