import { expect, test } from "vitest";
import type { IncidentEvent } from "./event.ts";
import { feedbackIn, feedbackOf, leadingCommand } from "./feedback.ts";
import { takenOverAt } from "./outcome.ts";
import { timelineOf } from "./timeline.ts";

test.each([
  ["noise", "noise"],
  ["real", "real"],
  ["real, the disk is full", "real"],
  ["never hold this", "never hold this"],
  ["never  hold\nthis.", "never hold this"],
  ["ok to hold", "ok to hold"],
  ["disarm", "disarm"],
  ["disarm!", "disarm"],
  ["really?", null],
  ["noisey", null],
  ["", null],
  [null, null],
])("in a note, %j is the command %j", (text, word) => {
  expect(leadingCommand(text)).toBe(word);
});

const noted = (note: string, occurredAt = 10): IncidentEvent => ({
  id: note,
  incident: "P1",
  type: "annotated",
  occurredAt,
  actor: "human",
  actorId: "PROBIN",
  note,
  mergedInto: null,
  snapshot: null,
});

test.each([
  ["mrdata: Noise", "noise"],
  ["  MRDATA:  real, the disk is full", "real, the disk is full"],
  // PagerDuty prefixes a note that is written while resolving.
  ["Resolution Note: mrdata: noise", "noise"],
  ["we saw mrdata: real", null],
])("the note %j says %j", (note, said) => {
  expect(feedbackOf(noted(note))).toBe(said);
});

test("a command is matched as a whole word everywhere: 'really' labels nothing real", () => {
  expect(feedbackIn([noted("mrdata: really just noise")])).toBeNull();
  expect(takenOverAt([noted("mrdata: really just noise")])).toBeNull();
  expect(takenOverAt([noted("mrdata: real")])).toBe(10);
});

test("of 'noise' and 'real' the later counts, and at the same moment 'real', whatever their events are called", () => {
  for (const ids of [
    ["a", "b"],
    ["b", "a"],
  ]) {
    const [one, two] = ids.map((id, i) => ({
      ...noted(i === 0 ? "mrdata: real" : "mrdata: noise"),
      id: id ?? "",
    }));
    if (one === undefined || two === undefined) throw new Error("two notes");
    expect(feedbackIn(timelineOf([one, two]))).toEqual({ said: "real", at: 10 });
    expect(feedbackIn(timelineOf([two, { ...one, occurredAt: 9 }]))).toEqual({ said: "noise", at: 10 });
    expect(feedbackIn(timelineOf([one, { ...two, occurredAt: 9 }]))).toEqual({ said: "real", at: 10 });
  }
});
