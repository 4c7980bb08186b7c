import { expect, test } from "vitest";
import { dropDeadLetters, readDeadLetters } from "./dead-letters.ts";
import type { PullSubscription, Received } from "./pull-subscription.ts";

const received = (messageId: string, seconds: number, attributes: Record<string, string> = {}): Received => ({
  ackId: `ack-${messageId}`,
  message: {
    messageId,
    attributes,
    data: Buffer.from(`data of ${messageId}`),
    publishTime: { seconds, nanos: 250_000_000 },
  },
});

/** A subscription that answers one pull after the other with these, and then with nothing. */
function scripted(...answers: (readonly Received[])[]) {
  const released: string[] = [];
  const acknowledged: string[] = [];
  const asked: number[] = [];
  const subscription: PullSubscription = {
    async pull(most) {
      asked.push(most);
      return answers[asked.length - 1] ?? [];
    },
    async release(ackIds) {
      released.push(...ackIds);
    },
    async acknowledge(ackIds) {
      acknowledged.push(...ackIds);
    },
  };
  return { subscription, released, acknowledged, asked };
}

const unknownReason = async () => null;

test("a message that a function gave up on carries the reason and the function", async () => {
  const { subscription } = scripted([received("1", 10, { reason: "not JSON", source: "record" })]);
  const [letter] = await readDeadLetters(subscription, 10, unknownReason);
  expect(letter).toEqual({
    messageId: "1",
    source: "record",
    reason: "not JSON",
    data: new Uint8Array(Buffer.from("data of 1")),
    attributes: { reason: "not JSON", source: "record" },
    publishedAt: 10_250,
  });
});

test("for a message forwarded by Pub/Sub the reason is looked up, or else the number of deliveries is given", async () => {
  const forwarded = {
    event: "E1",
    CloudPubSubDeadLetterSourceSubscription: "pd-notify-model",
    CloudPubSubDeadLetterSourceDeliveryCount: "5",
  };
  const { subscription } = scripted([received("1", 10, forwarded), received("2", 9, forwarded)]);
  const letters = await readDeadLetters(subscription, 10, async (id, attributes) =>
    id === "1" ? `${attributes.event} timed out` : null,
  );
  expect(letters.map(({ source, reason }) => [source, reason])).toEqual([
    ["pd-notify-model", "E1 timed out"],
    ["pd-notify-model", "not taken in 5 deliveries"],
  ]);
});

test("dead letters are listed newest first, each once, up to the limit, and all that were read are released", async () => {
  const { subscription, released, asked } = scripted(
    [received("1", 10)],
    [],
    [received("1", 10), received("2", 30)],
    [received("3", 20)],
  );
  const letters = await readDeadLetters(subscription, 3, unknownReason);
  expect(letters.map((letter) => letter.messageId)).toEqual(["2", "3", "1"]);
  expect(released).toEqual(["ack-1", "ack-1", "ack-2", "ack-3"]);
  expect(asked).toEqual([3, 2, 2, 1]);
});

test("what was read before a pull failed is released", async () => {
  const { subscription, released } = scripted([received("1", 10)]);
  let pulls = 0;
  const failing: PullSubscription = {
    ...subscription,
    pull: (most) => (++pulls > 1 ? Promise.reject(new Error("gone")) : subscription.pull(most)),
  };
  await expect(readDeadLetters(failing, 10, unknownReason)).rejects.toThrow("gone");
  expect(released).toEqual(["ack-1"]);
});

test("those that are dropped are acknowledged, and the others are there for the next reader", async () => {
  const { subscription, released, acknowledged } = scripted(
    [received("1", 10), received("2", 11)],
    [received("3", 12)],
  );
  expect(await dropDeadLetters(subscription, ["1", "3"])).toBe(2);
  expect(acknowledged).toEqual(["ack-1", "ack-3"]);
  expect(released).toEqual(["ack-2"]);
});

test("a missing one is looked for twice and not counted", async () => {
  const { subscription, asked } = scripted();
  expect(await dropDeadLetters(subscription, ["1"])).toBe(0);
  expect(asked).toHaveLength(2);
});

test("a reason that cannot be read costs the reason, not the list", async () => {
  const { subscription } = scripted([received("1", 10), received("2", 9)]);
  const letters = await readDeadLetters(subscription, 10, async (id) =>
    id === "1" ? Promise.reject(new Error("document failures/1 cannot be read")) : "timed out",
  );
  expect(letters.map(({ reason }) => reason)).toEqual([
    "unknown, for what was noted cannot be read: document failures/1 cannot be read",
    "timed out",
  ]);
});
