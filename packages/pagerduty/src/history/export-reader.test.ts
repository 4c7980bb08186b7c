import { type IncidentEvent, selfResolved, timeReader } from "@mrdata/incident";
import { describe, expect, test } from "vitest";
import { exportKindOf, exportReader } from "./export-reader.ts";
import { mergeIncidents, pastFrom } from "./past-from.ts";

const WINDOW = 30 * 60_000;
const HOURS = 3_600_000;
const at = (text: string) => Date.parse(text);
const parseRow = exportReader({
  identity: { botUser: "PBOT", automationUsers: ["PROBOT"] },
  time: timeReader(),
  autoResolveAfter: 4 * HOURS,
});
const incidentIn = (parsed: ReturnType<typeof parseRow>) => {
  if (!("incident" in parsed)) throw new Error(JSON.stringify(parsed));
  return parsed.incident;
};

/** As the API reference shows it, with its times without an offset. */
const analytics = {
  id: "Q3VI7NOT1234",
  incident_number: 5,
  description: "Disk 91% full on db-3",
  created_at: "2026-03-02T03:00:00",
  resolved_at: "2026-03-02T03:10:00",
  urgency: "high",
  service_id: "PSVC001",
  service_name: "Databases",
  auto_resolved: true,
  resolved_by_user_id: null,
  seconds_to_resolve: 600,
  seconds_to_first_ack: null,
  manual_escalation_count: 0,
  reassignment_count: 0,
  total_interruptions: 3,
};

describe("a row of the analytics", () => {
  const read = (change: object = {}) => incidentIn(parseRow("analytics", { ...analytics, ...change }));

  test("is an incident; its times without an offset are UTC; its figures are no details", () => {
    expect(exportKindOf(analytics)).toBe("analytics");
    expect(read()).toEqual({
      id: "Q3VI7NOT1234",
      service: "PSVC001",
      serviceName: "Databases",
      title: "Disk 91% full on db-3",
      createdAt: at("2026-03-02T03:00:00Z"),
      resolvedAt: at("2026-03-02T03:10:00Z"),
      resolvedBy: "integration",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {},
    });
  });

  test("auto_resolved at the age of PagerDuty's own timer is nobody's, and a window as long learns nothing false", () => {
    const late = { resolved_at: "2026-03-02T07:00:20", seconds_to_resolve: 14_420 };
    expect(read(late).resolvedBy).toBe("automation");
    expect(selfResolved(read(late), 5 * HOURS)).toBe(false);
    expect(read({ resolved_at: "2026-03-02T07:03:00" }).resolvedBy).toBe("integration");
  });

  test("a person, the bot and known agents are distinguished; without a name the closer is unknown", () => {
    expect(read({ auto_resolved: false, resolved_by_user_id: "PUSER01" }).resolvedBy).toBe("human");
    expect(read({ auto_resolved: false, resolved_by_user_id: "PROBOT" }).resolvedBy).toBe("agent");
    // One of PagerDuty's own samples has no auto_resolved.
    expect(read({ auto_resolved: undefined }).resolvedBy).toBe("automation");
    expect(selfResolved(read({ auto_resolved: undefined }), WINDOW)).toBe(false);
  });

  test("an incident that a person escalated is not self-resolved; its acknowledgement comes from the seconds", () => {
    expect(selfResolved(read({ reassignment_count: 1 }), WINDOW)).toBe(false);
    expect(selfResolved(read({ manual_escalation_count: 2 }), WINDOW)).toBe(false);
    expect(read({ seconds_to_first_ack: 90 }).acknowledgedAt).toBe(at("2026-03-02T03:01:30Z"));
    expect(selfResolved(read({ seconds_to_first_ack: 90 }), WINDOW)).toBe(true);
  });

  test("still open, or without resolved_at, its end comes from the seconds or is unknown", () => {
    expect(read({ resolved_at: null }).resolvedAt).toBe(at("2026-03-02T03:10:00Z"));
    expect(read({ resolved_at: null, seconds_to_resolve: null, auto_resolved: false })).toMatchObject({
      resolvedAt: null,
      resolvedBy: null,
    });
  });

  test("that is malformed names the field", () => {
    const problem = (change: object) => {
      const parsed = parseRow("analytics", { ...analytics, ...change });
      return "problem" in parsed ? parsed.problem : null;
    };
    expect(problem({ created_at: "soon" })).toBe("created_at: is no time: soon");
    expect(problem({ id: null, incident_number: null })).toBe("id: is missing");
    expect(problem({ service_id: "", service_name: "" })).toBe("service_id: is missing");
    expect(problem({ resolved_at: "2026-03-02T02:00:00" })).toBe("resolved_at: is before created_at");
  });
});

