import { expect, test } from "vitest";
import { asRead, lines } from "./as-read.fixture.ts";

const alert = (status: "firing" | "resolved", change: object = {}) => ({
  status,
  labels: { alertname: "DiskFull", service: "databases", severity: "critical", instance: "db-3" },
  annotations: { summary: "Disk is full" },
  startsAt: "2024-05-21T02:00:00.123Z",
  endsAt: status === "firing" ? "0001-01-01T00:00:00Z" : "2024-05-21T02:03:00.123Z",
  fingerprint: "c0ffee",
  ...change,
});
const webhook = (status: "firing" | "resolved", ...alerts: readonly object[]) => ({
  version: "4",
  groupKey: '{}:{alertname="DiskFull"}',
  status,
  receiver: "pagerduty",
  groupLabels: {},
  commonLabels: {},
  externalURL: "http://alerts.example.com",
  alerts,
});

test("firing and resolved messages are one incident, and each alert of a group is its own", async () => {
  const other = { fingerprint: "beef", labels: { alertname: "DiskFull", instance: "db-4" } };
  const { incidents, byId, formats } = await asRead(
    lines(
      webhook("firing", alert("firing"), alert("firing", other)),
      webhook("resolved", alert("resolved"), alert("firing", other)),
    ),
  );
  expect(formats).toEqual(["alertmanager"]);
  expect(incidents).toHaveLength(2);
  expect(byId[`c0ffee-${Date.parse("2024-05-21T02:00:00.123Z")}`]).toMatchObject({
    service: "databases",
    title: "Disk is full",
    resolvedAt: Date.parse("2024-05-21T02:03:00.123Z"),
    resolvedBy: "integration",
    details: { alertname: "DiskFull", severity: "critical", instance: "db-3" },
  });
  expect(byId[`beef-${Date.parse("2024-05-21T02:00:00.123Z")}`]).toMatchObject({
    service: "pagerduty",
    resolvedAt: null,
  });
});

test("Grafana's webhooks, and the answers of GET /api/v2/alerts", async () => {
  const grafana = {
    ...webhook("resolved", alert("resolved")),
    title: "[RESOLVED] DiskFull",
    state: "ok",
    orgId: 1,
  };
  expect((await asRead(JSON.stringify(grafana, null, 2))).incidents).toHaveLength(1);
  const listed = { ...alert("firing"), status: { state: "active", inhibitedBy: [], silencedBy: [] } };
  expect((await asRead(JSON.stringify([listed]))).incidents[0]).toMatchObject({ resolvedAt: null });
});
