import { expect, test } from "vitest";
import { asRead, csv } from "./as-read.fixture.ts";

const list = csv(
  ["ID", "#", "Status", "Priority", "Urgency", "Title", "Created", "Service", "Assigned to", "Teams"],
  ["Q1", "1201", "resolved", "--", "high", "Down", "5/21/2024, 2:00:00 AM", "Queues", "--", "Shop"],
);
const analytics = csv(
  ["ID", "Created", "Description", "Sec to engage", "Sec to 1st ack", "Sec to mobilize", "Sec to resolve"],
  ["Q1", "5/21/2024, 2:00:00 AM", "Down", "", "60", "", "240"],
);

test("the list has openings only, and no outcomes", async () => {
  const { byId, formats } = await asRead(list);
  expect(formats).toEqual(["pd-list"]);
  expect(byId.Q1).toMatchObject({ service: "Queues", resolvedBy: "automation" });
});

test("analytics lack the service; with the list the history is complete, in either order", async () => {
  expect((await asRead(analytics)).byId.Q1).toMatchObject({ service: "no service told", title: "Down" });
  for (const files of [
    [list, analytics],
    [analytics, list],
  ])
    expect((await asRead(files)).byId.Q1).toMatchObject({
      service: "Queues",
      resolvedAt: Date.parse("2024-05-21T02:04:00Z"),
      acknowledgedAt: Date.parse("2024-05-21T02:01:00Z"),
    });
});

test("an unambiguous date reveals the order of the others; without one, nothing is guessed", async () => {
  const of = (...dates: string[]) =>
    csv(
      ["ID", "Status", "Title", "Created", "Service"],
      ...dates.map((date, i) => [`Q${i}`, "resolved", "Down", date, "Queues"]),
    );
  const day = async (text: string, options = {}) =>
    Object.values((await asRead(text, options)).byId).map(({ createdAt }) =>
      new Date(createdAt).toISOString(),
    );
  expect(await day(of("03/04/2024, 14:00:00", "25/04/2024, 14:00:00"))).toEqual([
    "2024-04-25T14:00:00.000Z",
    "2024-04-03T14:00:00.000Z",
  ]);
  expect(await day(of("3.4.2024, 14:00:00"))).toEqual(["2024-04-03T14:00:00.000Z"]);
  await expect(asRead(of("03/04/2024, 14:00:00"))).rejects.toThrow("--date-order");
  expect(await day(of("03/04/2024, 14:00:00"), { dateOrder: "mdy" })).toEqual(["2024-03-04T14:00:00.000Z"]);
});
