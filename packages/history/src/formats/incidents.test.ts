import { expect, test } from "vitest";
import { asRead, csv, lines } from "./as-read.fixture.ts";

const incident = {
  id: "Q1",
  type: "incident",
  title: "Queue is long",
  created_at: "2024-05-21T02:00:00Z",
  status: "resolved",
  service: { id: "PSVC001", type: "service_reference", summary: "Queues" },
  last_status_change_by: { id: "PSVC001", type: "service_reference" },
  resolved_at: "2024-05-21T02:03:00Z",
  urgency: "high",
  acknowledgements: [],
  resolve_reason: null,
};
const right = {
  service: "PSVC001",
  serviceName: "Queues",
  title: "Queue is long",
  resolvedBy: "integration",
  resolvedAt: Date.parse("2024-05-21T02:03:00Z"),
};

test("messages of Airbyte and Singer: other messages and streams are skipped", async () => {
  const airbyte = lines(
    { type: "LOG", log: { level: "INFO", message: "hello" } },
    { type: "RECORD", record: { stream: "incidents", emitted_at: 1, data: incident } },
    { type: "RECORD", record: { stream: "users", emitted_at: 1, data: { id: "U1", name: "Ada" } } },
    { type: "STATE", state: {} },
  );
  const singer = lines(
    { type: "SCHEMA", stream: "incidents", schema: {}, key_properties: ["id"] },
    { type: "RECORD", stream: "incidents", record: incident },
    { type: "STATE", value: {} },
  );
  for (const text of [airbyte, singer]) {
    const { byId, bad, incidents } = await asRead(text);
    expect([incidents.length, bad]).toEqual([1, 0]);
    expect(byId.Q1).toMatchObject(right);
  }
});

test("Airbyte's raw tables", async () => {
  const { byId } = await asRead(
    csv(
      ["_airbyte_raw_id", "_airbyte_extracted_at", "_airbyte_data"],
      ["x", "2026-01-01", JSON.stringify(incident)],
    ),
  );
  expect(byId.Q1).toMatchObject(right);
});

const cells = (write: (value: unknown) => string) =>
  csv(
    Object.keys(incident),
    Object.values(incident).map((value) =>
      value === null ? "" : typeof value === "object" ? write(value) : String(value),
    ),
  );
const python = (value: unknown) => JSON.stringify(value).replaceAll('"', "'");

test("JSON or Python notation in cells, and the columns of CloudQuery and Steampipe", async () => {
  for (const text of [cells(JSON.stringify), cells(python)])
    expect((await asRead(text)).byId.Q1).toMatchObject(right);
  const cloudquery = lines({
    _cq_id: "7f",
    _cq_sync_time: "2026-01-01 00:00:00 +0000 UTC",
    ...incident,
    created_at: "2024-05-21 02:00:00 +0000 UTC",
    resolved_at: "2024-05-21 02:03:00 +0000 UTC",
  });
  expect((await asRead(cloudquery)).byId.Q1).toMatchObject(right);
});

test("pages, consecutive or in an array, and a single incident", async () => {
  const page = { incidents: [incident], more: false };
  for (const text of [
    JSON.stringify(page),
    JSON.stringify(page, null, 2),
    JSON.stringify([page]),
    lines({ incident }),
    JSON.stringify({ incident }, null, 2),
  ])
    expect((await asRead(text)).byId.Q1, text).toMatchObject(right);
  expect([...(await asRead(JSON.stringify({ ...page, more: true }))).remarks.keys()].join()).toContain(
    "is not all",
  );
});

test("a title in brackets or braces stays a title", async () => {
  for (const title of ['["a"]', '{"a": 1}', "[FIRING:1] Down"]) {
    const { byId } = await asRead(
      csv(Object.keys({ ...incident }), [
        "Q1",
        "incident",
        title,
        incident.created_at,
        "Resolved",
        JSON.stringify(incident.service),
        "",
        incident.resolved_at,
        "High",
        "",
        "",
      ]),
    );
    expect(byId.Q1?.title).toBe(title);
  }
});
