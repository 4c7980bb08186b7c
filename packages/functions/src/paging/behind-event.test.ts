import { describe, expect, test } from "vitest";
import { snapshot } from "../respond/respond-context.fixture.ts";
import { isBehind, waitingAtOf } from "./behind-event.ts";
import { BOT, START } from "./scripted-pagerduty.fixture.ts";

const AT = START + 300_400;

describe("what an event shows", () => {
  test.each([
    ["that it waits on the bot", { status: "triggered", assignees: [BOT] }, AT],
    ["that somebody has acknowledged it", { status: "acknowledged", assignees: [BOT] }, null],
    ["that it is over", { status: "resolved", assignees: [] }, null],
    ["that it is a person's", { status: "triggered", assignees: ["PROBIN"] }, null],
    ["that a person has it as well", { status: "triggered", assignees: [BOT, "PROBIN"] }, null],
    ["that it is assigned to nobody", { status: "triggered", assignees: [] }, null],
  ] as const)("%s", (_, change, at) => {
    expect(waitingAtOf({ snapshot: { ...snapshot, ...change }, occurredAt: AT }, BOT)).toBe(at);
  });

  test("where nothing of the incident is in it", () => {
    expect(waitingAtOf({ snapshot: null, occurredAt: AT }, BOT)).toBeNull();
  });
});

describe("a read compared with an event", () => {
  const second = Math.floor(AT / 1_000) * 1_000;
  test.each([
    ["changed before it", second - 1_000, null, true],
    ["changed in its second, which settles nothing", second, null, true],
    ["changed since", second + 1_000, null, false],
    ["assigned before it", null, second - 5_000, true],
    ["assigned since, its status as old as before", second - 60_000, second + 2_000, false],
    ["undated", null, null, true],
  ])("that shows it %s", (_, statusChangedAt, assignedAt, expected) => {
    expect(isBehind({ statusChangedAt, assignedAt }, AT)).toBe(expected);
  });
});
