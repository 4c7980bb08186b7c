import type { Bus, BusAdmin, PushedMessage, Subscription } from "@mrdata/platform";
import { describe, expect, type TestContext, vi } from "vitest";
import { startReceiver } from "../support/push-receiver.ts";
import { type Adapter, testOf } from "./adapter.ts";

export type BusUnderTest = {
  /** Makes the subscriptions, their topics and their dead letters' topic, and begins to deliver. */
  start(
    subscriptions: readonly Subscription[],
    options?: { readonly ordered?: boolean },
  ): Promise<Bus & BusAdmin>;
  close(): Promise<void>;
};

const TOPIC = "events";
const DEADLINE = 10_000;
const PATIENCE = { timeout: 240_000, interval: 50 };

/** What publishers, functions and operators rely on, of whichever bus carries the messages. */
export function busContract(adapter: Adapter<BusUnderTest>): void {
  const test = testOf(adapter);
  const start = async (
    { onTestFinished }: TestContext,
    subscriptions: readonly Subscription[],
    options?: { readonly ordered?: boolean },
  ) => {
    const opened = await adapter.open();
    onTestFinished(() => opened.close());
    return opened.start(subscriptions, options);
  };
  const subscription = (name: string, pushEndpoint: string): Subscription => ({
    name,
    topic: TOPIC,
    pushEndpoint,
    ackDeadline: DEADLINE,
    retry: { minimum: 100, maximum: 1_000 },
    maxDeliveryAttempts: 5,
    deadLetterTopic: "dead",
  });
  const message = (text: string, orderingKey = "", attributes: Record<string, string> = {}) => ({
    data: Buffer.from(text),
    attributes,
    orderingKey,
  });
  const textOf = ({ data }: PushedMessage) => Buffer.from(data).toString();

  describe.concurrent(`messages (${adapter.name})`, () => {
    test("reach every subscription of their topic, as they were published", async (context) => {
      const [one, two] = [await startReceiver(context), await startReceiver(context)];
      const bus = await start(context, [subscription("one", one.url), subscription("two", two.url)]);
      const bytes = Buffer.from([0, 1, 254, 255]);
      const { messageId } = await bus.publish(TOPIC, {
        data: bytes,
        attributes: { event: "E1", "x-size": "4" },
        orderingKey: "P1",
      });
      for (const receiver of [one, two]) {
        await vi.waitUntil(() => receiver.pushed.length > 0, PATIENCE);
        const [got] = receiver.pushed;
        expect(Buffer.from(got?.data ?? [])).toEqual(bytes);
        expect(got).toMatchObject({ messageId, attributes: { event: "E1", "x-size": "4" } });
        expect(Math.abs((got?.publishTime ?? 0) - Date.now())).toBeLessThan(60_000);
      }
      expect(one.pushed[0]?.subscription).toMatch(/subscriptions\/one$/);
    });

    test("come again until they are taken, whatever the refusal", async (context) => {
      const answers = [500, 429, 404];
      const receiver = await startReceiver(context, () => answers.shift() ?? 204);
      const bus = await start(context, [subscription("stubborn", receiver.url)]);
      await bus.publish(TOPIC, message("again"));
      await vi.waitUntil(() => receiver.pushed.length === 4, PATIENCE);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(receiver.pushed.map(textOf)).toEqual(["again", "again", "again", "again"]);
      expect(new Set(receiver.pushed.map(({ messageId }) => messageId)).size).toBe(1);
    });

    test("come again when nobody answers before the deadline", async (context) => {
      const answers: (number | "hang")[] = ["hang"];
      const receiver = await startReceiver(context, () => answers.shift() ?? 204);
      const bus = await start(context, [subscription("slow", receiver.url)]);
      await bus.publish(TOPIC, message("patience"));
      await vi.waitUntil(() => receiver.pushed.length === 2, PATIENCE);
    });

    test("of one key keep their order, also when the first is refused", async (context) => {
      let refusals = 2;
      const receiver = await startReceiver(context, (pushed) =>
        textOf(pushed) === "a1" && refusals-- > 0 ? 503 : 204,
      );
      const bus = await start(context, [subscription("ordered", receiver.url)], { ordered: true });
      for (const text of ["a1", "b1", "a2", "b2", "a3"])
        await bus.publish(TOPIC, message(text, text.slice(0, 1)));
      const taken = () => receiver.taken.map(textOf);
      await vi.waitUntil(() => new Set(taken()).size === 5, PATIENCE);
      const first = (key: string) => [...new Set(taken())].filter((text) => text.startsWith(key));
      expect(first("a")).toEqual(["a1", "a2", "a3"]);
      expect(first("b")).toEqual(["b1", "b2"]);
    });

    test("that are refused again and again become dead letters; the others flow on", async (context) => {
      const receiver = await startReceiver(context, (pushed) => (textOf(pushed) === "poison" ? 503 : 204));
      const bus = await start(context, [subscription("refusing", receiver.url)]);
      await bus.publish(TOPIC, message("poison", "", { event: "E1" }));
      await bus.publish(TOPIC, message("wholesome"));
      await vi.waitUntil(() => receiver.taken.map(textOf).includes("wholesome"), PATIENCE);
      const letters = await vi.waitUntil(
        async () => {
          const found = await bus.deadLetters();
          return found.length > 0 ? found : null;
        },
        { timeout: 240_000, interval: 500 },
      );
      expect(letters).toHaveLength(1);
      expect(letters[0]).toMatchObject({ source: "refusing", attributes: { event: "E1" } });
      expect(letters[0]?.reason).toMatch(/503|not taken in 5 deliveries/);
      expect(Buffer.from(letters[0]?.data ?? []).toString()).toBe("poison");
      expect(receiver.pushed.filter((pushed) => textOf(pushed) === "poison").length).toBeGreaterThanOrEqual(
        5,
      );
    });

    test("that a function gives up are dead letters with the reason it wrote", async (context) => {
      const receiver = await startReceiver(context);
      const bus = await start(context, [subscription("any", receiver.url)]);
      await bus.publish("dead", message("{", "", { reason: "not JSON", source: "record" }));
      const letters = await bus.deadLetters();
      expect(letters).toHaveLength(1);
      expect(letters[0]).toMatchObject({ source: "record", reason: "not JSON" });
      expect(await bus.dropDeadLetters(["404", letters[0]?.messageId ?? ""])).toBe(1);
      expect(await bus.deadLetters()).toEqual([]);
    });

    test("are replayed from a time on, taken or not", async (context) => {
      const receiver = await startReceiver(context);
      const bus = await start(context, [subscription("replayed", receiver.url)]);
      await bus.publish(TOPIC, message("before"));
      await vi.waitUntil(() => receiver.taken.length === 1, PATIENCE);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const since = Date.now() - 500;
      await bus.publish(TOPIC, message("after 1"));
      await bus.publish(TOPIC, message("after 2"));
      await vi.waitUntil(() => receiver.taken.length === 3, PATIENCE);

      await bus.seek("replayed", since);
      await vi.waitUntil(() => receiver.taken.length >= 5, PATIENCE);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(receiver.taken.map(textOf).slice(3).sort()).toEqual(["after 1", "after 2"]);
    });

    test("that nobody took are dropped by a seek to a later time", async (context) => {
      const answers = new Map([["before", 503]]);
      const receiver = await startReceiver(context, (pushed) => answers.get(textOf(pushed)) ?? 204);
      const slow = { ...subscription("dropping", receiver.url), maxDeliveryAttempts: 100 };
      const bus = await start(context, [slow]);
      await bus.publish(TOPIC, message("before"));
      await vi.waitUntil(() => receiver.pushed.length >= 2, PATIENCE);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await bus.seek("dropping", Date.now() - 500);
      // What was under way when it was sought may come once more.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const before = receiver.pushed.length;
      await bus.publish(TOPIC, message("after"));
      await vi.waitUntil(() => receiver.taken.length === 1, PATIENCE);
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect(receiver.pushed.slice(before).map(textOf)).toEqual(["after"]);
      expect(await bus.deadLetters()).toEqual([]);
    });

    test("that were refused have all their attempts again after a seek", async (context) => {
      const receiver = await startReceiver(context, () => 503);
      const bus = await start(context, [subscription("counting", receiver.url)]);
      const since = Date.now() - 1_000;
      await bus.publish(TOPIC, message("poison"));
      await vi.waitUntil(() => receiver.pushed.length >= 3, PATIENCE);
      await bus.seek("counting", since);
      await vi.waitUntil(async () => (await bus.deadLetters()).length > 0, {
        timeout: 240_000,
        interval: 200,
      });
      // Three at least before, and five from then on.
      expect(receiver.pushed.length).toBeGreaterThanOrEqual(8);
    });

    test("too large for the bus are refused, saying how large they may be", async (context) => {
      const bus = await start(context, [subscription("large", (await startReceiver(context)).url)]);
      const large = { data: Buffer.alloc(10_000_001), attributes: {}, orderingKey: "" };
      await expect(bus.publish(TOPIC, large)).rejects.toThrow("10000000 are the most");
      await expect(bus.publish(TOPIC, message("x", "k".repeat(1_025)))).rejects.toThrow("1024");
    });

    test("are not sought in a subscription that does not exist", async (context) => {
      const bus = await start(context, [subscription("known", (await startReceiver(context)).url)]);
      await expect(bus.seek("unknown", 0)).rejects.toThrow("there is no subscription unknown");
    });
  });
}
