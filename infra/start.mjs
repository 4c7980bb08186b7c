// Where Pulumi enters. Plain JavaScript, so that an old Node can still say what it lacks: the program is index.ts.
import * as pulumi from "@pulumi/pulumi";

const version = process.versions.node;
if (Number(version.split(".")[0]) < 24)
  throw new pulumi.RunError(
    `Mr Data's program runs on Node 24 or newer, and this is Node ${version}: start Pulumi as npm run pulumi -- ${pulumi.runtime.isDryRun() ? "preview" : "up"}, which brings one.`,
  );

// biome-ignore lint/style/noDefaultExport: Pulumi takes the outputs from it.
export default { ...(await import("./index.ts")) };
