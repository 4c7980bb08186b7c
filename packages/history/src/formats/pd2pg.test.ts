import { expect, test } from "vitest";
import { asRead, csv } from "./as-read.fixture.ts";

test("pd2pg's two tables are one history", async () => {
  const incidents = csv(
    [
      "id",
      "incident_number",
      "created_at",
      "html_url",
      "service_id",
      "trigger_summary_subject",
      "trigger_type",
    ],
    ["Q1", "7", "2024-05-21 02:00:00+00", "", "PSVC001", "Down", "trigger_svc_event"],
    ["Q2", "8", "2024-05-21 03:00:00+00", "", "PSVC001", "Up", "trigger_svc_event"],
  );
  const entry = (id: string, type: string, at: string, incident: string, agent: string) => [
    id,
    type,
    at,
    incident,
    agent,
    "PX",
    "api",
    "",
  ];
  const log = csv(
    ["id", "type", "created_at", "incident_id", "agent_type", "agent_id", "channel_type", "user_id"],
    entry("R1", "resolve", "2024-05-21 02:04:00+00", "Q1", "service"),
    entry("R2", "escalate_log_entry", "2024-05-21 03:01:00+00", "Q2", "user_reference"),
    entry("R3", "resolve_log_entry", "2024-05-21 03:09:00+00", "Q2", "user_reference"),
  );
  const { byId, formats } = await asRead([incidents, log]);
  expect(formats).toEqual(["pd2pg-incidents", "pd2pg-log-entries"]);
  expect(byId.Q1).toMatchObject({ service: "PSVC001", title: "Down", resolvedBy: "integration" });
  expect(byId.Q1?.resolvedAt).toBe(Date.parse("2024-05-21T02:04:00Z"));
  expect(byId.Q2).toMatchObject({ resolvedBy: "human", takenOverAt: Date.parse("2024-05-21T03:01:00Z") });
});
