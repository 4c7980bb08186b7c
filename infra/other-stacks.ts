import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "./components/stack.ts";

/**
 * Refuses names that another stack has in this project: its bucket of models would be ours. Where nobody can be asked,
 * as without credentials, Google refuses the names itself when they are made.
 */
export async function refuseNamesOfOthers({
  settings,
  names,
  labels,
}: Pick<Stack, "settings" | "names" | "labels">): Promise<void> {
  const name = names.bucket("models");
  const { project } = settings;
  const buckets = await gcp.storage.getBuckets({ project, prefix: name }).then(
    (found) => found.buckets ?? [],
    () => [],
  );
  const theirs = buckets.find((bucket) => bucket.name === name)?.labels ?? {};
  if (theirs.app !== "mrdata" || theirs.stack === undefined || theirs.stack === labels.stack) return;
  throw new pulumi.RunError(
    `The stack '${theirs.stack}' has these names in project ${project} already (bucket ${name}): pulumi config set suffix two`,
  );
}