test("a row of the incident CSV is the same under its own names", () => {
  const row = {
    id: "Q1",
    incident_number: "17",
    description: "Queue is long",
    service_id: "PSVC002",
    service_name: "Queues",
    created_on: "2026-03-02T03:00:00-07:00",
    resolved_on: "2026-03-02T03:04:00-07:00",
    seconds_to_first_ack: "",
    seconds_to_resolve: "240",
    auto_resolved: "t",
    resolved_by_user_id: "",
  };
  expect(exportKindOf(row)).toBe("analytics");
  expect(incidentIn(parseRow("analytics", row))).toMatchObject({
    id: "Q1",
    createdAt: at("2026-03-02T10:00:00Z"),
    resolvedAt: at("2026-03-02T10:04:00Z"),
    resolvedBy: "integration",
    acknowledgedAt: null,
  });
  const spoken = {
    "Incident Number": "17",
    Title: "Queue is long",
    Service: "Queues",
    "Created On": "2026-03-02 03:00",
  };
  expect(exportKindOf(spoken)).toBe("analytics");
  expect(incidentIn(parseRow("analytics", spoken))).toMatchObject({ id: "number-17", service: "Queues" });
});

const incident = {
  id: "Q2",
  type: "incident",
  title: "Checkout answers 503",
  created_at: "2026-03-02T03:00:00Z",
  status: "resolved",
  service: { id: "PSVC001", type: "service_reference" },
  urgency: "low",
  resolved_at: "2026-03-02T03:05:00Z",
  last_status_change_at: "2026-03-02T03:05:00Z",
  last_status_change_by: { id: "PSVC001", type: "service_reference" },
  resolve_reason: null,
};

describe("an incident of the REST API", () => {
  const read = (change: object = {}) => incidentIn(parseRow("incidents", { ...incident, ...change }));

  test("that the service closed was cleared by the monitor, or by the timer at its age", () => {
    expect(exportKindOf(incident)).toBe("incidents");
    expect(read()).toMatchObject({ resolvedBy: "integration", urgency: "low", service: "PSVC001" });
    expect(read({ resolved_at: "2026-03-02T07:00:00Z" }).resolvedBy).toBe("automation");
    expect(read({ last_status_change_by: { id: "PUSER01", type: "user_reference" } }).resolvedBy).toBe(
      "human",
    );
    expect(read({ last_status_change_by: null }).resolvedBy).toBe("automation");
  });

  test("that was merged is merged, whoever did it, and not resolved", () => {
    const merged = read({
      last_status_change_by: { id: "PUSER01", type: "user_reference" },
      resolve_reason: { type: "merge_resolve_reason", incident: { id: "Q9", type: "incident_reference" } },
    });
    expect(merged.mergedInto).toBe("Q9");
    expect(selfResolved(merged, WINDOW)).toBe(false);
  });

  test("that is open has no end, whatever its last change was", () => {
    expect(read({ status: "triggered", resolved_at: null })).toMatchObject({
      resolvedAt: null,
      resolvedBy: null,
    });
  });
});

