import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundledBefore } from "../support/bundled.ts";

const infra = join(import.meta.dirname, "../../infra");
const start = join(infra, "start.mjs");

/** Prints what Pulumi's SDK loaded at once of these two, and what it makes with them afterwards. */
const withSdk = (before: string): string => `
  import { createRequire } from "node:module";
  import { lazyRequire } from ${JSON.stringify(join(infra, "lazy-require.mjs"))};
  const require = createRequire(${JSON.stringify(start)});
  const sdk = createRequire(require.resolve("@pulumi/pulumi"));
  ${before}
  const { runtime } = require("@pulumi/pulumi");
  const files = ["@npmcli/arborist/lib/", "typescript/lib/"].map((of) => Object.keys(sdk.cache).filter((file) => file.includes(of)).length);
  const five = 5;
  const { text } = await runtime.serializeFunction(() => five);
  const paths = await runtime.computeCodePaths();
  console.log(JSON.stringify({ files, made: { text, paths: [...paths.keys()].sort() } }));`;

test("an old Node is told in a sentence what to do, before anything else", () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})';
  const { stderr, status } = spawnSync(process.execPath, ["--import", older, start], { encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain(
    "RunError: Mr Data's program runs on Node 24 or newer, and this is Node 20.20.2: start Pulumi as npm run pulumi -- up, which brings one.",
  );
});

test("what Pulumi's SDK has for other programs is loaded where it is used, and is then what it was", () => {
  const project = mkdtempSync(join(tmpdir(), "mrdata-start-"));
  onTestFinished(() => rmSync(project, { recursive: true }));
  mkdirSync(join(project, "node_modules/one"), { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "name": "p", "dependencies": { "one": "1.0.0" } }');
  writeFileSync(join(project, "node_modules/one/package.json"), '{ "name": "one", "version": "1.0.0" }');
  const run = (before: string): { readonly files: readonly number[]; readonly made: unknown } => {
    const args = ["--input-type=module", "--eval", withSdk(before)];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: project });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const { files, made } = run(
    'lazyRequire("@pulumi/pulumi", ["@npmcli/arborist", "typescript", "no-such-package"]);',
  );
  const asItIs = run("");
  expect(Math.min(...asItIs.files)).toBeGreaterThan(0);
  expect(Math.max(...asItIs.files)).toBeGreaterThan(10);
  // The stand-in of each, and no file of theirs.
  expect(files).toEqual([1, 1]);
  expect(made).toEqual(asItIs.made);
  expect(made).toMatchObject({ text: expect.stringContaining("five: 5"), paths: ["node_modules/one"] });
});

/** Prints what a run of the program loads of packages, ours and Pulumi's, where nothing is loaded yet. */
const ofStart = `
  import { registerHooks } from "node:module";
  import { planOf } from ${JSON.stringify(join(import.meta.dirname, "program.ts"))};
  import { stacks } from ${JSON.stringify(join(import.meta.dirname, "stacks.ts"))};
  const loaded = new Set();
  registerHooks({
    resolve(specifier, context, next) {
      const from = context.parentURL ?? "";
      const ours = /\\/(infra|packages)\\//.test(from) && !from.includes("/node_modules/.pnpm/");
      if (ours && !specifier.startsWith(".") && !specifier.startsWith("node:")) loaded.add(specifier);
      return next(specifier, context);
    },
  });
  await planOf("least", stacks.least);
  console.log(JSON.stringify([...loaded].sort()));`;

test("a start loads the two packages of Pulumi's, and of ours no more than names and lists", async () => {
  // What is bundled already is not bundled again: esbuild is no part of a start.
  await bundledBefore();
  const args = ["--input-type=module", "--eval", ofStart];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    "@mrdata/base",
    "@mrdata/functions/manifests",
    "@mrdata/pagerduty/base-url",
    "@mrdata/pagerduty/nearest",
    "@mrdata/pagerduty/needed-events",
    "@mrdata/platform/google/model-manifest",
    "@mrdata/platform/google/results-prefix",
    "@mrdata/platform/ledger/ageing",
    "@mrdata/platform/ledger/capabilities",
    "@mrdata/platform/ledger/queries",
    "@mrdata/platform/log-events",
    "@mrdata/platform/secrets",
    "@pulumi/gcp",
    "@pulumi/pulumi",
  ]);
});
