import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openGoogleBus } from "./bus.ts";
import { openGoogleStore } from "./document-store.ts";

// A service that accepts the connection and never answers: the worst kind of outage.
let silent: Server;
let host: string;
const sockets = new Set<Socket>();
beforeEach(async () => {
  vi.stubEnv("FIRESTORE_EMULATOR_HOST", undefined);
  vi.stubEnv("PUBSUB_EMULATOR_HOST", undefined);
  silent = createServer((socket) => {
    socket.on("error", () => {});
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise((resolve) => silent.close(resolve));
});

test("a call to a store that does not answer times out with an error that names the operation", async () => {
  const store = openGoogleStore({ project: "p", database: "d", host, timeout: 50, transactionTimeout: 50 });
  await expect(store.get("incidents/P1")).rejects.toThrow("Firestore: reading incidents/P1 took longer");
  await expect(store.set("incidents/P1", { a: 1 })).rejects.toThrow("writing incidents/P1 took longer");
  await expect(store.query({ collection: "incidents" })).rejects.toThrow("querying incidents took longer");
  await expect(store.transaction((transaction) => transaction.get("incidents/P1"))).rejects.toThrow(
    "a transaction took longer",
  );
  // It is still retrying: closing it must not throw an uncatchable error.
  await store.close();
});

test("a message that cannot be published is refused, on the same key time and again", async () => {
  const bus = openGoogleBus({ project: "p", host, timeout: 50 });
  const message = { data: Buffer.from("{}"), attributes: {}, orderingKey: "P1" };
  for (let i = 0; i < 2; i++) await expect(bus.publish("pd-notify", message)).rejects.toThrow("exceeded 50");
  await bus.close();
});

test("a message that is too large is refused before it is sent", async () => {
  const bus = openGoogleBus({ project: "p", host });
  const message = { data: new Uint8Array(10_000_001), attributes: {}, orderingKey: "" };
  await expect(bus.publish("pd-notify", message)).rejects.toThrow(RangeError);
  await bus.close();
});

test("paths and data that Firestore could not keep are refused before they are sent", async () => {
  const store = openGoogleStore({ project: "p", database: "d", host });
  await expect(store.set("incidents", {})).rejects.toThrow(RangeError);
  await expect(store.get("incidents/__x__")).rejects.toThrow(RangeError);
  await expect(store.set("incidents/P1", { n: Number.NaN })).rejects.toThrow("field 'n'");
  await expect(store.create("incidents/P1", { n: [[1]] })).rejects.toThrow("list directly in a list");
  await store.close();
});
