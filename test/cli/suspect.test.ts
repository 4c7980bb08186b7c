import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asLines } from "../support/made-history.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const MINUTE = 60_000;

/** Outcomes by chance, and a column `hint` that tells them all. */
function leakingHistory(folder: string): string {
  const file = join(folder, "history.ndjson");
  let state = 7;
  const draw = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const rows = Array.from({ length: 1_000 }, (_, i) => {
    const created = Date.parse("2026-02-01T00:00:00Z") + i * 45 * MINUTE;
    const heals = draw() < 0.5;
    return {
      id: `INC-${i}`,
      service: "shop",
      title: "Queue is long",
      created_at: new Date(created).toISOString(),
      resolved_at: new Date(created + (heals ? 2 : 90) * MINUTE).toISOString(),
      resolved_by: heals ? "integration" : "human",
      details: { hint: heals ? `robot ${Math.floor(3 * draw())}` : `person ${Math.floor(9 * draw())}` },
    };
  });
  writeFileSync(file, asLines(rows));
  return file;
}

test("a column that decides the outcome is left out and named, and nothing is held by it", async () => {
  const file = leakingHistory(temporaryFolder());
  const { code, stdout, stderr } = await mrdataHere(["backtest", file, "--refits", "1", "--json"]);
  expect(code).toBe(0);
  expect(jsonLines(stdout)[0]).toMatchObject({
    coverage: 0,
    columnsLeftOut: [{ name: "hint", reason: expect.stringContaining("it nearly decides") }],
    columnsKept: [],
  });
  expect(stderr).toContain("column left out: hint: it nearly decides");
});

test("kept by hand it is told loudly, and what comes of it is no champion without --i-know", async () => {
  const folder = temporaryFolder();
  const [file, home] = [leakingHistory(folder), join(folder, "home")];
  const train = [
    "train",
    file,
    "--window",
    "5m",
    "--refits",
    "1",
    "--keep-column",
    "Hint",
    "--promote",
    "--home",
    home,
  ];
  const refused = await mrdataHere(train);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain(
    "WARNING: hint is used because of --keep-column, although it nearly decides",
  );
  expect(refused.stderr).toMatch(/v1 is suspect, and not champion: Its AUC of \S+ is too good to be true/u);
  expect(refused.stdout).not.toContain("champion now");
  const byHand = await mrdataHere(["models", "promote", "v1", "--home", home]);
  expect(byHand).toMatchObject({ code: 4 });
  expect(byHand.stderr).toContain("mrdata models promote v1 --i-know");
  expect((await mrdataHere(["models", "promote", "v1", "--i-know", "--home", home])).stdout).toContain(
    "v1 is champion now",
  );
});
