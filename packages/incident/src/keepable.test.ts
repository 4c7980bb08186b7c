import fc from "fast-check";
import { expect, test } from "vitest";
import type { IncidentEvent } from "./event.ts";
import { keepableEvent, keepableName, keepableText } from "./keepable.ts";

const opening: IncidentEvent = {
  id: "E1",
  incident: "P1",
  type: "triggered",
  occurredAt: 1,
  actor: "integration",
  actorId: null,
  snapshot: {
    title: "Disk full",
    service: "PDATABASE",
    serviceName: "Database",
    status: "triggered",
    urgency: "high",
    priority: null,
    assignees: ["PBOT"],
    escalationPolicy: null,
    teams: [],
    number: 1,
    htmlUrl: null,
    createdAt: 1,
  },
  note: null,
  mergedInto: null,
  details: { numbers: { load: 1 }, texts: { zone: "a" }, others: { host: "web-1" } },
};

test("an event that every store can keep is left as it is", () => {
  expect(keepableEvent(opening)).toBe(opening);
});

test("halves of surrogate pairs, names that no field can have, and texts without end are made acceptable", () => {
  const { snapshot } = opening;
  if (snapshot === null) throw new Error("the opening has a snapshot");
  const kept = keepableEvent({
    ...opening,
    note: "x".repeat(2_000_000),
    snapshot: { ...snapshot, title: "cut \ud83d", assignees: ["P\udc00"] },
    details: {
      numbers: { "": 1, load: 2 },
      texts: { __x__: "\ud800", ["long".repeat(1_000)]: 7 },
      others: { "a\ud800": "fine" },
    },
  });
  expect(kept.note).toHaveLength(25_000);
  expect(kept.snapshot).toMatchObject({ title: "cut \ufffd", assignees: ["P\ufffd"], service: "PDATABASE" });
  expect(kept.details).toEqual({
    numbers: { "detail:": 1, load: 2 },
    texts: { "detail:__x__": "\ufffd", ["long".repeat(75)]: 7 },
    others: { "a\ufffd": "fine" },
  });
  expect(keepableEvent(kept)).toBe(kept);
});

test("every name and text becomes storable, and well-formed short ones are unchanged", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    fc.string().map((text) => `__${text}__`),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const name = keepableName(text);
      expect(name.isWellFormed()).toBe(true);
      expect(name).not.toMatch(/^(__.*__)?$/s);
      expect(keepableName(name)).toBe(name);
      expect(keepableText(keepableText(text))).toBe(keepableText(text));
      if (text.isWellFormed()) expect(keepableText(text)).toBe(text);
    }),
  );
});
