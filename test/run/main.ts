// The one way to run the checks: `fast` (npm test), `slow` (npm run test:slow), `check` (npm run check).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseReport, type SuiteReport, summaryOf } from "./summary.ts";

const SLOW = ["slow", "failures", "firsthour"];
const [mode = "fast", ...rest] = process.argv.slice(2);
if (!["fast", "slow", "check"].includes(mode)) {
  process.stderr.write("usage: main.ts fast|slow|check [vitest arguments]\n");
  process.exit(2);
}

const run = (what: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean => {
  process.stdout.write(`\n== ${what}\n`);
  return (
    spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...env } }).status === 0
  );
};

const check = (): boolean =>
  [
    run("format and lint", ["node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", "."]),
    run("types", ["node_modules/typescript/bin/tsc", "-p", "."]),
  ].every(Boolean);

function tests(): { readonly passed: boolean; readonly suites: readonly SuiteReport[] } {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-test-"));
  try {
    const report = join(folder, "suites.json");
    const projects =
      mode === "slow" ? SLOW.map((name) => `--project=${name}`) : SLOW.map((name) => `--project=!${name}`);
    const reporters = ["--reporter=default", "--reporter=./test/run/suite-reporter.ts"];
    const args = ["node_modules/vitest/vitest.mjs", "run", ...projects, ...reporters, ...rest];
    const passed = run("tests", args, { MRDATA_SUITE_REPORT: report });
    return { passed, suites: parseReport(readFileSync(report, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let passed = mode === "slow" || check();
if (mode !== "check") {
  const result = tests();
  passed = result.passed && passed;
  process.stdout.write(summaryOf(result.suites));
}
if (!passed) process.stderr.write("\nFailed: see above.\n");
process.exitCode = passed ? 0 : 1;
