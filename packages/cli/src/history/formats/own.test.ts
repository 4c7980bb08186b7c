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

test("a column that pandas left unnamed is none, and a heading that comes again is another", async () => {
  const { byId } = await asRead(
    csv(
      ["Unnamed: 0", "id", "service", "title", "created_at", "tag", "tag"],
      ["7", "A1", "shop", "Down", "2026-03-02T03:00:00Z", "a", "b"],
    ),
  );
  expect(byId.A1?.details).toEqual({ tag: "a", "tag 2": "b" });
});

test("headings of one's own are named with --column", async () => {
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

test("what is missing is named, with what is there and the nearest", async () => {
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
