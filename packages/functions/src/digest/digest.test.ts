import { createLedger, type LogEntry } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { requestOf } from "@mrdata/runtime";
import { afterEach, expect, test } from "vitest";
import { createDigest } from "./digest.ts";
import type { SendDigest } from "./post-digest.ts";

const ADDRESS = "https://hooks.example.com/services/secret-part";
const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
const logged: LogEntry[] = [];
const posted: string[] = [];
afterEach(() => {
  logged.length = 0;
  posted.length = 0;
});

const handler = (address: string | null, status = 200) => {
  const send: SendDigest = async (_, { body }) => {
    posted.push(body);
    return new Response("", { status });
  };
  const ports = {
    ledger,
    secrets: { get: () => address },
    clock: { now: () => Date.parse("2026-03-02T07:00:00Z") },
    log: (entry: LogEntry) => void logged.push(entry),
    send,
  };
  return createDigest(ports, { windowMs: 300_000, timeZone: "Europe/Berlin" });
};
const call = (address: string | null, status?: number, method = "POST") =>
  handler(address, status)(requestOf(method, "http://function/", {}, new Uint8Array()));

test("posts the week once, in the zone that is set", async () => {
  expect((await call(`${ADDRESS}\n`)).status).toBe(204);
  expect(posted).toHaveLength(1);
  expect(posted[0]).toContain("Mon 23 Feb to Mon 2 Mar (Europe/Berlin)");
  expect(logged.map(({ event, posted }) => [event, posted])).toEqual([["digest.done", true]]);
});

test("without an address there is nothing to do", async () => {
  expect((await call(null)).status).toBe(204);
  expect(posted).toEqual([]);
  expect(logged.map(({ event, posted }) => [event, posted])).toEqual([["digest.done", false]]);
});

test("a digest that was not sent is reported without the address, and fails its caller", async () => {
  expect((await call(ADDRESS, 410)).status).toBe(503);
  expect(logged).toMatchObject([{ severity: "ERROR", event: "digest.unsent" }]);
  expect(JSON.stringify(logged)).toContain("answered 410");
  expect(JSON.stringify(logged)).not.toContain("secret-part");
  expect((await call(ADDRESS, 200, "GET")).status).toBe(405);
});
