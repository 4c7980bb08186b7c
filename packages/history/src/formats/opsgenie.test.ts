import { expect, test } from "vitest";
import { asRead, csv } from "./as-read.fixture.ts";

const alert = (change: object = {}) => ({
  id: "70413a06-1716256800000",
  tinyId: "1791",
  alias: "disk/db-3",
  message: "Disk is full",
  status: "closed",
  acknowledged: false,
  createdAt: "2024-05-21T02:00:00.000Z",
  updatedAt: "2024-05-21T02:03:00.000Z",
  source: "prometheus",
  owner: "",
  priority: "P3",
  teams: [{ id: "T1" }],
  integration: { id: "I1", name: "Shop Prometheus", type: "Prometheus" },
  report: {
    ackTime: 60_000,
    closeTime: 180_000,
    acknowledgedBy: "ada@example.com",
    closedBy: "Shop Prometheus",
  },
  ...change,
});
const of = async (change: object = {}) =>
  Object.values((await asRead(JSON.stringify({ data: [alert(change)], took: 0.1 }))).byId)[0];

test("the answers of GET /v2/alerts", async () => {
  expect(
    await of({
      report: {
        closeTime: 180_000,
        closedBy: "prometheus",
        acknowledgedBy: "ada@example.com",
        ackTime: 60_000,
      },
    }),
  ).toMatchObject({
    service: "Shop Prometheus",
    title: "Disk is full",
    resolvedAt: Date.parse("2024-05-21T02:03:00Z"),
    resolvedBy: "integration",
    acknowledgedAt: Date.parse("2024-05-21T02:01:00Z"),
  });
  expect(await of({ report: { closeTime: 180_000, closedBy: "bo@example.com" } })).toMatchObject({
    resolvedBy: "human",
  });
  expect(await of({ report: { closeTime: 180_000, closedBy: "System" } })).toMatchObject({
    resolvedBy: "automation",
  });
  expect(await of({ status: "open", report: {} })).toMatchObject({ resolvedAt: null, resolvedBy: null });
});

test("Jira Service Management has its alerts under values", async () => {
  expect((await asRead(JSON.stringify({ values: [alert()], count: 1 }))).incidents).toHaveLength(1);
});

test("the export as CSV, with times in milliseconds", async () => {
  const { byId, formats } = await asRead(
    csv(
      [
        "Alert Id",
        "TinyId",
        "Alias",
        "Message",
        "Status",
        "CreatedAt",
        "UpdatedAt",
        "Priority",
        "Source",
        "Closed By",
      ],
      [
        "a-1",
        "7",
        "x",
        "Disk is full",
        "closed",
        "1716256800000",
        "1716256980000",
        "P4",
        "Zabbix",
        "Alert API",
      ],
    ),
  );
  expect(formats).toEqual(["opsgenie"]);
  expect(byId["a-1"]).toMatchObject({
    createdAt: 1_716_256_800_000,
    resolvedAt: 1_716_256_980_000,
    resolvedBy: "integration",
    urgency: "low",
  });
});

test("columns known at the opening are details; changing ones are left out and listed", async () => {
  const told = await asRead(
    csv(
      [
        "Id",
        "TinyId",
        "Message",
        "Status",
        "CreatedAt",
        "UpdatedAt",
        "Count",
        "Owner",
        "Acknowledged",
        "Tags",
      ],
      [
        "a-1",
        "7",
        "Disk is full",
        "closed",
        "1716256800000",
        "1716256980000",
        "3",
        "",
        "true",
        '["prod","eu"]',
      ],
    ),
  );
  expect(told.byId["a-1"]?.details).toEqual({ tags: "eu, prod" });
  expect([...told.columnsLeftOut.keys()]).toEqual(["status", "updated_at", "count", "acknowledged"]);
  expect(await of({ details: { region: "eu-1" }, entity: "db-3" })).toMatchObject({
    details: { region: "eu-1", entity: "db-3", priority: "P3", source: "prometheus" },
  });
});

test("the integration that opened an alert clears it, also by its name", async () => {
  expect(await of()).toMatchObject({ resolvedBy: "integration" });
  expect(await of({ integration: null, integrationName: "Shop Prometheus" })).toMatchObject({
    service: "Shop Prometheus",
    resolvedBy: "integration",
  });
  expect(await of({ integration: null })).toMatchObject({ resolvedBy: "automation" });
});
