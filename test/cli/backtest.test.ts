import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { z } from "zod";
import { asLines, madeHistory } from "../support/made-history.ts";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const rows = madeHistory(400);
const text = asLines;
const backtestLine = z.object({
  windows: z.array(
    z.object({ windowSeconds: z.number(), certificate: z.object({ delta: z.number() }).nullable() }),
  ),
});

test("backtest prints figures beside the baselines and writes every scored incident", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "scored.ndjson");
  // A history may be in several files, and each as it likes.
  const [file, other] = [join(folder, "history.ndjson.gz"), join(folder, "history.json")];
  writeFileSync(file, gzipSync(text([...rows.slice(0, 300), rows[7]])));
  writeFileSync(other, JSON.stringify(rows.slice(300), null, 2));
  const { code, stdout, stderr } = await mrdataHere([
    "backtest",
    file,
    other,
    "--window",
    "30m",
    "--refits",
    "1",
    "--rows",
    out,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("400 incidents, 1 told again, 160 scored");
  for (const way of ["Mr Data", "page always", "fixed delay, 5 min"]) expect(stdout).toContain(way);
  const scored = jsonLines(readFileSync(out, "utf8"));
  expect(scored).toHaveLength(160);
  expect(scored[0]).toEqual({
    id: "INC-240",
    created_at: rows[240]?.created_at.replace(".000Z", "Z"),
    probability: expect.any(Number),
    hold: expect.any(Boolean),
    label: 0,
  });
});

test("an id that is a number is written as one, whatever the block knew", async () => {
  const folder = temporaryFolder();
  const [file, out] = [join(folder, "history.ndjson"), join(folder, "scored.ndjson")];
  writeFileSync(file, text(rows.map((row, i) => ({ ...row, id: 1_000 + i }))));
  // A window longer than the history: next to nothing is known when a block begins.
  const { code } = await mrdataHere(["backtest", file, "--window", "400d", "--refits", "1", "--rows", out]);
  expect(code).toBe(0);
  const scored = jsonLines(readFileSync(out, "utf8"));
  expect(scored).toEqual(
    rows.slice(240).map((_, i) => ({
      id: 1_240 + i,
      created_at: expect.any(String),
      probability: expect.any(Number),
      hold: expect.any(Boolean),
      label: expect.any(Number),
    })),
  );
});

test("backtest tells machines everything on one line, the same again for the same seed", async () => {
  const file = join(temporaryFolder(), "history.ndjson");
  writeFileSync(file, text(rows));
  const run = () => mrdataHere(["backtest", file, "--window", "30m", "--refits", "2", "--json"]);
  const [one, other] = [await run(), await run()];
  const [line] = jsonLines(one.stdout);
  expect(line).toMatchObject({
    window: 1_800,
    incidents: 400,
    scored: 160,
    bad: 0,
    auc: { value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) },
    baselines: { ownRate: {}, constant: {}, fixedDelay: [{ minutes: 5 }, { minutes: 10 }, { minutes: 30 }] },
    refits: [{}, {}],
  });
  expect(other.stdout).toBe(one.stdout);
});

test("--windows with a window that is none of the six: seven rows, each with its share of delta among seven", async () => {
  const file = join(temporaryFolder(), "history.ndjson");
  writeFileSync(file, text(madeHistory(300)));
  const asked = ["backtest", file, "--windows", "--window", "30m", "--refits", "1", "--miss-budget", "0.4"];
  const { code, stdout } = await mrdataHere([...asked, "--delta", "0.42", "--json"]);
  expect(code).toBe(0);
  const [told] = jsonLines(stdout).map((line) => backtestLine.parse(line));
  expect(told?.windows).toHaveLength(7);
  const deltas = told?.windows.flatMap(({ certificate }) =>
    certificate === null ? [] : [certificate.delta],
  );
  expect(deltas?.length).toBeGreaterThan(0);
  // Where parts of the past would choose otherwise it is shared out once more.
  for (const delta of deltas ?? []) expect(delta).toBeLessThanOrEqual(0.42 / 7 + 1e-12);
});

test("rows that cannot be read are told with their line and left out; --strict stops at the first", async () => {
  const file = join(temporaryFolder(), "history.ndjson");
  writeFileSync(file, `${text(rows.slice(0, 2))}{"id": 1}\nnot JSON\n${text(rows.slice(2))}`);
  const lenient = await mrdataHere(["backtest", file, "--window", "30m", "--refits", "1", "--json"]);
  expect(lenient.code).toBe(0);
  expect(jsonLines(lenient.stdout)[0]).toMatchObject({ incidents: 400, bad: 2 });
  expect(lenient.stderr).toContain("line 3: service");
  expect(lenient.stderr).toContain("line 4: it is not JSON");
  const strict = await mrdataHere(["backtest", file, "--strict"]);
  expect(strict.code).toBe(1);
  expect(strict.stderr).toContain(`${file}, line 3`);
});

test("what cannot be a backtest says so", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "short.ndjson");
  writeFileSync(file, text(rows.slice(0, 20)));
  const short = await mrdataHere(["backtest", file]);
  expect(short).toMatchObject({ code: 1, stdout: "" });
  expect(short.stderr).toContain("20 incidents that can be read, and a backtest needs 200");
  expect((await mrdataHere(["backtest", join(file, "nowhere")])).stderr).toContain("cannot be read");
  expect((await mrdataHere(["backtest", file, "--window", "soon"])).code).toBe(2);
  expect((await mrdataHere(["backtest", file, "--refits", "0"])).code).toBe(2);
  // Without a file the ledger is the history, and here is none.
  expect((await mrdataHere(["backtest", "--home", join(folder, "nobody")])).code).toBe(3);
});

test("--html writes one file that needs nothing else, with the figures of --json", async () => {
  const folder = temporaryFolder();
  const [file, page] = [join(folder, "history.ndjson"), join(folder, "page.html")];
  writeFileSync(file, text(rows));
  const { code, stdout, stderr } = await mrdataHere([
    "backtest",
    file,
    "--window",
    "30m",
    "--refits",
    "1",
    "--json",
    "--html",
    page,
    "--time-zone",
    "Europe/Berlin",
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain(`written: ${page}`);
  const html = readFileSync(page, "utf8");
  expect(html).not.toMatch(/https?:|src=|href=|@import|url\(/);
  expect(html).toContain("Europe/Berlin");
  const { auc } = Object(jsonLines(stdout)[0]);
  expect(html).toContain(auc.value.toFixed(3));
});
