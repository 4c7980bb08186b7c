import { spawnSync } from "node:child_process";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleAll } from "../../infra/bundles.ts";
import { planOf } from "./program.ts";
import { stacks } from "./stacks.ts";

const start = join(import.meta.dirname, "../../infra/start.mjs");

test("an old Node is told in a sentence what to do, before anything else", () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})';
  const { stderr, status } = spawnSync(process.execPath, ["--import", older, start], { encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain(
    "RunError: Mr Data's program runs on Node 24 or newer, and this is Node 20.20.2: start Pulumi as npm run pulumi -- up, which brings one.",
  );
});

test("a start loads the two packages of Pulumi's, and of ours no more than names and lists", async () => {
  // What is bundled already is not bundled again: esbuild is no part of a start.
  await bundleAll();
  const loaded = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const from = context.parentURL ?? "";
      const ours = /\/(infra|packages)\//.test(from) && !from.includes("/node_modules/.pnpm/");
      if (ours && !specifier.startsWith(".") && !specifier.startsWith("node:")) loaded.add(specifier);
      return next(specifier, context);
    },
  });
  try {
    await planOf("least", stacks.least);
  } finally {
    hooks.deregister();
  }
  expect([...loaded].sort()).toEqual([
    "@mrdata/functions/manifests",
    "@mrdata/pagerduty/nearest",
    "@mrdata/pagerduty/needed-events",
    "@mrdata/platform/google/model-manifest",
    "@mrdata/platform/ledger/ageing",
    "@mrdata/platform/ledger/queries",
    "@pulumi/gcp",
    "@pulumi/pulumi",
  ]);
});