describe("log entries", () => {
  const entry = (type: string, minute: number, change: object = {}) => ({
    id: `R${type}${minute}`,
    type: `${type}_log_entry`,
    created_at: new Date(at("2026-03-02T03:00:00Z") + minute * 60_000).toISOString(),
    agent: { id: "PSVC001", type: "service_reference" },
    channel: { type: "api" },
    service: { id: "PSVC001", type: "service_reference", summary: "Shop" },
    incident: { id: "Q2", type: "incident_reference", summary: "[#7] Checkout answers 503" },
    ...change,
  });
  const person = { agent: { id: "PUSER01", type: "user_reference" }, channel: { type: "website" } };
  const eventsIn = (list: readonly ReturnType<typeof entry>[]): readonly IncidentEvent[] =>
    list.flatMap((one) => {
      const parsed = parseRow("log-entries", one);
      return "of" in parsed && parsed.event !== null ? [parsed.event] : [];
    });
  const opened = entry("trigger", 0, {
    channel: { type: "api", details: { http_code: 503, site: "shop", slow: true, nested: {} } },
  });

  test("alone they give an incident, with its details; notifications and the policy's own steps add nothing", () => {
    const log = [opened, entry("assign", 0), entry("notify", 1), entry("escalate", 2), entry("resolve", 5)];
    expect(exportKindOf(opened)).toBe("log-entries");
    expect(eventsIn(log).map(({ type }) => type)).toEqual(["triggered", "resolved"]);
    expect(pastFrom(null, eventsIn(log))).toMatchObject({
      id: "Q2",
      service: "PSVC001",
      title: "Checkout answers 503",
      resolvedBy: "integration",
      takenOverAt: null,
      details: { http_code: 503, site: "shop", slow: 1 },
    });
    expect(pastFrom(null, eventsIn([entry("resolve", 5)]))).toBeNull();
  });

  test("a timer that ran out is not the monitor", () => {
    const timeout = entry("resolve", 5, { channel: { type: "timeout" } });
    expect(pastFrom(null, eventsIn([opened, timeout]))?.resolvedBy).toBe("automation");
  });

  test("they take precedence over the row, except for a merge", () => {
    const row = incidentIn(parseRow("incidents", incident));
    const log = eventsIn([
      opened,
      entry("acknowledge", 1, person),
      entry("escalate", 2, person),
      entry("resolve", 5, person),
    ]);
    const past = pastFrom(row, log);
    expect(past).toMatchObject({
      urgency: "low",
      resolvedBy: "human",
      acknowledgedAt: at("2026-03-02T03:01:00Z"),
      takenOverAt: at("2026-03-02T03:02:00Z"),
    });
    expect(pastFrom({ ...row, mergedInto: "Q9" }, log)?.mergedInto).toBe("Q9");
    // Of a log that begins in the middle the opening is the row's.
    expect(pastFrom(row, eventsIn([entry("resolve", 5, { channel: { type: "timeout" } })]))?.resolvedBy).toBe(
      "automation",
    );
  });

  test("the bot's own steps are not a person's", () => {
    const bot = { agent: { id: "PBOT", type: "user_reference" }, channel: { type: "api" } };
    expect(pastFrom(null, eventsIn([opened, entry("escalate", 1, bot)]))?.takenOverAt).toBeNull();
    expect(
      eventsIn([entry("annotate", 3, { ...person, channel: { type: "note", summary: "mrdata: real" } })])[0]
        ?.note,
    ).toBe("mrdata: real");
  });
});

test("a repeated row takes precedence, and the earlier one fills what it leaves open", () => {
  const before = incidentIn(parseRow("analytics", { ...analytics, seconds_to_first_ack: 60 }));
  const now = incidentIn(parseRow("incidents", { ...incident, id: analytics.id, title: "New title" }));
  expect(mergeIncidents(before, now)).toMatchObject({
    title: "New title",
    acknowledgedAt: before.acknowledgedAt,
  });
  expect(mergeIncidents(before, { ...now, resolvedAt: null, resolvedBy: null })).toMatchObject({
    resolvedAt: before.resolvedAt,
    resolvedBy: "integration",
  });
});

test("our own rows are not taken for PagerDuty's", () => {
  const own = {
    id: "1",
    service: "shop",
    title: "Down",
    created_at: "2026-03-02T03:00:00Z",
    seconds_to_resolve: 4,
  };
  expect(exportKindOf(own)).toBeNull();
  expect(exportKindOf({ hello: 1 })).toBeNull();
});
