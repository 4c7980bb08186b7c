import type { DatabaseSync } from "node:sqlite";
import type { BusMessage, DeadLetter, Subscription } from "../bus.ts";
import { atomically, openDatabase, statements } from "./sqlite.ts";

/** A message on its way to one subscription. */
export type Delivery = BusMessage & {
  readonly messageId: string;
  readonly publishedAt: number;
  readonly attempts: number;
  /** When it was due. A seek changes the due time, so that an answer to this delivery does not count for the new one. */
  readonly dueAt: number;
};

/** How long messages are kept for seek, acknowledged or not: seven days, Pub/Sub's default. */
const RETENTION_MS = 7 * 86_400_000;

const schema = `
  CREATE TABLE IF NOT EXISTS subscriptions (name TEXT PRIMARY KEY, topic TEXT NOT NULL, dead_letter_topic TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, data BLOB NOT NULL, attributes TEXT NOT NULL, key TEXT NOT NULL, published_at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS messages_by_topic ON messages (topic, published_at);
  CREATE TABLE IF NOT EXISTS deliveries (subscription TEXT NOT NULL, message INTEGER NOT NULL, key TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, PRIMARY KEY (subscription, message)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deliveries_by_key ON deliveries (subscription, key, message);
`;

/**
 * The bus's tables. A delivery's row exists from publishing until it is acknowledged or dead-lettered, so a message
 * that was not acknowledged when a process died is redelivered by the next one.
 */
export function openBusTables(
  file: string,
  {
    subscriptions = [],
    trimAt = null,
  }: { readonly subscriptions?: readonly Subscription[]; readonly trimAt?: number | null } = {},
) {
  const database: DatabaseSync = openDatabase(file, (opened) => {
    opened.exec(schema);
    for (const subscription of subscriptions) subscribe(opened, subscription);
    if (trimAt !== null) trim(opened, trimAt);
  });
  const sql = statements(database);

  const insert = (topic: string, { data, attributes, orderingKey }: BusMessage, at: number): string => {
    const { lastInsertRowid } = sql(
      "INSERT INTO messages (topic, data, attributes, key, published_at) VALUES (?, ?, ?, ?, ?)",
    ).run(topic, data, JSON.stringify(attributes), orderingKey, at);
    sql("INSERT INTO deliveries SELECT name, ?, ?, 0, ? FROM subscriptions WHERE topic = ?").run(
      lastInsertRowid,
      orderingKey,
      at,
      topic,
    );
    return String(lastInsertRowid);
  };
  /** True if this delivery was still the pending one. */
  const remove = (subscription: string, { messageId, dueAt }: Delivery): boolean =>
    sql("DELETE FROM deliveries WHERE subscription = ? AND message = ? AND next_at = ?").run(
      subscription,
      Number(messageId),
      dueAt,
    ).changes > 0;

  return {
    publish: (topic: string, message: BusMessage, at: number): string =>
      atomically(database, () => insert(topic, message, at)),
    /** The next deliveries that are due, oldest first; for each ordering key only its oldest message. */
    due(subscription: string, now: number, limit: number): readonly Delivery[] {
      return sql(`
        SELECT m.id, m.data, m.attributes, m.key, m.published_at, d.attempts, d.next_at FROM deliveries d JOIN messages m ON m.id = d.message
        WHERE d.subscription = ? AND d.next_at <= ? AND (d.key = '' OR NOT EXISTS (
          SELECT 1 FROM deliveries e WHERE e.subscription = d.subscription AND e.key = d.key AND e.message < d.message))
        ORDER BY d.message LIMIT ?`)
        .all(subscription, now, limit)
        .map((row) => ({ ...messageOf(row), attempts: Number(row.attempts), dueAt: Number(row.next_at) }));
    },
    /** When the next delivery becomes due; null if none is pending. */
    nextDue(subscription: string, now: number): number | null {
      const at = sql("SELECT min(next_at) AS at FROM deliveries WHERE subscription = ? AND next_at > ?").get(
        subscription,
        now,
      )?.at;
      return typeof at === "number" ? at : null;
    },
    acknowledge: remove,
    retryAt(subscription: string, { messageId, dueAt }: Delivery, attempts: number, at: number) {
      sql(
        "UPDATE deliveries SET attempts = ?, next_at = ? WHERE subscription = ? AND message = ? AND next_at = ?",
      ).run(attempts, at, subscription, Number(messageId), dueAt);
    },
    deadLetter(
      subscription: string,
      delivery: Delivery,
      topic: string,
      attributes: BusMessage["attributes"],
      at: number,
    ) {
      atomically(database, () => {
        if (!remove(subscription, delivery)) return;
        insert(topic, { data: delivery.data, attributes, orderingKey: "" }, at);
      });
    },
    undelivered: (dueBy: number): number =>
      Number(sql("SELECT count(*) AS n FROM deliveries WHERE next_at <= ?").get(dueBy)?.n),
    /**
     * As Pub/Sub's (https://cloud.google.com/pubsub/docs/replay-overview#seek_to_a_time): messages published before `since`
     * count as acknowledged, later ones as never delivered. False if there is no such subscription.
     */
    seek(subscription: string, since: number, now: number): boolean {
      if (sql("SELECT 1 FROM subscriptions WHERE name = ?").get(subscription) === undefined) return false;
      atomically(database, () => {
        sql(
          "DELETE FROM deliveries WHERE subscription = ? AND message IN (SELECT id FROM messages WHERE published_at < ?)",
        ).run(subscription, since);
        sql(
          "INSERT OR REPLACE INTO deliveries SELECT ?, m.id, m.key, 0, ? FROM messages m JOIN subscriptions s ON s.topic = m.topic WHERE s.name = ? AND m.published_at >= ?",
        ).run(subscription, -now, subscription, since);
      });
      return true;
    },
    deadLetters(limit: number): readonly DeadLetter[] {
      return sql(
        "SELECT id, data, attributes, key, published_at FROM messages WHERE topic IN (SELECT dead_letter_topic FROM subscriptions) ORDER BY id DESC LIMIT ?",
      )
        .all(limit)
        .map(messageOf)
        .map(({ messageId, data, attributes, publishedAt }) => ({
          messageId,
          source: attributes.source ?? attributes.CloudPubSubDeadLetterSourceSubscription ?? "unknown",
          reason: attributes.reason ?? "unknown",
          data,
          attributes,
          publishedAt,
        }));
    },
    dropDeadLetters(messageIds: readonly string[]): number {
      const drop = sql(
        "DELETE FROM messages WHERE id = ? AND topic IN (SELECT dead_letter_topic FROM subscriptions) AND id NOT IN (SELECT message FROM deliveries)",
      );
      return messageIds.reduce((dropped, id) => dropped + Number(drop.run(Number(id)).changes), 0);
    },
    trim: (now: number) => trim(database, now),
    /** A number that changes when another process has written. */
    dataVersion: (): number => Number(sql("PRAGMA data_version").get()?.data_version),
    close() {
      if (database.isOpen) database.close();
    },
  };
}

