import { createLedger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { grantLedger } from "./grant-ledger.ts";

const refuse = (need: string): never => {
  throw new Error(`refused ${need}`);
};
const whole = () => createLedger(openEmbeddedStore({ file: ":memory:" }));

test("granted calls work, and others are refused with the name of the missing grant", async () => {
  const ledger = grantLedger(whole(), { decisions: "read", settings: "write" }, refuse);
  expect(await ledger.prediction?.("P1")).toBeNull();
  expect((await ledger.changeSettings?.((settings) => settings))?.disarmed).toBeNull();
  await expect(ledger.claimNote?.("P1", 0)).rejects.toThrow("refused ledger.decisions: write");
  await expect(ledger.alias?.("champion")).rejects.toThrow("refused ledger.aliases: read");
  expect(() => ledger.pastIncidents?.()).toThrow("refused ledger.timelines: read");
  await ledger.close();
});

test("training jobs can be granted read-only", async () => {
  const ledger = grantLedger(whole(), { training: "read" }, refuse);
  expect(await ledger.training?.jobs({ limit: 1 })).toEqual([]);
  await expect(ledger.training?.noteProblem("job", "task", "why")).rejects.toThrow(
    "refused ledger.training: write",
  );
  const none = grantLedger(whole(), {}, refuse);
  await expect(none.training?.jobs({ limit: 1 })).rejects.toThrow("refused ledger.training: read");
});

test("a copy of its calls refuses in the same way", async () => {
  const copied = { ...grantLedger(whole(), { decisions: "read" }, refuse) };
  expect(await copied.prediction?.("P1")).toBeNull();
  await expect(copied.settings?.()).rejects.toThrow("refused ledger.settings: read");
});

test("without a ledger everything except close is refused", async () => {
  const ledger = grantLedger(null, {}, refuse);
  await expect(ledger.settings?.()).rejects.toThrow("refused ledger.settings: read");
  await expect(ledger.close()).resolves.toBeUndefined();
});
