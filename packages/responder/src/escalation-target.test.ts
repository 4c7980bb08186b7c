import { describe, expect, test } from "vitest";
import { type IncidentNow, levelsOfPeople, reasonNotToPage } from "./escalation-target.ts";

const waiting: IncidentNow = {
  status: "triggered",
  urgency: "high",
  assignees: ["PBOT"],
  assignedVia: "escalation_policy",
};

describe("reasonNotToPage", () => {
  test("is null for an incident that waits on the bot by its policy", () => {
    expect(reasonNotToPage(waiting, "PBOT")).toBeNull();
  });

  test.each([
    [{ status: "acknowledged" }, /acknowledged/],
    [{ status: "resolved" }, /resolved/],
    [{ assignees: [] }, /not assigned to the bot/],
    [{ assignees: ["PBOT", "PROBIN"] }, /the bot alone/],
    [{ assignees: ["PROBIN"] }, /the bot alone/],
    [{ assignedVia: "direct_assignment" }, /by hand/],
    [{ assignedVia: null }, /by hand/],
  ])("gives a reason for %j", (change, why) => {
    expect(reasonNotToPage({ ...waiting, ...change }, "PBOT")).toMatch(why);
  });
});

test("the levels of people are those with anybody but the bot, counted from 1", () => {
  const levels = [["PBOT"], ["PROBIN"], [], ["PBOT", "PALEX"], ["PBOT"]].map((targets) => ({ targets }));
  expect(levelsOfPeople(levels, ["PBOT"])).toEqual([2, 4]);
});
