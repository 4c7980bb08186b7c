import { readFileSync } from "node:fs";
import { join } from "node:path";
import { COMPLETE, isIntact, type ModelManifest } from "@mrdata/platform/google/model-manifest";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "./components/stack.ts";

/**
 * Refuses a model folder whose version is published already with other files: a version never changes, for predictions
 * name the one that made them. Where nobody can be asked, or nothing is published yet, nothing is refused.
 */
export async function refuseChangedVersion({
  settings,
  names,
}: Pick<Stack, "settings" | "names">): Promise<void> {
  const { version: local } = settings;
  if (local === null) return;
  const { version, folder, files } = local;
  const object = `${version}/${COMPLETE}`;
  const text = await gcp.storage
    .getBucketObjectContent({ bucket: names.bucket("models"), name: object })
    .then(
      (found) => found.content ?? "",
      () => "",
    );
  if (text === "") return;
  const published = await manifestIn(text, object, names.bucket("models"));
  const changed = [
    ...files.filter((file) => !isIntact(published, file, readFileSync(join(folder, file)))),
    ...Object.keys(published.files).filter((file) => !files.includes(file)),
  ];
  if (changed.length === 0) return;
  const next = `v${Number(version.slice(1)) + 1}`;
  throw new pulumi.RunError(
    `mrdata:modelFolder '${folder}' is refused: ${version} is published already, with another ${changed.join(", ")}, and a version never changes: call the folder ${next}, then pulumi config set modelFolder ${join(folder, "..", next)}`,
  );
}

/** What is published. Throws, with where it is and what to do, if it cannot be read. */
async function manifestIn(text: string, object: string, bucket: string): Promise<ModelManifest> {
  const { readManifest } = await import("@mrdata/platform/google/read-manifest");
  try {
    return readManifest(text, object);
  } catch {
    throw new pulumi.RunError(
      `gs://${bucket}/${object} cannot be read, so nobody knows what is published under that version: delete it, gcloud storage rm gs://${bucket}/${object}, and the next up writes it again; or publish under another version`,
    );
  }
}
