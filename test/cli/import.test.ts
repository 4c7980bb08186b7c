import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { asLines, madeHistory } from "../support/made-history.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const rows = madeHistory(240);

test("import takes a history into a new home; twice changes nothing; backtest and explain read it there", {
  timeout: 120_000,
}, async () => {
  const folder = temporaryFolder();
  const [home, file] = [join(folder, "home"), join(folder, "history.ndjson.gz")];
  writeFileSync(file, gzipSync(`${asLines([...rows, rows[7]])}{"id": 1}\n`));
  const first = await mrdataHere(["import", file, "--home", home]);
  expect(first.code).toBe(0);
  expect(first.stdout).toBe(
    "242 rows, 1 bad ones left out, 1 told again, 240 incidents\n240 imported, 0 completed, 0 known already\n",
  );
  expect(first.stderr).toContain(`${file}, line 242: service`);
  expect(first.stderr).toContain(`mrdata train --home ${home} --promote`);
  const again = await mrdataHere(["import", file, "--home", home, "--json"]);
  expect(jsonLines(again.stdout)).toEqual([
    {
      rows: 242,
      bad: 1,
      duplicates: 1,
      incidents: 240,
      added: 0,
      completed: 0,
      known: 240,
      events: 0,
      dryRun: false,
    },
  ]);

  const [ofFile, ofLedger] = await Promise.all(
    [[file], ["--home", home]].map((from) =>
      mrdataHere(["backtest", ...from, "--window", "30m", "--refits", "1", "--json"]),
    ),
  );
  const figures = (line: unknown) => ({ ...Object(line), file: "", bad: 0, duplicates: 0 });
  expect(figures(jsonLines(ofLedger?.stdout ?? "")[0])).toEqual(figures(jsonLines(ofFile?.stdout ?? "")[0]));

  const explained = await mrdataHere(["explain", "INC-7", "--home", home, "--json"]);
  expect(jsonLines(explained.stdout)[0]).toMatchObject({
    incident: "INC-7",
    outcome: "self-resolved",
    actor: "integration",
  });
});

test("--strict stops at the first bad row with nothing written, --dry-run counts, and what is wrong is said", async () => {
  const folder = temporaryFolder();
  const [home, file] = [join(folder, "home"), join(folder, "history.csv")];
  writeFileSync(file, "id,service,title,created_at\n1,shop,Down,2026-01-01T00:00:00Z\n2,shop,Down,never\n");
  const strict = await mrdataHere(["import", file, "--home", home, "--strict"]);
  expect(strict).toMatchObject({ code: 1, stdout: "" });
  expect(strict.stderr).toContain(`${file}, line 3: created_at: is not an ISO 8601 time`);
  expect((await mrdataHere(["explain", "1", "--home", home])).code).toBe(3);
  const dry = await mrdataHere(["import", file, "--home", home, "--dry-run"]);
  expect(dry.stdout).toContain("2 rows, 1 bad ones left out, 1 incidents\nnothing imported: --dry-run");
  expect((await mrdataHere(["explain", "1", "--home", home])).code).toBe(3);
  expect(await mrdataHere(["import", "--home", home])).toMatchObject({ code: 2 });
  expect(await mrdataHere(["import", file, "--format", "xml"])).toMatchObject({ code: 2 });
  const none = await mrdataHere(["import", file, "--format", "log-entries", "--home", home]);
  expect(none.stderr).toContain("no incident can be read");
});

test("names that no field can have, titles cut in the middle of a character, and rows too large or of the future end no import", async () => {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  const table = join(folder, "table.csv");
  writeFileSync(
    table,
    `id,service,title,created_at,,__x__,${"n".repeat(2_000)}\nT1,shop,Down,2026-01-01T00:00:00Z,a,b,c\n`,
  );
  const row = { service: "shop", title: "Down", created_at: "2026-01-01T00:00:00Z" };
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, "x".repeat(20_000)]));
  const lines = join(folder, "lines.ndjson");
  writeFileSync(
    lines,
    `${asLines([
      { ...row, id: "L1", details: wide },
      { ...row, id: "L2", title: "cut \ud83d", details: { "": "\udc00", deep: { __y__: { "": 1 } } } },
      { ...row, id: "L3", created_at: "2199-01-01T00:00:00Z" },
      { ...row, id: "L4", title: "x".repeat(2_000_000) },
      { ...row, id: "L5" },
    ])}`,
  );
  const ran = await mrdataHere(["import", table, "--home", home]);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("1 imported") });
  const more = await mrdataHere(["import", lines, "--home", home, "--json"]);
  expect(jsonLines(more.stdout)).toMatchObject([
    {
      added: 3,
      setAside: [{ incident: "L3" }, { incident: "L1", reason: expect.stringContaining("1048576") }],
    },
  ]);
  expect(more.stderr).toContain("incident L3: it is dated in the future, 2199-01-01T00:00:00.000Z");
  expect(more.stderr).toContain("incident L1: document ");
  const store = openEmbeddedStore({ file: join(home, "ledger.sqlite") });
  const opened = async (id: string) => (await store.get(`incidents/${id}/events/${id}.triggered`))?.data;
  expect(await opened("L2")).toMatchObject({
    snapshot: { title: "cut \ufffd" },
    details: { numbers: { "deep.__y__.": 1 } },
  });
  const { details } = (await opened("T1")) ?? {};
  expect(JSON.stringify(details)).toContain('"detail:__x__":"b"');
  expect(await opened("L5")).toBeDefined();
  expect(await opened("L1")).toBeUndefined();
  await store.close();
});

test("--help names the columns", async () => {
  const { stdout } = await mrdataHere(["import", "--help"]);
  for (const word of [
    "created_at",
    "resolved_by",
    "taken_over_at",
    "merged_into",
    "details",
    "--auto-resolve",
    "--time-zone",
  ])
    expect(stdout).toContain(word);
});
