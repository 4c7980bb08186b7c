import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { expect, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { smallAccount } from "../simulation/small-account.ts";
import { livePagerDuty } from "../support/live-pagerduty.ts";
import { asLines, madeHistory } from "../support/made-history.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const rows = madeHistory(240);

test("import takes a history into a new home; twice changes nothing; backtest and explain read it there", async () => {
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
  expect(jsonLines(again.stdout)).toMatchObject([
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
  expect(strict.stderr).toContain(`${file}, line 3: created_at: is no time: never`);
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
      bad: 1,
      setAside: [{ incident: "L1", reason: expect.stringContaining("1048576") }],
    },
  ]);
  expect(more.stderr).toContain("line 3: created_at: is in the future: 2199-01-01T00:00:00.000Z: left out");
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

const caseOf = (name: string) => join(import.meta.dirname, "../../packages/history/src/cases", name);

test("import says what it understood: rows, services, span, how they ended, escalations and columns", async () => {
  const home = join(temporaryFolder(), "home");
  const told = await mrdataHere(["import", caseOf("leak-labels.csv"), "--home", home, "--dry-run"]);
  expect(told.code).toBe(0);
  for (const line of [
    /rows read +300 \(300 as own\)/u,
    /services +2$/mu,
    /opened +2026-08-01 to 2026-/u,
    /resolved themselves +\d+/u,
    /closed by people +\d+/u,
    /taken further +not told/u,
    /column left out +Close code: by its name/u,
    /warning: no column tells of escalations/u,
  ])
    expect(told.stderr).toMatch(line);
  const json = await mrdataHere([
    "import",
    caseOf("insights-incident-activity.csv"),
    "--home",
    home,
    "--json",
  ]);
  expect(jsonLines(json.stdout)).toMatchObject([
    {
      rows: 26,
      added: 26,
      understood: {
        formats: { analytics: 26 },
        services: 1,
        untied: 26,
        ended: { selfResolved: 24, byMonitorLater: 1, byPeople: 1, merged: 0, unknown: 0, open: 0 },
        escalated: 1,
        warnings: [
          expect.stringContaining(
            '26 of 26 incidents are filed under a service\'s name, not its id ("Queues")',
          ),
        ],
      },
    },
  ]);
});

test("with --strict what speaks against a history ends with 1, and nothing is imported; nearly nothing read always does", async () => {
  const folder = temporaryFolder();
  const [home, file] = [join(folder, "home"), join(folder, "history.csv")];
  const strict = await mrdataHere([
    "import",
    caseOf("headings-with-capitals.csv"),
    "--home",
    home,
    "--strict",
  ]);
  expect(strict).toMatchObject({ code: 1, stdout: "" });
  expect(strict.stderr).toContain("warning: nobody's incident resolved itself within 5 min");
  const rows = Array.from(
    { length: 20 },
    (_, i) => `${i},shop,Down,${i === 3 ? "2026-01-01T00:00:00Z" : "soon"}`,
  );
  writeFileSync(file, `id,service,title,created_at\n${rows.join("\n")}\n`);
  const nearly = await mrdataHere(["import", file, "--home", home]);
  expect(nearly).toMatchObject({ code: 1, stdout: "" });
  expect(nearly.stderr).toContain("nearly nothing can be read");
  expect(nearly.stderr).toContain("19 of 20 rows are bad, most of them as: created_at: is no time");
  expect(nearly.stderr).not.toContain("Next:");
  expect((await mrdataHere(["explain", "3", "--home", home])).code).toBe(3);
});

test("a past under a service's name counts under its id: by a table, by PagerDuty, by what the ledger was told", async () => {
  const folder = temporaryFolder();
  const table = join(folder, "names.csv");
  writeFileSync(table, "Name,ID\nQueues,PSVC001\n");
  const insights = caseOf("insights-incident-activity.csv");
  const untied = (stdout: string) => Object(jsonLines(stdout)[0]).understood.untied;
  const byTable = join(folder, "table");
  expect(
    untied((await mrdataHere(["import", insights, "--services", table, "--home", byTable, "--json"])).stdout),
  ).toBe(0);
  const [service] = smallAccount().services;
  if (service === undefined) throw new Error("the account has no service");
  const live = await livePagerDuty(smallAccount({ services: [{ ...service, name: "Queues" }] }));
  const env = { MRDATA_PAGERDUTY_TOKEN: TOKEN, MRDATA_PAGERDUTY_URL: live.url };
  const byRest = join(folder, "rest");
  const asked = await mrdataHere(["import", insights, "--home", byRest, "--json"], { env });
  expect(untied(asked.stdout), asked.stderr).toBe(0);
  const byLedger = join(folder, "ledger");
  const now = new Date().toISOString();
  const webhook = JSON.parse(readFileSync(caseOf("insights-webhook.json"), "utf8"));
  webhook.event.occurred_at = now;
  webhook.event.data.created_at = now;
  const payload = join(folder, "webhook.json");
  writeFileSync(payload, JSON.stringify(webhook));
  expect((await mrdataHere(["replay", payload, "--home", byLedger])).code).toBe(0);
  expect(untied((await mrdataHere(["import", insights, "--home", byLedger, "--json"])).stdout)).toBe(0);
  // Live, the past is the alert's own.
  expect((await mrdataHere(["replay", payload, "--home", byTable])).code).toBe(0);
  const [explained] = jsonLines(
    (await mrdataHere(["explain", "QB3LIVE", "--home", byTable, "--json"])).stdout,
  );
  const versions = Object.entries<number>(Object(explained).asOf.records).filter(([key]) =>
    key.startsWith("service:PSVC001"),
  );
  // Each of the 26 told of its opening and its end at least.
  expect(versions.reduce((sum, [, version]) => sum + version, 0)).toBeGreaterThanOrEqual(52);
});

test("--column names a column of ours that we do not have, and a heading that the file has not", async () => {
  const file = join(temporaryFolder(), "history.csv");
  writeFileSync(file, "Ticket,service,title,created_at\n1,shop,Down,2026-01-01T00:00:00Z\n");
  const unknown = await mrdataHere(["import", file, "--column", "idd=Ticket"]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("idd is none of our columns (id is)");
  const missing = await mrdataHere(["import", file, "--column", "id=Tickets"]);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('the nearest is "Ticket"');
  const named = await mrdataHere(["import", file, "--column", 'id="Ticket"', "--dry-run", "--json"]);
  expect(jsonLines(named.stdout)).toMatchObject([{ rows: 1, bad: 0, incidents: 1 }]);
});

test("commands that ask PagerDuty say where accounts of the EU are asked", async () => {
  for (const command of [
    "import",
    "doctor",
    "arm",
    "drill",
    "disarm",
    "mode",
    "serve",
    "decisions",
    "settings",
  ])
    expect((await mrdataHere([command, "--help"])).stdout, command).toContain(
      "MRDATA_PAGERDUTY_URL=https://api.eu.pagerduty.com",
    );
});
