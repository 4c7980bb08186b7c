import { createLedger, type Ledger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, onTestFinished, test } from "vitest";
import { demoteChampion, rollBack } from "../../packages/cli/src/models/roll-back.ts";
import { sureVersion } from "../support/sure-version.ts";
import { modelsOf } from "../support/trained-version.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");
const version = sureVersion(NOW);
const models = modelsOf({ v1: version, v2: version, v3: version });

async function bot() {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  onTestFinished(() => ledger.close());
  await ledger.promote("v1");
  await ledger.promote("v2");
  const paused = async () => (await ledger.training.state()).paused?.why ?? null;
  return { ledger, paused };
}
const ways: readonly [string, (ledger: Ledger) => Promise<unknown>, string][] = [
  [
    "a rollback",
    (ledger) => rollBack({ ledger, models, windowMs: 300_000 }, NOW),
    "v2 was rolled back to v1",
  ],
  ["a demotion", (ledger) => demoteChampion({ ledger }, NOW), "v2 was demoted"],
];

test.each(ways)(
  "%s pauses before it changes the champion: a write that fails leaves it paused",
  async (_what, go, why) => {
    const { ledger, paused } = await bot();
    const fails = async () => Promise.reject(new Error("the ledger is down"));
    await expect(go({ ...ledger, promote: fails, demote: fails })).rejects.toThrow("the ledger is down");
    expect(await paused()).toBe(why);
    expect(await ledger.alias("champion")).toBe("v2");
    await go(ledger);
    expect(await ledger.alias("champion")).not.toBe("v2");
    expect(await paused()).toBe(why);
  },
);

test.each(ways)("%s changes nothing where the pause cannot be kept", async (_what, go) => {
  const { ledger, paused } = await bot();
  const changeState = async () => Promise.reject(new Error("the ledger is down"));
  await expect(go({ ...ledger, training: { ...ledger.training, changeState } })).rejects.toThrow();
  expect([await ledger.alias("champion"), await paused()]).toEqual(["v2", null]);
});

test.each(ways)(
  "%s that a training overtakes says so, stays paused, and goes back from nothing else",
  async (_what, go) => {
    const { ledger, paused } = await bot();
    const changeState: typeof ledger.training.changeState = async (change) => {
      await ledger.promote("v3");
      return ledger.training.changeState(change);
    };
    await expect(go({ ...ledger, training: { ...ledger.training, changeState } })).rejects.toThrow(
      /^v3 became champion meanwhile, in place of v2, and stays/,
    );
    expect(await ledger.alias("champion")).toBe("v3");
    expect(await paused()).not.toBeNull();
  },
);
