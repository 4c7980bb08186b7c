import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packCli } from "../../scripts/package/pack-cli.ts";

// Half a dozen seconds of processor time: it bundles, packs and installs, which is what it is about.
let folder: string;
let elsewhere: string;

/** `mrdata` as whoever has installed it types it, in a folder that has nothing of the clone. */
function mrdata(...args: readonly string[]) {
  return spawnSync(join(folder, "prefix/bin/mrdata"), args, {
    cwd: elsewhere,
    encoding: "utf8",
    env: { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`, HOME: elsewhere },
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mrdata-packed-"));
  elsewhere = mkdtempSync(join(tmpdir(), "mrdata-elsewhere-"));
  const { file } = await packCli(folder);
  // It has no dependency, so npm needs no registry.
  const args = [
    "install",
    "-g",
    "--offline",
    "--no-audit",
    "--no-fund",
    "--prefix",
    join(folder, "prefix"),
    file,
  ];
  execFileSync("npm", args, { cwd: elsewhere, stdio: "pipe" });
  // What it was made of is gone: the package stands alone.
  rmSync(join(folder, "package"), { recursive: true });
});
afterAll(() => {
  for (const one of [folder, elsewhere]) rmSync(one, { recursive: true, force: true });
});

test("the installed command works in any folder, without the clone: version, help, completion", () => {
  expect(mrdata("--version")).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  const help = mrdata("--help");
  for (const word of ["disarm [service]", "backtest [file...]", "completion <bash|zsh|fish>"])
    expect(help.stdout).toContain(word);
  expect(mrdata("completion", "bash").stdout).toContain("disarm");
  expect(mrdata("models", "--help").stdout).toContain("rollback");
  expect(mrdata("trian")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("Did you mean train?"),
  });
});

test("so does what takes workers, a ledger, Google's clients and a made-up PagerDuty", () => {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const at = (minutes: number) =>
      new Date(Date.parse("2026-01-01T00:00:00Z") + minutes * 60_000).toISOString();
    const lasts = i % 3 === 0 ? 40 : 2;
    return `P${i},S${i % 2},disk ${i % 3} is full,${at(i * 60)},${at(i * 60 + lasts)},resolved`;
  });
  writeFileSync(
    join(elsewhere, "past.csv"),
    ["id,service,title,created_at,resolved_at,status", ...rows].join("\n"),
  );
  const backtest = mrdata("backtest", "past.csv", "--refits", "2", "--html", "page.html");
  expect(backtest.stderr).toContain("written: page.html");
  expect(backtest.stdout).toContain("400 incidents");
  expect(mrdata("import", "past.csv", "--home", "home").status).toBe(0);
  expect(mrdata("status", "--home", "home").stdout).toContain("champion");
  expect(readdirSync(elsewhere)).toContain("page.html");
  expect(mrdata("status", "--target", "gcp:my-project/mrdata")).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("gcloud auth application-default login"),
  });
  expect(mrdata("drill", "--simulated").stdout).toMatch(/was paged after/);
});
