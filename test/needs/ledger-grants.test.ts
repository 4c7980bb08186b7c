import { join } from "node:path";
import { manifests } from "@mrdata/functions/manifests";
import {
  type LedgerCapability,
  type LedgerGrants,
  ledgerCapabilities,
  trainingReads,
} from "@mrdata/platform";
import type { Manifest } from "@mrdata/runtime";
import { build, type Plugin } from "esbuild";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Of what is bundled only our own code, and not the ledger itself, which has every call. */
const onlyCallers: Plugin = {
  name: "only-callers",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || (path.startsWith("@mrdata/") && !path.startsWith("@mrdata/platform"))
        ? undefined
        : { path, external: true },
    );
  },
};

/** What is left of our own code in a function's bundle. */
async function callersOf({ name }: Manifest): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "packages/functions/src", name, "entry.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "silent",
    plugins: [onlyCallers],
  });
  return outputFiles.map(({ text }) => text).join("\n");
}

const trainingReading: readonly string[] = trainingReads;

/** True if the code names a call of the capability that needs what is granted. */
function isUsed(code: string, capability: LedgerCapability, granted: "read" | "write"): boolean {
  const names = (calls: readonly string[]) =>
    calls.some((call) => new RegExp(`\\.${call}\\b`, "u").test(code));
  if (capability === "training") {
    const called = [...code.matchAll(/\btraining\.(\w+)/gu)].map(([, call = ""]) => call);
    return called.some((call) => trainingReading.includes(call) === (granted === "read"));
  }
  const { reads, writes } = ledgerCapabilities[capability];
  return names(granted === "write" ? writes : reads);
}

const granted = (manifest: Manifest): LedgerGrants =>
  Object.assign({}, ...manifest.needs.map((need) => ("ledger" in need ? need.ledger : {})));

const unused = (code: string, grants: LedgerGrants): readonly string[] =>
  Object.keys(ledgerCapabilities)
    .filter((name): name is LedgerCapability => name in grants)
    .flatMap((capability) => {
      const grant = grants[capability];
      return grant === undefined || isUsed(code, capability, grant) ? [] : [`${capability}: ${grant}`];
    });

describe("what a manifest grants of the ledger, its function calls", () => {
  test.each(manifests.map((manifest) => [manifest.name, manifest] as const))("%s", async (_, manifest) => {
    expect(unused(await callersOf(manifest), granted(manifest))).toEqual([]);
  });
});

test("a grant that nothing calls is found, and one to write what is only read", () => {
  const code = "await ledger.prediction(id); await ledger.training.jobs();";
  expect(unused(code, { decisions: "read", training: "read" })).toEqual([]);
  expect(unused(code, { decisions: "write", training: "write", misses: "read" })).toEqual([
    "decisions: write",
    "misses: read",
    "training: write",
  ]);
});
