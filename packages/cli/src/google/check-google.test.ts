import { expect, test } from "vitest";
import { checkGoogle, type GooglePorts } from "./check-google.ts";

const TARGET = { kind: "gcp", project: "my-project", database: "mrdata" } as const;
const denied = Object.assign(new Error("7 PERMISSION_DENIED: Missing or insufficient permissions."), {
  code: 7,
});
const silent = new Error("Firestore took longer than 3500 ms");

const ports = (change: Partial<GooglePorts> = {}): GooglePorts => ({
  logIn: async () => ({ kind: "there", who: "robin@example.com" }),
  read: async () => null,
  change: async () => null,
  ...change,
});
const states = async (change: Partial<GooglePorts>) =>
  (await checkGoogle(ports(change), TARGET)).map(({ name, state }) => `${name} ${state}`);

test("an account that may read and disarm sees both checks pass, with its name", async () => {
  const checks = await checkGoogle(ports(), TARGET);
  expect(checks.map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
  for (const { sentence } of checks) expect(sentence).toContain("robin@example.com");
});

test("a refusal is distinguished from a failed check", async () => {
  const no = () => Promise.reject(denied);
  expect(await states({ change: no })).toEqual(["log-in ok", "read-ledger ok", "disarm failed"]);
  expect(await states({ read: no, change: no })).toEqual([
    "log-in ok",
    "read-ledger failed",
    "disarm failed",
  ]);
  expect(await states({ read: () => Promise.reject(silent) })).toEqual([
    "log-in ok",
    "read-ledger unknown",
    "disarm ok",
  ]);
});

test("without a log-in there is only that check", async () => {
  expect(await states({ logIn: async () => ({ kind: "none" }) })).toEqual(["log-in failed"]);
  expect(await states({ logIn: async () => ({ kind: "broken", why: "x holds none" }) })).toEqual([
    "log-in failed",
  ]);
});
