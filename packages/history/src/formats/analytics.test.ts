import { expect, test } from "vitest";
import { asRead, csv } from "./as-read.fixture.ts";

const headings = [
  "Incident ID",
  "Title",
  "Service",
  "Created at",
  "Resolved at",
  "Resolved by",
  "Auto Resolved",
  "TTR",
  "Manual Escalations",
];
const row = (auto: string, by = "", escalations = "0") => [
  "Q1",
  "Down",
  "Shop",
  "2026-03-02 03:00:00",
  "2026-03-02 03:04:00",
  by,
  auto,
  "240",
  escalations,
];

test("booleans as programs and databases write them", async () => {
  for (const yes of ["true", "TRUE", "t", "T", "1", "1.0", "yes", "Y"])
    expect((await asRead(csv(headings, row(yes)))).byId.Q1?.resolvedBy, yes).toBe("integration");
  for (const no of ["false", "f", "0", "0.0", "no", "", "perhaps"])
    expect((await asRead(csv(headings, row(no)))).byId.Q1?.resolvedBy, no).toBe("automation");
});

test("the resolver is a person, unless the cell says otherwise", async () => {
  for (const none of ["Auto-resolved", "automatically resolved", "integration"])
    expect((await asRead(csv(headings, row("", none)))).byId.Q1?.resolvedBy, none).toBe("integration");
  expect((await asRead(csv(headings, row("", "Ann Doe")))).byId.Q1?.resolvedBy).toBe("human");
});

test("headings in any letter case, with any delimiter, below a preamble", async () => {
  for (const spell of [(name: string) => name.toUpperCase(), (name: string) => name.toLowerCase()])
    expect((await asRead(csv(headings.map(spell), row("1")))).byId.Q1?.title).toBe("Down");
  for (const mark of [";", "\t", "|"])
    expect((await asRead(csv(headings, row("1")).replaceAll(",", mark))).byId.Q1?.title).toBe("Down");
  const { byId, remarks } = await asRead(`Incident Activity\nShop, last month\n\n${csv(headings, row("1"))}`);
  expect(byId.Q1?.title).toBe("Down");
  expect([...remarks.keys()].join()).toContain("headings are on line 4");
});

test("a stated duration resolves the repeated hour; otherwise the longer reading is taken, with a remark", async () => {
  const night = (created: string, resolved: string, seconds: string) =>
    csv(headings, ["Q1", "Down", "Shop", created, resolved, "", "1", seconds, "0"]);
  const lasted = async (text: string) => {
    const { byId, remarks } = await asRead(text, { timeZone: "America/New_York" });
    const { createdAt = 0, resolvedAt } = byId.Q1 ?? {};
    return { minutes: ((resolvedAt ?? 0) - createdAt) / 60_000, told: remarks.size };
  };
  const [from, to] = ["2024-11-03 01:50:00", "2024-11-03 01:55:00"];
  expect(await lasted(night(from, to, "300"))).toEqual({ minutes: 5, told: 0 });
  expect(await lasted(night(from, to, "3900"))).toEqual({ minutes: 65, told: 0 });
  expect(await lasted(night(from, to, ""))).toEqual({ minutes: 65, told: 1 });
  expect(await lasted(night("2024-11-03 01:50:00", "2024-11-03 01:05:00", ""))).toEqual({
    minutes: 15,
    told: 0,
  });
  expect(await lasted(night("2024-11-03 01:50:00", "2024-11-03 02:10:00", "1200"))).toEqual({
    minutes: 20,
    told: 0,
  });
});
