import { expect, test } from "vitest";
import { asRead, csv } from "./as-read.fixture.ts";

const cells = [
  "INC1",
  "2024-05-21 02:00:00",
  "Disk is full",
  "1 - High",
  "Hardware",
  "Databases",
  "2024-05-21 02:30:00",
];
const right = {
  service: "Databases",
  title: "Disk is full",
  createdAt: Date.parse("2024-05-21T02:00:00Z"),
  resolvedAt: Date.parse("2024-05-21T02:30:00Z"),
  resolvedBy: "human",
  details: { priority: "1 - High", category: "Hardware" },
};

test("lists under English, German and French labels", async () => {
  for (const headings of [
    [
      "Number",
      "Opened",
      "Short description",
      "Priority",
      "Category",
      "Business service",
      "Resolved",
      "Resolved by",
      "Close code",
    ],
    [
      "Nummer",
      "Geöffnet",
      "Kurzbeschreibung",
      "Priorität",
      "Kategorie",
      "Dienst",
      "Gelöst",
      "Gelöst von",
      "Abschlusscode",
    ],
    [
      "Numéro",
      "Ouvert",
      "Brève description",
      "Priorité",
      "Catégorie",
      "Service",
      "Résolu",
      "Résolu par",
      "Code de fermeture",
    ],
  ]) {
    const { byId, formats, columnsLeftOut } = await asRead(csv(headings, [...cells, "Bo Example", "Solved"]));
    expect(formats).toEqual(["servicenow"]);
    expect(byId.INC1).toMatchObject(right);
    expect([...columnsLeftOut.keys()]).toContain("close_code");
  }
});

test("the answers of the Table API, with values and with display values", async () => {
  const record = (value: (text: string) => unknown) => ({
    result: [
      {
        number: value("INC1"),
        sys_id: value("9d38"),
        opened_at: value("2024-05-21 02:00:00"),
        short_description: value("Disk is full"),
        priority: value("1 - High"),
        category: value("Hardware"),
        business_service: value("Databases"),
        resolved_at: value("2024-05-21 02:30:00"),
        resolved_by: value("Bo Example"),
        work_notes: value("restarted it"),
      },
    ],
  });
  for (const told of [record((text) => text), record((text) => ({ display_value: text, value: text }))])
    expect((await asRead(JSON.stringify(told, null, 1))).byId.INC1).toMatchObject(right);
});

test("a stored value in UTC takes precedence over the display value", async () => {
  const time = (value: string, display_value: string) => ({ value, display_value });
  const row = {
    number: { display_value: "INC1", value: "INC1" },
    short_description: { display_value: "Disk is full", value: "Disk is full" },
    opened_at: time("2024-05-21 02:00:00", "05/20/2024 07:00:00 PM"),
    resolved_at: time("2024-05-21 02:30:00", "05/20/2024 07:30:00 PM"),
  };
  const { byId } = await asRead(JSON.stringify({ result: [row] }), { timeZone: "America/Los_Angeles" });
  expect(byId.INC1).toMatchObject({ createdAt: right.createdAt, resolvedAt: right.resolvedAt });
});

test("further labels in German and French", async () => {
  for (const headings of [
    "Nummer;Geöffnet;Kurzbeschreibung;Anrufer;Kategorie;Unternehmensdienst;Anzahl der Neuzuweisungen",
    "Numéro;Ouvert;Brève description;Appelant;Catégorie;Service d'entreprise;Nombre de réaffectations",
  ]) {
    const row = ["INC1", "2024-05-21 02:00:00", "Disk is full", "Bo Example", "Hardware", "Databases", "1"];
    const { byId, recordsEscalations } = await asRead(csv(headings.split(";"), row));
    expect(byId.INC1).toMatchObject({ service: "Databases", details: { category: "Hardware" } });
    expect(byId.INC1?.details).not.toHaveProperty("anrufer");
    expect(recordsEscalations).toBe(true);
  }
});

test("event management, or a given name, closes for the monitor", async () => {
  const headings = [
    "Number",
    "Opened",
    "Short description",
    "Priority",
    "Category",
    "Service",
    "Resolved",
    "Resolved by",
  ];
  const closer = async (name: string, options = {}) =>
    (await asRead(csv(headings, [...cells, name]), options)).byId.INC1?.resolvedBy;
  expect(await closer("Event Management")).toBe("integration");
  expect(await closer("System")).toBe("automation");
  expect(await closer("")).toBe("automation");
  expect(await closer("svc-zabbix", { monitors: ["SVC-Zabbix"] })).toBe("integration");
  expect(await closer("svc-zabbix")).toBe("human");
});
