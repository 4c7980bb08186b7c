import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const PULUMI = '#!/bin/sh\n[ "$1" = version ] || echo "this is $0 $*"\n';

/** `npm run pulumi -- ARGS` in a clone, with these Pulumis: one on PATH, one that was built for the tests. */
function ran(args: readonly string[], there: { readonly onPath?: true; readonly built?: true }) {
  const clone = mkdtempSync(join(tmpdir(), "mrdata-pulumi-"));
  onTestFinished(() => rmSync(clone, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, "../../scripts/pulumi.ts"), join(clone, "scripts/pulumi.ts"));
  for (const folder of ["bin", ".tools/pulumi-3"]) mkdirSync(join(clone, folder), { recursive: true });
  if (there.onPath) writeFileSync(join(clone, "bin/pulumi"), PULUMI, { mode: 0o755 });
  if (there.built) writeFileSync(join(clone, ".tools/pulumi-3/pulumi"), PULUMI, { mode: 0o755 });
  const env = { PATH: join(clone, "bin"), HOME: clone };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/pulumi.ts", ...args], {
    cwd: clone,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("without Pulumi it says where to get it, and names nothing that cannot make a plan", () => {
  const { status, stderr } = ran(["preview"], {});
  expect(status).toBe(1);
  expect(stderr).toContain("there is no Pulumi. Install it: https://www.pulumi.com/docs/install");
  expect(stderr).not.toContain("engine");
});

test("of the one that was built for the tests it says so before that fails in its own words", () => {
  const built = "was made for the tests: it has no Node host and no gcp plugin";
  expect(ran(["preview"], { built: true }).stderr).toContain(built);
  expect(ran(["stack", "ls"], { built: true }).stderr).not.toContain(built);
  const installed = ran(["preview"], { built: true, onPath: true });
  expect(installed.stderr).not.toContain(built);
  expect(installed.stdout).toMatch(/this is \S*bin\/pulumi preview/);
});
