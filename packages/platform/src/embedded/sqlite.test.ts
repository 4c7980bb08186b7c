import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../clock.ts";
import { openEmbeddedBus, openEmbeddedPublisher } from "./bus.ts";
import { openEmbeddedStore } from "./document-store.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "mrdata-sqlite-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const modesOf = (file: string): readonly string[] =>
  [file, `${file}-wal`, `${file}-shm`]
    .filter((one) => existsSync(one))
    .map((one) => (statSync(one).mode & 0o777).toString(8));

/** Locks the file for writing as another program does, until the answer is called. */
function locked(file: string): () => void {
  const other = new DatabaseSync(file);
  other.exec("BEGIN IMMEDIATE");
  onTestFinished(() => {
    if (other.isOpen) other.close();
  });
  return () => {
    other.exec("COMMIT");
    other.close();
  };
}

/** The longest time in which this thread did nothing else, milliseconds. */
function longestPause(): () => number {
  let last = performance.now();
  let longest = 0;
  const watch = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  return () => {
    clearInterval(watch);
    return longest;
  };
}

test("only the owner can read ledger and bus, whatever the folder's permissions, even if the files were readable by all before", async () => {
  const home = folder();
  chmodSync(home, 0o755);
  const [ledger, bus] = [join(home, "ledger.sqlite"), join(home, "bus.sqlite")];
  writeFileSync(ledger, "", { mode: 0o644 });
  const store = openEmbeddedStore({ file: ledger });
  const publisher = openEmbeddedPublisher({ file: bus, clock: systemClock });
  await store.set("things/one", { a: 1 });
  await publisher.publish("t", { data: Buffer.from("{}"), attributes: {}, orderingKey: "" });
  for (const file of [ledger, bus]) expect(modesOf(file)).toEqual(["600", "600", "600"]);
  await store.close();
  await publisher.close();
});

test("a write waits for a lock beside everything else, reads go on, and what was waited for is kept in order", async () => {
  const file = join(folder(), "ledger.sqlite");
  const store = openEmbeddedStore({ file });
  onTestFinished(() => store.close());
  await store.set("things/one", { n: 0 });
  const unlock = locked(file);
  const pause = longestPause();
  const writes = Promise.all([1, 2, 3].map((n) => store.set("things/one", { n })));
  expect((await store.get("things/one"))?.data).toEqual({ n: 0 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  unlock();
  await writes;
  expect((await store.get("things/one"))?.data).toEqual({ n: 3 });
  expect(pause()).toBeLessThan(2_000);
});

test("the lock timeout ends with SQLite's own error, for all waiters at about the same time", async () => {
  const file = join(folder(), "ledger.sqlite");
  const store = openEmbeddedStore({ file, lockTimeoutMs: 300 });
  onTestFinished(() => store.close());
  locked(file);
  const one = store.set("things/one", { n: 1 });
  await new Promise((resolve) => setTimeout(resolve, 250));
  const two = store.create("things/two", { n: 2 });
  const began = performance.now();
  for (const waiting of [one, two]) await expect(waiting).rejects.toThrow("database is locked");
  // The lock has already lasted for most of the timeout, which new work does not restart.
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("files that were prepared before are opened while another program writes to them", async () => {
  const home = folder();
  const [ledger, bus] = [join(home, "ledger.sqlite"), join(home, "bus.sqlite")];
  const subscriptions = [
    {
      name: "s",
      topic: "t",
      pushEndpoint: "http://127.0.0.1:1/",
      ackDeadline: 10_000,
      retry: { minimum: 1_000, maximum: 10_000 },
      maxDeliveryAttempts: 5,
      deadLetterTopic: "dead",
    },
  ];
  const indexes = [{ collection: "things", fields: [{ field: "a", direction: "asc" as const }] }];
  await openEmbeddedStore({ file: ledger, indexes }).close();
  await openEmbeddedBus({ file: bus, clock: systemClock, subscriptions }).close();
  locked(ledger);
  locked(bus);
  const began = performance.now();
  const store = openEmbeddedStore({ file: ledger, indexes });
  const again = openEmbeddedBus({ file: bus, clock: systemClock, subscriptions });
  expect(await store.get("things/one")).toBeNull();
  expect(performance.now() - began).toBeLessThan(4_000);
  await store.close();
  await again.close();
});
