import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultSettings, type Ledger } from "@mrdata/platform";
import { localFiles } from "@mrdata/runtime";
import { expect, test } from "vitest";
import { withHomeLedger } from "../support/home-ledger.ts";
import { asLines, madeHistory } from "../support/made-history.ts";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

/** A home whose bot has noted that it works with a hold window of ten minutes, and a history to take into it. */
async function tenMinuteBot() {
  const home = temporaryFolder();
  const file = join(temporaryFolder(), "history.ndjson");
  writeFileSync(file, asLines(madeHistory(240)));
  const withLedger = <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => withHomeLedger(home, work);
  mkdirSync(home, { recursive: true });
  await withLedger((ledger) => ledger.noteDeployment({ at: 0, environment: { MRDATA_WINDOW: "600s" } }));
  return {
    file,
    withLedger,
    run: (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      mrdataHere([...args, "--home", home], { env }),
    /** The windows that the ledger's track records are of. */
    windows: () => {
      const text = readFileSync(localFiles(home).ledger, "latin1");
      return [...new Set([...text.matchAll(/:(\d+s):\d/g)].map(([, window]) => window))];
    },
  };
}

test("a history is imported for the window that the bot works with, whatever the shell says", async () => {
  const bot = await tenMinuteBot();
  const refused = await bot.run(["import", bot.file], { MRDATA_WINDOW: "5m" });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    "the bot works with a hold window of 600 s, and MRDATA_WINDOW here says 300 s",
  );
  expect((await bot.run(["import", bot.file])).code).toBe(0);
  expect(bot.windows()).toEqual(["600s"]);
});

test("a model is trained, promoted and looked at for the bot's window, and one for another is not made champion", async () => {
  const bot = await tenMinuteBot();
  const refused = await bot.run(["train", bot.file, "--window", "5m", "--promote"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("hold window of 600 s, and --window says 300 s");
  await bot.withLedger((ledger) =>
    ledger.saveSettings({
      ...defaultSettings,
      missBudget: 0.02,
      certificate: { delta: 0.2, days: 90 },
    }),
  );
  const trained = await bot.run(["train", bot.file, "--refits", "1", "--promote", "--even-so", "--json"]);
  // The certificate is for what the bot may spend before it disarms itself.
  expect([trained.code, JSON.parse(trained.stdout)]).toMatchObject([
    0,
    {
      version: "v1",
      promoted: true,
      card: { window: 600, rule: { missBudget: 0.02 }, certificateDays: 90, windows: { length: 6 } },
    },
  ]);
  expect(await bot.withLedger((ledger) => ledger.alias("champion"))).toBe("v1");
  // To have one ready before the bot's own window changes is no mistake; to go back to it is.
  const other = await bot.run(["train", bot.file, "--window", "5m", "--refits", "1", "--json"]);
  expect(other.code).toBe(0);
  await bot.withLedger(async (ledger) => {
    await ledger.promote("v2");
    await ledger.promote("v1");
  });
  const back = await bot.run(["models", "rollback"]);
  expect(back.code).toBe(1);
  expect(back.stderr).toContain("v2 was trained for a window of 300 s, and the functions work with 600 s");

  // So it is promoted and looked at, whatever the shell says.
  const shell = { MRDATA_WINDOW: "5m" };
  const { version } = JSON.parse(other.stdout);
  const wrong = await bot.run(["models", "promote", version], shell);
  expect([wrong.code, wrong.stderr]).toMatchObject([
    1,
    expect.stringContaining("the functions work with 600 s"),
  ]);
  await bot.withLedger((ledger) => ledger.promote(version));
  expect((await bot.run(["models", "promote", "v1", "--even-so"], shell)).code).toBe(0);
  const looked = await bot.run(["doctor", "--json"], shell);
  expect(JSON.parse(looked.stdout).checks).toContainEqual(
    expect.objectContaining({ name: "champion", subject: "v1", state: "ok" }),
  );
});
