import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readVersion, versionFiles } from "@mrdata/learning";
import { allIndexes, createLedger } from "@mrdata/platform";
import { openEmbeddedModels, openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { jsonLines, mrdata, temporaryFolder } from "../support/mrdata.ts";

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

  const trained = await mrdata(["train", "--home", home, "--refits", "2", "--promote", "--json"]);
  expect(trained.code).toBe(0);
  expect(jsonLines(trained.stdout)[0]).toMatchObject({
    version: "v1",
    promoted: true,
    card: { window: 300, figures: { scored: expect.any(Number) } },
  });
  const models = openEmbeddedModels({ dir: join(home, "models") });
  for (const file of versionFiles) expect(await models.read("v1", file), file).not.toBeNull();
  expect((await readVersion((file) => models.read("v1", file))).card.incidents).toBeGreaterThan(300);

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
