// Where Pulumi enters. Plain JavaScript, so that an old Node can still say what it lacks: the program is index.ts.
import module from "node:module";
import { join } from "node:path";
import { lazyRequire } from "./lazy-require.mjs";

// What was compiled, or stripped of its types, is kept for the next run. Pulumi's SDK is most of it, so this comes first.
module.enableCompileCache?.({ directory: join(import.meta.dirname, "dist/compiled"), portable: true });

// What the SDK has to pack functions of other clouds and to print dynamic resources: most of what it loads, seldom used.
lazyRequire("@pulumi/pulumi", ["@npmcli/arborist", "typescript"]);
const pulumi = await import("@pulumi/pulumi");
const version = process.versions.node;
if (Number(version.split(".")[0]) < 24)
  throw new pulumi.RunError(
    `Mr Data's program runs on Node 24 or newer, and this is Node ${version}: start Pulumi as npm run pulumi -- ${pulumi.runtime.isDryRun() ? "preview" : "up"}, which brings one.`,
  );

const { leaveOutSdkDiagnostics } = await import("./sdk-diagnostics.ts");
leaveOutSdkDiagnostics();

// biome-ignore lint/style/noDefaultExport: Pulumi takes the outputs from it.
export default { ...(await import("./index.ts")) };
