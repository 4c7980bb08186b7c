import { expect, test } from "vitest";
import { asRead, csv, lines } from "./as-read.fixture.ts";

test("own headings in any spelling are own columns; others stay details under their names", async () => {
  const { byId, formats } = await asRead(
    csv(
      ["", "ID", "Service", "Title", "Created At", "ResolvedAt", "Resolved by", "Priority", "HTTP code"],
      ["0", "A1", "Shop", "Down", "2026-03-02T03:00:00Z", "2026-03-02T03:04:00Z", "Integration", "P2", "503"],
    ),
  );
  expect(formats).toEqual(["own"]);
  expect(byId.A1).toMatchObject({
    service: "Shop",
    resolvedBy: "integration",
    details: { Priority: "P2", "HTTP code": 503 },
  });
  expect(Object.keys(byId.A1?.details ?? {})).toEqual(["Priority", "HTTP code"]);
});

test("unnamed pandas columns are dropped, and repeated headings are numbered", async () => {
  const { byId } = await asRead(
    csv(
      ["Unnamed: 0", "id", "service", "title", "created_at", "tag", "tag"],
      ["7", "A1", "shop", "Down", "2026-03-02T03:00:00Z", "a", "b"],
    ),
  );
  expect(byId.A1?.details).toEqual({ tag: "a", "tag 2": "b" });
});

test("custom headings are mapped with --column", async () => {
  const table = csv(["Ticket", "System", "What", "When"], ["T1", "shop", "Down", "2026-03-02 03:00"]);
  const columns = new Map([
    ["id", "ticket"],
    ["service", "System"],
    ["title", "What"],
    ["created_at", "When"],
  ]);
  expect((await asRead(table, { columns })).byId.T1).toMatchObject({
    service: "shop",
    title: "Down",
    details: {},
  });
  await expect(asRead(table, { columns: new Map([["id", "Tickte"]]) })).rejects.toThrow(
    'has no heading "Tickte" for id; the nearest is "Ticket"',
  );
});

test("a missing column is named, with the present ones and the nearest match", async () => {
  const table = csv(["id", "service", "title", "created_att"], ["1", "shop", "Down", "2026-03-02T03:00:00Z"]);
  await expect(asRead(table)).rejects.toThrow(
    /has no created_at among its headings \("id", "service", "title", "created_att"\).*--column created_at="created_att"/u,
  );
});

test("JSON keeps texts as they are", async () => {
  const { byId } = await asRead(
    lines({
      id: "1",
      service: "shop",
      title: "Down",
      created_at: "2026-03-02T03:00:00Z",
      build: "007",
      code: 5,
    }),
  );
  expect(byId["1"]?.details).toEqual({ build: "007", code: 5 });
});

test("a duration column resolves the repeated hour when the clocks go back", async () => {
  const night = (heading: string, lasted: string) =>
    csv(
      ["id", "service", "title", "created_at", "resolved_at", heading],
      ["1", "shop", "Down", "2024-11-03 01:50:00", "2024-11-03 01:55:00", lasted],
    );
  const minutes = async (heading: string, lasted: string) => {
    const { byId, remarks } = await asRead(night(heading, lasted), { timeZone: "America/New_York" });
    const { createdAt = 0, resolvedAt } = byId["1"] ?? {};
    return [((resolvedAt ?? 0) - createdAt) / 60_000, remarks.size];
  };
  expect(await minutes("seconds_to_resolve", "300")).toEqual([5, 0]);
  expect(await minutes("Duration (minutes)", "65")).toEqual([65, 0]);
  expect(await minutes("note", "x")).toEqual([65, 1]);
});

test("placeholders for missing times are null; the names that close for the monitor can be given", async () => {
  for (const nothing of ["", "NaN", "None", "NULL", "NaT", "--"])
    expect(
      (
        await asRead(
          csv(
            ["id", "service", "title", "created_at", "resolved_at"],
            ["1", "shop", "Down", "2026-03-02", nothing],
          ),
        )
      ).byId["1"]?.resolvedAt,
      nothing,
    ).toBeNull();
  const closed = csv(
    ["id", "service", "title", "created_at", "resolved_at", "resolved_by"],
    ["1", "shop", "Down", "2026-03-02 03:00", "2026-03-02 03:01", "Zabbix"],
  );
  expect((await asRead(closed)).byId["1"]?.resolvedBy).toBe("automation");
  expect((await asRead(closed, { monitors: ["zabbix"] })).byId["1"]?.resolvedBy).toBe("integration");
});

test("replacement characters in titles are reported", async () => {
  const { remarks } = await asRead(
    csv(["id", "service", "title", "created_at"], ["1", "shop", "L\ufffdden", "2026-03-02"]),
  );
  expect([...remarks.keys()].join()).toContain("letters that were lost");
});

test("a column that changes after the opening is left out", async () => {
  const row = (i: number, change: object) => ({
    id: `I${i}`,
    service: "shop",
    title: "Down",
    created_at: "2026-03-02T03:00:00Z",
    ...change,
  });
  const rows = Array.from({ length: 20 }, (_, i) => i);
  const { byId, columnsLeftOut } = await asRead([
    lines(...rows.map((i) => row(i, { queue: "new", zone: "a" }))),
    lines(
      ...rows.map((i) =>
        row(i, { queue: i % 3 === 0 ? "done" : "new", zone: "a", resolved_at: "2026-03-02T03:05:00Z" }),
      ),
    ),
  ]);
  expect(byId.I1?.details).toEqual({ zone: "a" });
  expect([...columnsLeftOut]).toEqual([["queue", expect.stringContaining("changed after the opening")]]);
});

test("an object without a required field is reported with its fields and the nearest match", async () => {
  await expect(
    asRead(lines({ id: "1", service: "shop", title: "Down", created_att: "2026-03-02" })),
  ).rejects.toThrow(
    "line 1: created_at: is missing; there is id, service, title, created_att, of which created_att is nearest",
  );
});

test("a table as Excel writes it, with the delimiter named on a line before the headings", async () => {
  const { byId } = await asRead("sep=;\r\nid;service;title;created_at\r\n1;shop;Down, again;2026-03-02\r\n");
  expect(byId["1"]?.title).toBe("Down, again");
});
