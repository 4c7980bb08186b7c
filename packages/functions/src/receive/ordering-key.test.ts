import { expect, test } from "vitest";
import { orderingKeyOf } from "./ordering-key.ts";

const noted = (content: unknown) => ({ event: { data: { type: "incident_note", content } } });
const keyOf = (content: unknown, type = "annotated") =>
  orderingKeyOf({ type, incident: "P1" }, noted(content));

test.each([
  "mrdata: disarm",
  "mrdata:disarm!",
  "  MrData:  DISARM, I do not trust it",
  "Resolution Note: mrdata: disarm",
  "mrdata: real",
  "mrdata: never hold this",
  "mrdata: never  hold\nthis, ever",
])("%j makes the bot more careful, so it waits for nothing", (note) => {
  expect(keyOf(note)).toBe("");
});

test.each([
  "mrdata: ok to hold",
  "mrdata: noise",
  "mrdata: disarmament",
  "mrdata: really?",
  "mrdata:",
  "we should disarm it",
  "",
  null,
  7,
  { text: "mrdata: disarm" },
  undefined,
])("the note %j keeps its place behind what came before it", (note) => {
  expect(keyOf(note)).toBe("P1");
});

test("whatever is no note keeps its place, whatever it says and however it is made", () => {
  for (const type of ["triggered", "resolved", "status_update_published", "responder.added"])
    expect(keyOf("mrdata: disarm", type)).toBe("P1");
  for (const payload of [null, 1, [], {}, { event: null }, { event: { data: [] } }])
    expect(orderingKeyOf({ type: "annotated", incident: "P1" }, payload)).toBe("P1");
});
