// Where Pulumi enters. Plain JavaScript, so that an old Node can still say what it lacks: the program is index.ts.
import module from "node:module";
import { join } from "node:path";

// What was compiled, or stripped of its types, is kept for the next run. Pulumi's SDK is most of it, so this comes first.
module.enableCompileCache?.({ directory: join(import.meta.dirname, "dist/compiled"), portable: true });

const pulumi = await import("@pulumi/pulumi");
const version = process.versions.node;
if (Number(version.split(".")[0]) < 24)
  throw new pulumi.RunError(
    `Mr Data's program runs on Node 24 or newer, and this is Node ${version}: start Pulumi as npm run pulumi -- ${pulumi.runtime.isDryRun() ? "preview" : "up"}, which brings one.`,
  );

// Pulumi takes a stack at every promise that it makes, and would map each to sources by source maps. The program is its
// own source, and positions are right without: a third of a start.
Error.prepareStackTrace = undefined;

// biome-ignore lint/style/noDefaultExport: Pulumi takes the outputs from it.
export default { ...(await import("./index.ts")) };
