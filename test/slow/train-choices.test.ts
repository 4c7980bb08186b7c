import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asLines, realHistory } from "../support/made-history.ts";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

test("training on a past of which nothing can be held ends in a choice, and in no champion", async () => {
  const home = temporaryFolder();
  const file = join(home, "history.ndjson");
  writeFileSync(file, asLines(realHistory(200)));
  const { code, stdout, stderr } = await mrdataHere([
    "train",
    file,
    "--home",
    home,
    "--refits",
    "2",
    "--promote",
  ]);
  expect(code).toBe(4);
  expect(stdout).toContain("There is nothing to choose from: of");
  expect(stdout).toContain("Nothing that could be set would let anything of this be held");
  expect(stderr).toMatch(/--even-so/);
  const models = await mrdataHere(["models", "list", "--home", home, "--json"]);
  expect(models.stdout).not.toMatch(/"champion":"v/);
});
