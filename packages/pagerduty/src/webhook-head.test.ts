import { incidentEventTypes } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseWebhook } from "./parse-webhook.ts";
import { readWebhookHead } from "./webhook-head.ts";

const event = {
  id: "01E",
  event_type: "incident.triggered",
  occurred_at: "2026-03-01T02:03:04.567Z",
  data: { id: "PINC001", type: "incident", service: { id: "PSVC001" } },
};
const headOf = (change: object) => readWebhookHead({ event: { ...event, ...change } });

describe("the head of a webhook", () => {
  it("identifies event and incident, ids being opaque strings or numbers", () => {
    const read = { kind: "incident-event", id: "01E", type: "triggered", incident: "PINC001" };
    expect(headOf({})).toEqual(read);
    expect(headOf({ id: 17 })).toEqual({ ...read, id: "17" });
    expect(headOf({ data: { ...event.data, id: 4 } })).toEqual({ ...read, incident: "4" });
    expect(headOf({ data: { type: "incident_note", incident: { id: "PINC002" } } })).toMatchObject({
      incident: "PINC002",
    });
  });
  it("recognises what belongs to no incident", () => {
    expect(headOf({ event_type: "service.updated" })).toEqual({
      kind: "ignored",
      id: "01E",
      type: "service.updated",
    });
    expect(headOf({ data: { type: "incident_note" } })).toMatchObject({ kind: "ignored" });
  });
  it.each(["pagey.ping", "incident.brand_new_thing", "something.else"])(
    "requires only an id of %s: PagerDuty adds event types, and refusing three disables the subscription",
    (event_type) => {
      for (const change of [{ data: null }, { data: undefined }, { data: [1] }, { occurred_at: undefined }]) {
        const body = { event: { ...event, event_type, agent: "somebody", ...change } };
        expect(readWebhookHead(body)).toEqual({ kind: "ignored", id: "01E", type: event_type });
        expect(parseWebhook(body, { botUser: null })).toMatchObject({ kind: "ignored", type: event_type });
      }
    },
  );
  it.each<[string, object, string]>([
    ["no id", { id: undefined }, "event.id"],
    ["an empty id", { id: "" }, "event.id"],
    ["an id that is none", { id: {} }, "event.id"],
    ["an id that no bus carries", { id: "E".repeat(257) }, "event.id"],
    ["no type", { event_type: undefined }, "event.event_type"],
    ["a time that is none", { occurred_at: 5 }, "event.occurred_at"],
    ["no data", { data: undefined }, "event.data"],
    ["a list for data", { data: [] }, "event.data"],
    ["an incident without an id", { data: { type: "incident" } }, "event.data.id"],
    [
      "an incident of an id that no bus carries",
      { data: { type: "incident", id: "Q".repeat(257) } },
      "event.data.id",
    ],
  ])("names what is wrong with %s, and shows nothing of it", (_, change, path) => {
    expect(headOf(change)).toEqual({
      kind: "invalid",
      problem: expect.stringMatching(
        new RegExp(`^expected a PagerDuty V3 webhook: ${path}: expected an? [a-z' ]+$`),
      ),
    });
  });
});

const id = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
const data = fc.oneof(
  fc.record({ id, type: fc.constant("incident"), service: fc.record({ id }) }),
  fc.record({ type: fc.string(), incident: fc.record({ id }) }),
  fc.anything(),
);
const body = fc.record({
  event: fc.record({
    id,
    event_type: fc.oneof(
      fc.constantFrom(...incidentEventTypes.map((type) => `incident.${type}`)),
      fc.string(),
    ),
    occurred_at: fc.oneof(fc.constant("2026-03-01T02:03:04Z"), fc.anything()),
    data,
  }),
});

test("whatever a reader further on makes an event of, the head says the same of, and never refuses", () => {
  fc.assert(
    fc.property(body, (webhook) => {
      const head = readWebhookHead(webhook);
      const parsed = parseWebhook(webhook, { botUser: null, automationUsers: [] });
      if (parsed.kind === "ignored")
        expect(head).toEqual({ kind: "ignored", id: parsed.id, type: parsed.type });
      if (parsed.kind !== "incident-event") return;
      const { id, type, incident } = parsed.event;
      expect(head).toEqual({ kind: "incident-event", id, type, incident });
    }),
    { numRuns: 500 },
  );
});
