import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const file = (text: string): string => {
  const path = join(temporaryFolder(), "titles.txt");
  writeFileSync(path, text);
  return path;
};

test("names --json gives a line per title, with three levels, without any ledger", async () => {
  const titles = file("\ufeffPod web-x2k4p on 10.0.0.1 crashed\r\nDisk full\u2028 on db-17\n\nHTTP 503");
  const { code, stdout } = await mrdataHere(["names", titles, "--json"]);
  expect(code).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      title: "Pod web-x2k4p on 10.0.0.1 crashed",
      levels: ["pod web-<id> on 10.0.0.1 crashed", "pod web-<id> on <ip> crashed", "pod web on crashed"],
    },
    {
      title: "Disk full\u2028 on db-17",
      levels: ["disk full on db-17", "disk full on db<n>", "disk full on db"],
    },
    { title: "HTTP 503", levels: ["http 503", "http <n>", "http"] },
  ]);
});

test("names says what each level takes out, and why", async () => {
  const { stdout } = await mrdataHere(["names", file("Backup of 2024-05-20 on db-17 failed")]);
  expect(stdout).toContain(
    "'2024-05-20' became '<date>': a date or a time of the day is another one each time",
  );
  expect(stdout).toContain("'-17' became '<n>': a number");
});

test("names without a title, or of a file that is not there, says so", async () => {
  expect(await mrdataHere(["names", file("\n")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is no title"),
  });
  const absent = await mrdataHere(["names", join(temporaryFolder(), "none.txt")]);
  expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining("none.txt' cannot be read") });
});
