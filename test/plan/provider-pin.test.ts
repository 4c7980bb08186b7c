import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planOf } from "./program.ts";
import { stacks } from "./stacks.ts";

/**
 * What Google's provider 8 removed or changed, as Pulumi names it: @pulumi/gcp 10 is made from it. Only a part, as far as it is known by
 * 2026-11-30 (docs/decisions/0075), and of resources alone: what the program asks for (`getFunction` and the like) is not compared.
 */
const changedIn8: Readonly<Record<string, string>> = {
  "gcp:beyondcorp/appConnection:AppConnection": "removed",
  "gcp:beyondcorp/appConnector:AppConnector": "removed",
  "gcp:beyondcorp/appGateway:AppGateway": "removed",
  "gcp:cloudrunv2/workerPool:WorkerPool":
    "custom_audiences and a probe's port removed, a header's name required",
  "gcp:compute/backendService:BackendService": "load_balancing_scheme has another default",
  "gcp:compute/globalForwardingRule:GlobalForwardingRule": "load_balancing_scheme has another default",
  "gcp:compute/serviceAttachment:ServiceAttachment": "lists became sets",
  "gcp:container/cluster:Cluster": "enable_components became sets",
  "gcp:iam/workforcePoolProviderScimTenant:WorkforcePoolProviderScimTenant": "claim_mapping is required",
  "gcp:iap/brand:Brand": "removed",
  "gcp:iap/client:Client": "removed",
  "gcp:ml/engineModel:EngineModel": "removed",
  "gcp:netapp/storagePool:StoragePool": "scale_tier removed",
  "gcp:notebooks/environment:Environment": "removed",
  "gcp:notebooks/instance:Instance": "removed",
  "gcp:notebooks/runtime:Runtime": "removed",
  "gcp:vertex/aiSchedule:AiSchedule": "removed",
  "gcp:workflows/workflow:Workflow": "source_contents is required",
};

const ourChanged = (types: readonly string[]): readonly string[] =>
  types.flatMap((type) => (Object.hasOwn(changedIn8, type) ? [`${type}: ${changedIn8[type]}`] : []));

test("no resource of ours is among those of which we know that provider 8 changed them", async () => {
  const { resources } = await planOf("everything", stacks.everything);
  const types = [...new Set(resources.map(({ type }) => type))].filter((type) => type.startsWith("gcp:"));
  expect(types.length).toBeGreaterThan(20);
  expect(ourChanged(types)).toEqual([]);
  expect(ourChanged([...types, "gcp:ml/engineModel:EngineModel"])).toEqual([
    "gcp:ml/engineModel:EngineModel: removed",
  ]);
});

test("the provider is pinned to the version that the program was tried with, and the double is of that one", () => {
  const root = join(import.meta.dirname, "../..");
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(root, "infra/package.json"), "utf8"),
  );
  expect(dependencies["@pulumi/gcp"]).toBe("9.35.0");
  expect(readFileSync(join(root, "test/engine/gcp/provider.ts"), "utf8")).toContain(
    'const VERSION = "9.35.0"',
  );
});