/** Written only if it is new or has changed, so that a start usually needs no lock. */
function subscribe(database: DatabaseSync, { name, topic, deadLetterTopic }: Subscription): void {
  const known = database
    .prepare("SELECT 1 FROM subscriptions WHERE name = ? AND topic = ? AND dead_letter_topic = ?")
    .get(name, topic, deadLetterTopic);
  if (known !== undefined) return;
  database
    .prepare(
      "INSERT INTO subscriptions VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET topic = excluded.topic, dead_letter_topic = excluded.dead_letter_topic",
    )
    .run(name, topic, deadLetterTopic);
}

function trim(database: DatabaseSync, now: number): void {
  const old = "published_at < ? AND id NOT IN (SELECT message FROM deliveries)";
  if (database.prepare(`SELECT 1 FROM messages WHERE ${old} LIMIT 1`).get(now - RETENTION_MS) === undefined)
    return;
  database.prepare(`DELETE FROM messages WHERE ${old}`).run(now - RETENTION_MS);
}

export type BusTables = ReturnType<typeof openBusTables>;

function messageOf(row: Readonly<Record<string, unknown>>) {
  const attributes: Record<string, string> = JSON.parse(String(row.attributes));
  const data = row.data instanceof Uint8Array ? row.data : new Uint8Array();
  return {
    messageId: String(row.id),
    data,
    attributes,
    orderingKey: String(row.key),
    publishedAt: Number(row.published_at),
  };
}
