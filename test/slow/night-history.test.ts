import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readVersion, versionFiles } from "@mrdata/learning";
import { allIndexes, createLedger } from "@mrdata/platform";
import { openEmbeddedModels, openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { jsonLines, mrdata, temporaryFolder } from "../support/mrdata.ts";
import { nightsOf } from "../support/nights.ts";

test("the night as 'npm start' plays it: what a model of sixty days holds is mostly right, and nothing else is late", async () => {
  const played = await mrdata(["demo", "--json"]);
  expect(played.stderr.replace(/\s+/g, " ")).toMatch(
    /With 90 % confidence, if what comes is like the past: at most 10 % of the incidents that need a human are delayed \(of \d+ such/,
  );
  const [bot, , always, fixed] = nightsOf(played);
  if (!bot || !always || !fixed) throw new Error("a way is missing");
  expect(bot.incidents).toBeGreaterThan(5);
  expect(always.incidents).toBe(bot.incidents);
  expect(fixed.incidents).toBe(bot.incidents);
  expect(bot.held).toBeGreaterThan(0);
  expect(bot.pagesSpared).toBeGreaterThan(0);
  expect(bot.pagesSpared).toBeGreaterThan(bot.misses);
  expect(bot.misses).toBeLessThan(fixed.misses);
  // What is held and not spared is paged at the window's end, and nothing else is late.
  expect(bot.minutesOfDelay).toBeLessThanOrEqual(5 * (bot.held - bot.pagesSpared) + 0.1 * bot.paged);
});

test("the same seed tells the same again, whether in a table or a line", async () => {
  const args = ["demo", "--days", "2", "--seed", "5"];
  const nights = nightsOf(await mrdata([...args, "--json"]));
  const { stdout } = await mrdata(args);
  const table = nights.map((row) =>
    [
      row.incidents,
      row.held,
      row.pagedAtOnce,
      row.pagedLater,
      row.misses,
      row.minutesOfDelay.toFixed(1),
      row.pagesSpared,
    ].join(" "),
  );
  const printed = stdout.trimEnd().split("\n").slice(1, -1);
  expect(printed.map((line) => line.slice(26).trim().split(/ +/).join(" "))).toEqual(table);
});

test("what a night and the days before it left in the ledger is history: backtest, train and explain work on it", async () => {
  const home = temporaryFolder();
  expect((await mrdata(["demo", "--days", "8", "--home", home])).code).toBe(0);

  const page = join(home, "backtest.html");
  const tried = await mrdata(["backtest", "--home", home, "--refits", "2", "--json", "--html", page]);
  expect(tried.code).toBe(0);
  const figures = Object(jsonLines(tried.stdout)[0]);
  expect(figures).toMatchObject({ file: home, window: 300, bad: 0, auc: { value: expect.any(Number) } });
  expect(figures.incidents).toBeGreaterThan(300);
  // The services' names of the night, and not one of them is left out.
  expect(figures.byService.reduce((sum: number, { scored }: { scored: number }) => sum + scored, 0)).toBe(
    figures.scored,
  );
  expect(readFileSync(page, "utf8")).toContain("PSVC");

  const trained = await mrdata(["train", "--home", home, "--refits", "2", "--json"]);
  expect(trained.code).toBe(0);
  expect(jsonLines(trained.stdout)[0]).toMatchObject({
    version: "v2",
    promoted: false,
    card: { window: 300, figures: { scored: expect.any(Number) } },
  });
  const models = openEmbeddedModels({ dir: join(home, "models") });
  for (const file of versionFiles) expect(await models.read("v2", file), file).not.toBeNull();
  expect((await readVersion((file) => models.read("v2", file))).card.incidents).toBeGreaterThan(300);

  const ledger = createLedger(openEmbeddedStore({ file: join(home, "ledger.sqlite"), indexes: allIndexes }));
  const [prediction] = await ledger.predictions({ limit: 1 });
  expect(await ledger.alias("champion")).toBe("v1");
  await ledger.close();
  const explained = await mrdata(["explain", prediction?.incident ?? "", "--home", home, "--json"]);
  expect(jsonLines(explained.stdout)[0]).toMatchObject({
    incident: prediction?.incident,
    decision: prediction?.decision,
    similar: expect.any(Array),
  });
});
