import { actors, incidentEventTypes } from "@mrdata/incident";
import { expect, test } from "vitest";
import { programStoppedTimer, reasonNotToTakeBack } from "./took-over.ts";

const nothing = { action: "none" as const, sentence: "Nothing done yet.", at: 1_000 };
const hold = { mode: "armed" as const, openedAt: 1_000, holdUntil: 301_000, window: 300_000, taken: nothing };
const { window: _, ...withoutWindow } = { ...hold, holdUntil: null };
const told = { action: "paged" as const, sentence: "Escalated to level 2.", at: 2_000 };
const event = { type: "acknowledged" as const, actor: "agent" as const, occurredAt: 60_000 };

test("of all actions during a hold, only a program's acknowledgement or reassignment stops the timer", () => {
  for (const actor of actors)
    for (const type of incidentEventTypes)
      expect(programStoppedTimer({ type, actor, occurredAt: 60_000 }, hold), `${type} by ${actor}`).toBe(
        ["agent", "automation"].includes(actor) && ["acknowledged", "reassigned"].includes(type),
      );
});

test.each<[string, Parameters<typeof programStoppedTimer>[1], boolean]>([
  ["nothing was decided", null, false],
  ["it was paged", { ...hold, holdUntil: null, taken: told }, false],
  ["it was to be paged, and could not be", { ...hold, holdUntil: null }, true],
  ["it could not be paged, and the window was over", { ...hold, holdUntil: null, window: 50_000 }, false],
  ["it could not be paged, and an old version wrote it", withoutWindow, false],
  [
    "it could not be paged, and the bot was disarmed",
    { ...hold, mode: "shadow", holdUntil: null, taken: { ...nothing, failed: true } },
    true,
  ],
  ["nothing waited on a disarmed bot", { ...hold, mode: "shadow", holdUntil: null }, false],
  ["the service is in shadow", { ...hold, mode: "shadow" as const }, false],
  ["the hold had ended by a page", { ...hold, taken: told, ended: { at: 30_000, why: "released" } }, false],
  ["a page was made before it, and the end not written", { ...hold, taken: told }, false],
  ["the hold had ended, and the page had failed", { ...hold, ended: { at: 30_000, why: "released" } }, true],
  [
    "the page that ended the hold came after it",
    { ...hold, taken: { ...told, at: 60_000 }, ended: { at: 60_000, why: "released" } },
    true,
  ],
  ["the window was over", { ...hold, holdUntil: 50_000 }, false],
  ["the window ends at that moment", { ...hold, holdUntil: 60_000 }, true],
])("where %s", (_, stored, expected) => {
  expect(programStoppedTimer(event, stored)).toBe(expected);
});

test("an incident still assigned to the bot that a person has acknowledged is left alone", () => {
  const of = (acknowledgedBy: readonly string[]) =>
    reasonNotToTakeBack({ status: "acknowledged", assignees: ["PBOT"], acknowledgedBy }, ["PBOT", "PSRE"]);
  expect(of(["PSRE"])).toBe(null);
  expect(of(["PSRE", "PROBIN"])).toContain("PROBIN");
});

test.each([
  ["acknowledged", ["PSRE"], true],
  ["acknowledged", ["PBOT"], true],
  ["triggered", ["PSRE", "PBOT"], true],
  ["acknowledged", [], true],
  ["acknowledged", ["PROBIN"], false],
  ["triggered", ["PSRE", "PROBIN"], false],
  ["resolved", ["PSRE"], false],
])("an incident that is %s and with %j is taken back: %s", (status, assignees, isTaken) => {
  expect(reasonNotToTakeBack({ status, assignees, acknowledgedBy: [] }, ["PBOT", "PSRE"]) === null).toBe(
    isTaken,
  );
});
