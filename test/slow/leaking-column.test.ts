import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asLines, madeHistory } from "../support/made-history.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

test("a column that is computed from the outcome changes nothing that a backtest holds", async () => {
  const folder = temporaryFolder();
  const rows = madeHistory(1_000);
  const late = ({ created_at, resolved_at }: (typeof rows)[number], i: number) =>
    Date.parse(resolved_at) - Date.parse(created_at) > 5 * 60_000 !== (i % 33 === 0);
  const files = [
    rows,
    rows.map((row, i) => ({ ...row, details: { ...row.details, team: late(row, i) ? "ops" : "none" } })),
  ].map((history, i) => {
    const file = join(folder, `history-${i}.ndjson`);
    writeFileSync(file, asLines(history));
    return file;
  });
  const held = async (file: string) => {
    const out = `${file}.scored`;
    const { code, stdout } = await mrdataHere(["backtest", file, "--refits", "3", "--rows", out, "--json"]);
    expect(code).toBe(0);
    const { columnsLeftOut } = Object(jsonLines(stdout)[0]);
    return { scored: readFileSync(out, "utf8"), columnsLeftOut };
  };
  const [without, withColumn] = [await held(files[0] ?? ""), await held(files[1] ?? "")];
  expect(withColumn.scored).toBe(without.scored);
  expect(withColumn.columnsLeftOut).toMatchObject([{ name: "team" }]);
});
