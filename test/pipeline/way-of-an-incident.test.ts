import { setTimeout as sleep } from "node:timers/promises";
import { TOPIC } from "@mrdata/functions";
import { describe, expect, it } from "vitest";
import { withTestStack } from "../support/stack.ts";
import { PERSON, webhook } from "../support/webhooks.ts";

const MINUTE = 60_000;

describe("the way of an incident", () => {
  it("from the signed webhook to the stored prediction and outcome", () =>
    withTestStack(async ({ send, bus, ledger }) => {
      const at = Date.now() - 60 * MINUTE;
      expect((await send(webhook({ type: "triggered", incident: "PINC001", at }))).status).toBe(200);
      expect(
        (await send(webhook({ type: "resolved", incident: "PINC001", at: at + 2 * MINUTE }))).status,
      ).toBe(200);
      await bus.idle();
      expect((await ledger.incident("PINC001"))?.state).toMatchObject({
        outcome: "self-resolved",
        openedAt: at,
        closedAt: at + 2 * MINUTE,
        events: 2,
      });
      expect(await ledger.prediction("PINC001")).toMatchObject({
        prediction: false,
        confidence: 0,
        probability: null,
        decision: "page",
        model: "rate",
      });
    }));

  it("gives the same state for duplicates and for 'resolved' before 'triggered'", () =>
    withTestStack(async ({ send, bus, ledger }) => {
      const at = Date.now() - 60 * MINUTE;
      const told = (incident: string) => [
        webhook({ type: "triggered", incident, at }),
        webhook({ type: "acknowledged", incident, at: at + MINUTE, agent: PERSON }),
        webhook({ type: "resolved", incident, at: at + 2 * MINUTE }),
      ];
      for (const body of told("PINC001")) await send(body);
      await bus.idle();
      const [a, b, c] = told("PINC002");
      for (const body of [c, c, b, a, b, a, c]) if (body) await send(body, { "x-webhook-id": "same" });
      await bus.idle();
      const states = await Promise.all(
        ["PINC001", "PINC002"].map(async (id) => ({ ...(await ledger.incident(id))?.state, incident: "" })),
      );
      expect(states[1]).toEqual(states[0]);
      expect((await ledger.incident("PINC002"))?.events.map((event) => event.type)).toEqual([
        "triggered",
        "acknowledged",
        "resolved",
      ]);
    }));

  it("learns: after five that healed themselves the sixth is predicted to", () =>
    withTestStack(async ({ send, bus, ledger }) => {
      const start = Date.now() - 24 * 60 * MINUTE;
      for (let i = 1; i <= 6; i++) {
        const at = start + i * 60 * MINUTE;
        await send(
          webhook({
            type: "triggered",
            incident: `PINC00${i}`,
            at,
            title: `Disk ${80 + i}% full on db-${i}`,
          }),
        );
        await bus.idle();
        await send(webhook({ type: "resolved", incident: `PINC00${i}`, at: at + 2 * MINUTE }));
        await bus.idle();
      }
      expect((await ledger.prediction("PINC005"))?.abstained).toMatch(/seen 4 times/);
      const sixth = await ledger.prediction("PINC006");
      expect(sixth).toMatchObject({ prediction: true, abstained: null, features: { "alert-type.seen": 5 } });
      expect(sixth?.probability).toBeCloseTo(6 / 7, 2);
      expect(sixth?.confidence).toBe(sixth?.probability);
    }));

  it("keeps each event's number in every record it was applied to, and the versions that a prediction read", () =>
    withTestStack(async ({ send, bus, ledger }) => {
      const at = Date.now() - 60 * MINUTE;
      await send(webhook({ type: "triggered", incident: "PINC001", at }));
      await send(webhook({ type: "resolved", incident: "PINC001", at: at + MINUTE }));
      await bus.idle();
      const events = (await ledger.incident("PINC001"))?.events ?? [];
      expect(events.map((event) => Object.values(event.applied))).toEqual([
        [1, 1],
        [2, 2],
      ]);
      const read = (await ledger.prediction("PINC001"))?.asOf;
      for (const key of Object.keys(events[0]?.applied ?? {})) expect(read?.records).toHaveProperty([key]);
      expect(read?.organisation).toEqual({ hour: 0, day: 0, week: 0 });
    }));
});

describe("nothing is lost", () => {
  it("a message that can never succeed goes to the dead letters with its reason, and others flow on", () =>
    withTestStack(async ({ send, bus, ledger }) => {
      await bus.publish(TOPIC, { data: Buffer.from("not json"), attributes: {}, orderingKey: "PINC001" });
      const future = webhook({
        type: "triggered",
        incident: "PINC003",
        at: Date.now() + 100 * 24 * 60 * MINUTE,
      });
      expect((await send(future)).status).toBe(200);
      const unkeepable = webhook({ type: "triggered", incident: "..", at: Date.now() });
      expect((await send(unkeepable)).status).toBe(200);
      await send(webhook({ type: "triggered", incident: "PINC001", at: Date.now() }));
      await bus.idle();
      expect(await ledger.prediction("PINC001")).not.toBeNull();
      const dead = await bus.deadLetters();
      expect(dead.map(({ source, reason }) => `${source}: ${reason}`).sort()).toEqual([
        expect.stringMatching(/^record: '\.\.' cannot be a document id/),
        expect.stringMatching(/^record: the event says that it occurs at .* in the future/),
        "record: the message is not JSON",
        expect.stringMatching(/^respond: '\.\.' cannot be a document id/),
        expect.stringMatching(/^respond: the event says that it occurs at .* in the future/),
        "respond: the message is not JSON",
      ]);
    }));

  it("a message that keeps failing is tried again, its last error kept under its id, and others flow on", () =>
    withTestStack(async ({ send, bus, ledger, url }) => {
      const data = Buffer.from(
        JSON.stringify(webhook({ type: "triggered", incident: "PINC001", at: Date.now() })),
      ).toString("base64");
      // Straight to the function, as the bus would: the ledger refuses an event that would not fit a document.
      const envelope = (text: string, messageId: string) =>
        JSON.stringify({
          message: { data: text, attributes: {}, messageId, publishTime: new Date().toISOString() },
          subscription: "projects/local/subscriptions/s",
        });
      const huge = webhook({
        type: "annotated",
        incident: "PINC002",
        at: Date.now(),
        note: "x".repeat(300_000),
      });
      const response = await fetch(`${url}/record`, { method: "POST", body: envelope(data, "41") });
      expect(response.status).toBe(204);
      expect((await send(huge)).status).toBe(413);
      await bus.idle();
      expect(await ledger.failure("41")).toBeNull();
      expect(await ledger.incident("PINC001")).not.toBeNull();
    }));

  it("a webhook that was accepted before the stack went away is processed by the next one", async () => {
    await withTestStack(async ({ send, bus, ledger }) => {
      const at = Date.now();
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => send(webhook({ type: "triggered", incident: `PINC${i}`, at }))),
      );
      await sleep(1);
      await bus.idle();
      for (let i = 0; i < 50; i++) expect(await ledger.prediction(`PINC${i}`)).not.toBeNull();
    });
  });
});
