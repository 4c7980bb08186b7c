import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failureOf, LEDGER_SUBSCRIPTION, startLocalStack, TOPIC } from "@mrdata/functions";
import { systemClock } from "@mrdata/platform";
import { openEmbeddedPublisher, openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { fastClock, withTestStack } from "../support/stack.ts";
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
      // Five of five, pulled to what the service and the organisation are like.
      expect(sixth?.probability).toBeCloseTo(0.959, 2);
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
        [1, 1, 1, 1, 1],
        [2, 2, 2, 2, 2],
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

  it("a message that keeps failing is tried again, then a dead letter with its last error, and others flow on", () =>
    withTestStack(
      async ({ send, bus, ledger, home, logged }) => {
        // A document that nobody of this program wrote: whoever reads it fails, today and tomorrow.
        const store = openEmbeddedStore({ file: localFiles(home).ledger });
        await store.set("incidents/PBROKEN", { incident: "PBROKEN" });
        await store.set("incidents/PBROKEN/events/E0", { id: "E0" });
        await store.close();
        for (const incident of ["PBROKEN", "PINC001"])
          expect((await send(webhook({ type: "triggered", incident, at: Date.now() }))).status).toBe(200);
        await bus.idle();

        const [letter, ...others] = (await bus.deadLetters()).filter(({ source }) => source !== "respond");
        expect(others).toEqual([]);
        expect(letter?.reason).toContain("document incidents/PBROKEN/events/E0 cannot be read");
        const failures = logged.filter(
          ({ event, subscription }) => event === "push.failed" && subscription === LEDGER_SUBSCRIPTION,
        );
        // Its id is that of the last one given up; another may have been too slow once, on a busy machine.
        const failed = failures.find(({ attempt }) => attempt === 10)?.messageId;
        const tries = failures.filter(({ messageId }) => messageId === failed);
        expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        // Under the event that failed: Pub/Sub would forward the message under another id.
        const of = failureOf("record", { attributes: letter?.attributes ?? {}, messageId: "" });
        expect(await ledger.failure(of)).toEqual({
          reason: expect.stringContaining("document incidents/PBROKEN/events/E0 cannot be read"),
          source: "record",
          at: expect.any(Number),
        });
        expect((await ledger.incident("PINC001"))?.events).toHaveLength(1);
        expect(await ledger.prediction("PINC001")).not.toBeNull();
      },
      {},
      () => {},
      // Four minutes of waits; and a minute, the most that an answer may take, is still a second.
      fastClock(60),
      { maxDeliveryAttempts: 10 },
    ));

  it("what was accepted before the stack went away is processed by the next one", async () => {
    const home = mkdtempSync(join(tmpdir(), "mrdata-next-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const start = () => startLocalStack({ home, port: 0, clock: systemClock, log: () => {}, env: {} });
    await (await start()).close();
    // As another process with `receive` does while nobody delivers.
    const publisher = openEmbeddedPublisher({ file: localFiles(home).bus, clock: systemClock });
    const incidents = Array.from({ length: 50 }, (_, i) => `PINC${i}`);
    for (const incident of incidents) {
      const data = Buffer.from(JSON.stringify(webhook({ type: "triggered", incident, at: Date.now() })));
      await publisher.publish(TOPIC, { data, attributes: {}, orderingKey: incident });
    }
    await publisher.close();
    const next = await start();
    await next.bus.idle();
    for (const incident of incidents) {
      expect(await next.ledger.prediction(incident)).not.toBeNull();
      expect((await next.ledger.incident(incident))?.events).toHaveLength(1);
    }
    await next.close();
  });
});
