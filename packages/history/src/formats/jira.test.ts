import { expect, test } from "vitest";
import { asRead, csv } from "./as-read.fixture.ts";

test("the CSV export of issues", async () => {
  const { byId, formats } = await asRead(
    csv(
      [
        "Summary",
        "Issue key",
        "Issue id",
        "Issue Type",
        "Status",
        "Project key",
        "Priority",
        "Assignee",
        "Created",
        "Updated",
        "Resolved",
      ],
      [
        "Disk is full",
        "OPS-7",
        "10007",
        "[System] Incident",
        "Done",
        "OPS",
        "High",
        "Bo Example",
        "21/May/24 2:00 AM",
        "21/May/24 3:00 AM",
        "21/May/24 2:30 AM",
      ],
      [
        "Down",
        "OPS-8",
        "10008",
        "[System] Incident",
        "Open",
        "OPS",
        "Low",
        "",
        "21/May/24 2:00 PM",
        "21/May/24 3:00 PM",
        "",
      ],
    ),
  );
  expect(formats).toEqual(["jira"]);
  expect(byId["OPS-7"]).toMatchObject({
    service: "OPS",
    title: "Disk is full",
    createdAt: Date.parse("2024-05-21T02:00:00Z"),
    resolvedAt: Date.parse("2024-05-21T02:30:00Z"),
    resolvedBy: "human",
    details: { priority: "High" },
  });
  expect(byId["OPS-8"]).toMatchObject({
    createdAt: Date.parse("2024-05-21T14:00:00Z"),
    resolvedAt: null,
    urgency: "low",
  });
});

test("the answers of its search", async () => {
  const issue = {
    key: "OPS-7",
    id: "10007",
    fields: {
      summary: "Disk is full",
      created: "2024-05-21T02:00:00.000+0000",
      resolutiondate: "2024-05-21T02:30:00.000+0000",
      priority: { name: "High" },
      assignee: { displayName: "zabbix" },
      project: { key: "OPS", name: "Operations" },
    },
  };
  const { byId } = await asRead(JSON.stringify({ issues: [issue], total: 1 }), { monitors: ["Zabbix"] });
  expect(byId["OPS-7"]).toMatchObject({ service: "Operations", resolvedBy: "integration", urgency: "high" });
});

test.each([
  ["German", "Vorgangsschlüssel;Zusammenfassung;Priorität;Bearbeiter;Stichwörter;Erstellt;Erledigt"],
  ["French", "Clé de ticket;Résumé;Priorité;Responsable;Étiquettes;Création;Résolue"],
  ["Spanish", "Clave de incidencia;Resumen;Prioridad;Persona asignada;Etiquetas;Creada;Resuelta"],
])("an export under labels in %s", async (_, headings) => {
  const { byId, columnsLeftOut } = await asRead(
    csv(headings.split(";"), [
      "OPS-7",
      "Disk is full",
      "High",
      "Automation for Jira",
      "prod",
      "21/May/24 2:00 AM",
      "21/May/24 2:03 AM",
    ]),
  );
  expect(byId["OPS-7"]).toMatchObject({
    title: "Disk is full",
    createdAt: Date.parse("2024-05-21T02:00:00Z"),
    resolvedAt: Date.parse("2024-05-21T02:03:00Z"),
    resolvedBy: "automation",
    details: { priority: "High", labels: "prod" },
  });
  expect([...columnsLeftOut.keys()]).toEqual(["assignee", "resolved"]);
});

test("custom fields are details, and repeated ones are dropped", async () => {
  const { byId } = await asRead(
    csv(
      [
        "Summary",
        "Issue key",
        "Created",
        "Labels",
        "Labels",
        "Custom field (Region)",
        "Custom field (Time to resolution)",
      ],
      ["Disk is full", "OPS-7", "21/May/24 2:00 AM", "prod", "eu", "north", "4h"],
    ),
  );
  expect(byId["OPS-7"]?.details).toEqual({ labels: "prod", region: "north" });
});
