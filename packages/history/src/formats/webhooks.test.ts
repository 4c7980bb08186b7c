import { expect, test } from "vitest";
import { asRead, lines } from "./as-read.fixture.ts";

const webhook = (type: string, at: string, agent: object | null, change: object = {}) => ({
  event: {
    id: `E-${type}`,
    event_type: `incident.${type}`,
    resource_type: "incident",
    occurred_at: `2026-03-02T${at}Z`,
    agent,
    client: null,
    data: {
      id: "Q1",
      type: "incident",
      title: "Disk is full",
      status: type === "resolved" ? "resolved" : "triggered",
      created_at: "2026-03-02T07:30:00Z",
      service: { id: "PSVC001", type: "service_reference", summary: "Shop" },
      urgency: "high",
      ...change,
    },
  },
});
const kept = [
  webhook("triggered", "07:30:00", null),
  webhook("resolved", "07:33:00", { id: "PINT", type: "inbound_integration_reference" }),
];
const right = {
  service: "PSVC001",
  serviceName: "Shop",
  title: "Disk is full",
  createdAt: Date.parse("2026-03-02T07:30:00Z"),
  resolvedAt: Date.parse("2026-03-02T07:33:00Z"),
  resolvedBy: "integration",
};

test("stored webhooks, as JSON lines or an array, in any order and repeated", async () => {
  for (const text of [lines(...kept), JSON.stringify([...kept, ...kept].reverse(), null, 1)]) {
    const { byId, formats, recordsEscalations } = await asRead(text);
    expect(formats).toEqual(["webhooks"]);
    expect(byId.Q1).toMatchObject(right);
    expect(recordsEscalations).toBe(true);
  }
});

test("escalations by people are recorded, and events without an incident are skipped", async () => {
  const person = { id: "PUSER", type: "user_reference" };
  const { byId } = await asRead(
    lines(...kept, webhook("reassigned", "07:31:00", person), {
      event: { ...webhook("ping", "07:30:00", null).event, event_type: "pagey.ping" },
    }),
  );
  expect(byId.Q1?.takenOverAt).toBe(Date.parse("2026-03-02T07:31:00Z"));
});

test("webhooks wrapped by a receiver: the body as an object or as text", async () => {
  for (const body of [(one: object) => one, JSON.stringify]) {
    const text = lines(...kept.map((one) => ({ received_at: "2026-03-02", headers: {}, body: body(one) })));
    expect((await asRead(text)).byId.Q1).toMatchObject(right);
  }
});
