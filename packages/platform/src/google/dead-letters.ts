import { messageOf } from "@mrdata/base";
import type { DeadLetter } from "../bus.ts";
import type { PullSubscription, Received } from "./pull-subscription.ts";

/**
 * Looks up why a message failed. Pub/Sub's forwarding does not record a reason and wraps the message
 * in a new one with a new id (https://cloud.google.com/pubsub/docs/dead-letter-topics); the publisher's
 * `attributes` are kept.
 */
export type ReasonOf = (
  messageId: string,
  attributes: Readonly<Record<string, string>>,
) => Promise<string | null>;

/** Reads up to `limit` dead letters, newest first, without removing them. */
export async function readDeadLetters(
  subscription: PullSubscription,
  limit: number,
  reasonOf: ReasonOf,
): Promise<readonly DeadLetter[]> {
  const found = new Map<string, Received>();
  const leased: string[] = [];
  try {
    // A single pull without anything new may be chance: Pub/Sub answers from only some of its servers.
    for (let nothing = 0; found.size < limit && nothing < 2; ) {
      const before = found.size;
      for (const one of await subscription.pull(limit - found.size)) {
        if (one.ackId) leased.push(one.ackId);
        found.set(one.message?.messageId ?? "", one);
      }
      if (found.size === before) nothing++;
    }
  } finally {
    await subscription.release(leased);
  }
  const letters = await Promise.all([...found.values()].map((one) => letterOf(one, reasonOf)));
  return letters.toSorted((a, b) => b.publishedAt - a.publishedAt);
}

/** If a reason cannot be read, only the reason is missing, not the list. */
async function reasonNoted(reasonOf: ReasonOf, ...of: Parameters<ReasonOf>): Promise<string | null> {
  try {
    return await reasonOf(...of);
  } catch (error) {
    return `unknown, for what was noted cannot be read: ${messageOf(error)}`;
  }
}

/** Deletes these dead letters and leaves the others; returns how many of them existed. */
export async function dropDeadLetters(
  subscription: PullSubscription,
  messageIds: readonly string[],
): Promise<number> {
  const wanted = new Set(messageIds);
  const dropped = new Set<string>();
  const others: string[] = [];
  try {
    for (let nothing = 0; dropped.size < wanted.size && nothing < 2; ) {
      const pulled = await subscription.pull(1_000);
      if (pulled.length === 0) nothing++;
      const found = pulled.filter((one) => wanted.has(one.message?.messageId ?? ""));
      await subscription.acknowledge(found.flatMap(({ ackId }) => (ackId ? [ackId] : [])));
      for (const { message } of found) dropped.add(message?.messageId ?? "");
      for (const one of pulled) if (one.ackId && !found.includes(one)) others.push(one.ackId);
    }
  } finally {
    await subscription.release(others);
  }
  return dropped.size;
}

async function letterOf({ message }: Received, reasonOf: ReasonOf): Promise<DeadLetter> {
  const attributes = { ...message?.attributes };
  const messageId = message?.messageId ?? "";
  const data = message?.data;
  const { seconds, nanos } = message?.publishTime ?? {};
  return {
    messageId,
    source: attributes.source ?? attributes.CloudPubSubDeadLetterSourceSubscription ?? "unknown",
    reason:
      attributes.reason ??
      (await reasonNoted(reasonOf, attributes.originalMessageId ?? messageId, attributes)) ??
      undelivered(attributes.CloudPubSubDeadLetterSourceDeliveryCount),
    data: typeof data === "string" ? Buffer.from(data, "base64") : new Uint8Array(data ?? []),
    attributes,
    publishedAt: Number(String(seconds ?? 0)) * 1_000 + Math.floor((nanos ?? 0) / 1e6),
  };
}

const undelivered = (count: string | undefined): string =>
  count === undefined ? "unknown" : `not taken in ${count} deliveries`;
