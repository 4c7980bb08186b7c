import { randomUUID } from "node:crypto";
import type { DocumentStore } from "@mrdata/platform";
import { openGoogleBus, openGoogleStore } from "@mrdata/platform/google";
import { beforeEach, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { PATIENCE_MS } from "../emulators/patience.ts";
import { pubsubAdmin } from "../emulators/pubsub-admin.ts";
import { startReceiver } from "../support/push-receiver.ts";

const emulators = inject("emulators");
const hosts = emulators.available ? emulators : { pubsubHost: "127.0.0.1:1", firestoreHost: "127.0.0.1:1" };

beforeEach((context) => {
  if (!emulators.available) context.skip(`${emulators.reason}; to have it run: ${emulators.command}`);
});

/** A project of its own keeps every test's documents and messages apart. */
const newProject = () => `test-${randomUUID().slice(0, 18)}`;

describe("documents in Firestore, beyond the contract", () => {
  type Options = {
    readonly project?: string;
    readonly transactionTimeout?: number;
    readonly retention?: number;
    readonly now?: () => number;
  };
  const open = (options: Options = {}): DocumentStore => {
    const store = openGoogleStore({
      project: newProject(),
      database: "mrdata",
      host: hosts.firestoreHost,
      timeout: PATIENCE_MS,
      ...options,
    });
    onTestFinished(() => store.close());
    return store;
  };

  test("of several documents that a transaction would make, the error names the one that was there", async () => {
    const store = open();
    await store.create("things/taken", { n: 1 });
    const work = store.transaction(async (transaction) => {
      transaction.create("things/free", { n: 2 });
      transaction.create("things/taken", { n: 2 });
    });
    await expect(work).rejects.toMatchObject({ name: "DocumentExistsError", path: "things/taken" });
    expect(await store.get("things/free")).toBeNull();
  });

  test("a transaction that was given up for its slowness writes nothing afterwards", async () => {
    const store = open({ transactionTimeout: 100 });
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const work = store.transaction(async (transaction) => {
      await transaction.get("things/late");
      await slow;
      transaction.set("things/late", { n: 1 });
    });
    await expect(work).rejects.toThrow("took longer than 100 ms");
    finish();
    // The emulator locks what was read: this write waits until the transaction has ended, one way or the other.
    await store.set("things/late", { n: 2 });
    expect((await store.get("things/late"))?.data).toEqual({ n: 2 });
  });

  test("what ages carries the time after which it may be deleted, which readers do not see; track records never do", async () => {
    const project = newProject();
    const store = open({ project, retention: 400 * 86_400_000, now: () => Date.UTC(2026, 0, 1) });
    await store.create("incidents/Q1/events/E1", { n: 1 });
    await store.transaction(async (transaction) => transaction.set("predictions/Q1", { n: 2 }));
    await store.set("records/a", { n: 3 });
    expect((await store.get("incidents/Q1/events/E1"))?.data).toEqual({ n: 1 });
    expect(await store.query({ collection: "predictions" })).toMatchObject([{ data: { n: 2 } }]);
    const raw = async (path: string): Promise<unknown> => {
      const root = `http://${hosts.firestoreHost}/v1/projects/${project}/databases/mrdata/documents`;
      return (await fetch(`${root}/${path}`)).json();
    };
    const expiry = { timestampValue: "2027-02-05T00:00:00Z" };
    expect(await raw("incidents/Q1/events/E1")).toMatchObject({ fields: { expireAt: expiry } });
    expect(await raw("predictions/Q1")).toMatchObject({ fields: { expireAt: expiry } });
    expect(await raw("records/a")).not.toHaveProperty("fields.expireAt");
  });

  test("numbers, texts and nesting come back as they were", async () => {
    const store = open();
    const data = {
      whole: 2 ** 53 - 1,
      real: 0.1 + 0.2,
      huge: 1e300,
      negative: -7,
      text: "Zürich \u{1f4df}",
      empty: "",
      list: [1, "two", { three: [3] }, null],
      map: { "with.dot": true, "service:P1/x": { deep: null } },
    };
    await store.set("things/all", data);
    expect((await store.get("things/all"))?.data).toEqual(data);
  });
});

describe("messages in Pub/Sub, beyond the contract", () => {
  const start = async () => {
    const project = newProject();
    const admin = pubsubAdmin(hosts.pubsubHost, project);
    const bus = openGoogleBus({
      project,
      host: hosts.pubsubHost,
      deadLetterSubscription: "dead-read",
      timeout: PATIENCE_MS,
    });
    onTestFinished(() => bus.close());
    await admin.topic("dead");
    await admin.pullSubscription("dead-read", "dead");
    return { admin, bus, project };
  };
  const message = (text: string, orderingKey = "", attributes: Record<string, string> = {}) => ({
    data: Buffer.from(text),
    attributes,
    orderingKey,
  });

  test("a key whose message could not be published takes messages again", async () => {
    const { admin, bus } = await start();
    await expect(bus.publish("later", message("lost", "P1"))).rejects.toThrow("NOT_FOUND");
    await admin.topic("later");
    expect((await bus.publish("later", message("kept", "P1"))).messageId).not.toBe("");
  });

  test("reading dead letters leaves them there", async () => {
    const { bus } = await start();
    const attributes = { reason: "not JSON", source: "record", originalMessageId: "7" };
    await bus.publish("dead", message("{", "", attributes));
    await bus.publish("dead", message("}", "", attributes));
    for (let i = 0; i < 2; i++) {
      const letters = await bus.deadLetters();
      expect(letters.map((letter) => Buffer.from(letter.data).toString()).sort()).toEqual(["{", "}"]);
      expect(letters[0]).toMatchObject({ source: "record", reason: "not JSON", attributes });
    }
    expect(await bus.deadLetters({ limit: 1 })).toHaveLength(1);
  });

  test("where several stacks share a project, the suffix of one ends all its names", async () => {
    const project = newProject();
    const admin = pubsubAdmin(hosts.pubsubHost, project);
    const bus = openGoogleBus({ project, host: hosts.pubsubHost, suffix: "-staging" });
    onTestFinished(() => bus.close());
    await admin.topic("pd-notify-dead-staging");
    await admin.pullSubscription("pd-notify-dead-read-staging", "pd-notify-dead-staging");
    await bus.publish("pd-notify-dead", message("{", "", { reason: "not JSON" }));
    expect(await bus.deadLetters()).toMatchObject([{ reason: "not JSON" }]);
    await expect(bus.seek("pd-notify-model", 0)).rejects.toThrow("no subscription pd-notify-model-staging");
  });

  test("a subscription that does not exist cannot be sought in, and the error says so", async () => {
    const { bus, project } = await start();
    await expect(bus.seek("no-such", 0)).rejects.toThrow(`no subscription no-such in project ${project}`);
  });

  test("Pub/Sub itself forwards what is never taken, with what the publisher wrote on it", async (context) => {
    const { admin, bus } = await start();
    const receiver = await startReceiver(context, () => 503);
    await admin.topic("events");
    await admin.pushSubscription({
      name: "events-refused",
      topic: "events",
      pushEndpoint: receiver.url,
      ackDeadline: 10_000,
      retry: { minimum: 0, maximum: 1_000 },
      maxDeliveryAttempts: 5,
      deadLetterTopic: "dead",
    });
    const { messageId } = await bus.publish("events", message("{}", "P1", { event: "E1" }));

    const letters = await vi.waitUntil(
      async () => {
        const found = await bus.deadLetters();
        return found.length > 0 ? found : null;
      },
      { timeout: 240_000, interval: 500 },
    );
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({
      source: "events-refused",
      reason: "not taken in 5 deliveries",
      attributes: { event: "E1" },
    });
    // Forwarding gives a message a new id: what is noted under the old one is found by the attributes only.
    expect(letters[0]?.messageId).not.toBe(messageId);
    expect(new Set(receiver.pushed.map((one) => one.messageId))).toEqual(new Set([messageId]));
  });
});
