import { parseWebhook, verifySignature } from "@mrdata/pagerduty";
import { describe, expect, test } from "vitest";
import type { DeliverRequest } from "./delivery.ts";
import { HOUR, MINUTE, START, startDouble } from "./double.fixture.ts";

const SECRET = "a-secret-of-the-test";
const EVENTS = ["triggered", "acknowledged", "resolved", "escalated", "annotated"].map(
  (type) => `incident.${type}`,
);

type Received = {
  readonly at: number;
  readonly type: string;
  readonly id: string | null;
  readonly text: string;
};

/** A double with one subscription; `answer` is asked for the status of every delivery. */
function start(answer: (received: Received) => number | "hang" = () => 204, seed = 0.5) {
  const received: Received[] = [];
  const late: { now: () => number } = { now: () => START };
  const deliverWebhook: DeliverRequest = async ({ headers, body }) => {
    const bytes = Buffer.from(body);
    const verdict = verifySignature(bytes, headers["x-pagerduty-signature"] ?? null, [SECRET]);
    const text = bytes.toString();
    const { event } = JSON.parse(text);
    const one = { at: late.now(), type: event.event_type, id: headers["x-webhook-id"] ?? null, text };
    received.push(one);
    expect(verdict).toBe(true);
    const status = answer(one);
    if (status === "hang") return new Promise(() => {});
    return { status };
  };
  const started = startDouble({ deliverWebhook, seed });
  late.now = () => started.clock.now();
  const { id } = started.double.subscribe({ url: "http://receiver/", secret: SECRET, events: EVENTS });
  const types = () => received.map(({ type }) => type.replace("incident.", ""));
  return { ...started, received, types, subscription: id };
}

describe("webhooks", () => {
  test("are signed, in order for one incident, and only what was subscribed to", async () => {
    const { double, open, after, types, received } = start();
    const id = open();
    double.acknowledge(id, "PANNA");
    double.setPriority(id, "PANNA", "PP1");
    double.addNote(id, "PANNA", "looking");
    double.resolve(id, "PANNA");
    await after(1);
    expect(types()).toEqual(["triggered", "acknowledged", "annotated", "resolved"]);
    expect(new Set(received.map((one) => one.id)).size).toBe(4);
  });

  test("are what our own parser reads, each with its actor", async () => {
    const { double, open, after, received } = start();
    const id = open("PTIMED");
    double.acknowledge(id, "PANNA");
    await after(5 * 60);
    const actors = received.map(({ text }) => {
      const parsed = parseWebhook(JSON.parse(text), { botUser: "PBEN" });
      return parsed.kind === "incident-event" ? [parsed.event.type, parsed.event.actor] : parsed.kind;
    });
    expect(actors.slice(0, 2)).toEqual([
      ["triggered", "integration"],
      ["acknowledged", "human"],
    ]);
    expect(actors).toContainEqual(["escalated", "automation"]);
    expect(actors.at(-1)).toEqual(["resolved", "automation"]);
  });

  test.each([429, 500, 503])(
    "come again while the answer is %i, for 48 hours; later ones of the incident wait",
    async (status) => {
      const { double, open, clock, received, types } = start(() => status);
      const id = open();
      double.acknowledge(id, "PANNA");
      await clock.run(START + 47 * HOUR);
      expect(new Set(types())).toEqual(new Set(["triggered"]));
      expect(received.length).toBeGreaterThan(10);
      await clock.run(START + 200 * HOUR);
      const lastOfFirst = received.findLast(({ type }) => type === "incident.triggered");
      expect((lastOfFirst?.at ?? 0) - START).toBeLessThanOrEqual(48 * HOUR);
      expect(double.webhooksWaiting()).toBe(0);
    },
  );

  test("a receiver that hangs has five seconds", async () => {
    let hangs = 1;
    const { open, after, received, double } = start(() => (hangs-- > 0 ? "hang" : 204));
    open();
    await after(2);
    expect(received).toHaveLength(2);
    expect(double.deliveries.map(({ answer }) => answer)).toEqual(["timeout", 204]);
    expect((received[1]?.at ?? 0) - START).toBeGreaterThan(5_000);
  });

  test("one incident that waits does not keep back another", async () => {
    const { open, after, received } = start(({ text }) => (text.includes("Stuck") ? 500 : 204));
    open("PHIGH", "a", "Stuck");
    open("PHIGH", "b", "Flowing");
    await after(1);
    expect(received.some(({ text }) => text.includes("Flowing"))).toBe(true);
  });

  test("refused with another 4xx they are dropped; three in a row disable the subscription for a day and drop what waits", async () => {
    let status = 403;
    const { double, open, clock, after, types, received, ask, subscription } = start(() => status);
    for (const key of ["a", "b", "c", "d"]) {
      double.resolve(open("PHIGH", key), "PANNA");
    }
    await after(1);
    expect(received).toHaveLength(3);
    expect(double.webhooksWaiting()).toBe(0);
    status = 204;
    open("PHIGH", "during");
    await clock.run(START + 23 * HOUR);
    expect(received).toHaveLength(3);
    await clock.run(START + 24 * HOUR + MINUTE);
    open("PHIGH", "after");
    await clock.run(START + 24 * HOUR + 2 * MINUTE);
    expect(types().slice(3)).toEqual(["triggered"]);

    const { body } = await ask("GET", `/webhook_subscriptions/${subscription}`);
    expect(body).toMatchObject({ webhook_subscription: { id: subscription, active: true } });
  });

  test("two drops and then one that arrives start the count anew", async () => {
    const answers = [403, 403, 204, 403, 403];
    const { double, open, after, received } = start(() => answers.shift() ?? 204);
    for (const key of ["a", "b", "c", "d", "e", "f"]) open("PHIGH", key);
    await after(1);
    expect(received).toHaveLength(6);
    expect(double.deliveries.at(-1)?.answer).toBe(204);
  });

  test("may come twice, late, or not in order, when that is asked for", async () => {
    const { double, open, after, received } = start();
    double.faults.set({ webhooks: "duplicate", webhookDelay: 30_000 });
    open();
    await after(2);
    expect(received).toHaveLength(2);
    expect(new Set(received.map(({ text }) => text)).size).toBe(1);
  });

  test("the same seed gives the same webhooks byte for byte; another gives others", async () => {
    const night = async (seed: number) => {
      const { double, open, clock, received } = start(() => 204, seed);
      double.faults.set({ webhooks: "unordered", webhookProbability: 0.5 });
      for (const key of ["a", "b", "c"]) double.acknowledge(open("PHIGH", key), "PANNA");
      open("PTIMED", "d");
      await clock.run(START + 5 * HOUR);
      return received.map(({ at, text }) => `${at} ${text}`);
    };
    const [first, again, other] = [await night(0.25), await night(0.25), await night(0.75)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
