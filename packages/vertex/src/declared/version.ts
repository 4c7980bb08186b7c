import type { RestVersion } from "../answers.ts";
import type { Vertex } from "../client.ts";
import { CONTENT_LABEL, withoutContent } from "../content.ts";
import { aliasOf } from "../names.ts";
import { type DeclaredDiff, type DeclaredInputs, differing } from "./inputs.ts";

/** `version` is Google's number, `alias` is `v` and that number, `name` the model's name, `@` and the number. */
export type VersionOutputs = DeclaredInputs & {
  readonly version: string;
  readonly alias: string;
  readonly name: string;
};

/** The alias of the version that is meant when none is named; a model has exactly one. */
const DEFAULT = "default";

const outputsOf = (inputs: DeclaredInputs, found: RestVersion): VersionOutputs => ({
  ...inputs,
  version: found.version,
  alias: aliasOf(found.version),
  name: `${found.name}@${found.version}`,
});

/** The version with this content, as the model's default and under its alias `v1`, `v2`, …; any number of times the same. */
export async function createDeclaredVersion(
  vertex: Vertex,
  inputs: DeclaredInputs,
): Promise<{ readonly id: string; readonly outs: VersionOutputs }> {
  const found = await vertex.upload(inputs);
  const missing = [aliasOf(found.version), DEFAULT].filter((alias) => !found.aliases.includes(alias));
  if (missing.length > 0) await vertex.mergeAliases(inputs.modelId, found.version, missing);
  const outs = outputsOf(inputs, found);
  return { id: outs.name, outs };
}

/** Another content or another image is another version; where the files lay when they were uploaded does not matter. */
export function diffDeclaredVersion(olds: DeclaredInputs, news: DeclaredInputs): DeclaredDiff {
  const replaces = differing(olds, news, ["project", "region", "modelId", "content", "imageUri"]);
  const updates = differing(olds, news, ["labels"]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

/** Null when it is gone. */
export async function readDeclaredVersion(
  vertex: Vertex,
  olds: VersionOutputs,
): Promise<VersionOutputs | null> {
  const found = await vertex.version(olds.modelId, olds.version);
  return found === null ? null : { ...outputsOf(olds, found), labels: withoutContent(found.labels) };
}

export async function updateDeclaredVersion(
  vertex: Vertex,
  olds: VersionOutputs,
  news: DeclaredInputs,
): Promise<VersionOutputs> {
  const found = await vertex.version(olds.modelId, olds.version);
  if (found === null)
    throw new Error(
      `version ${olds.version} of the model ${news.modelId} is gone from Vertex AI; 'pulumi refresh' takes note of it, and the next 'pulumi up' makes it again`,
    );
  const mark = found.labels[CONTENT_LABEL];
  const labels = { ...news.labels, ...(mark === undefined ? {} : { [CONTENT_LABEL]: mark }) };
  await vertex.patch(olds.modelId, olds.version, { labels });
  return outputsOf(news, found);
}

/**
 * Google deletes no model's last version, which goes with its model, and no default: another becomes it first, the
 * newest that is left.
 */
export async function deleteDeclaredVersion(vertex: Vertex, olds: VersionOutputs): Promise<void> {
  const versions = await vertex.versions(olds.modelId);
  const found = versions.find(({ version }) => version === olds.version);
  const next = versions.findLast(({ version }) => version !== olds.version);
  if (found === undefined || next === undefined) return;
  if (found.aliases.includes(DEFAULT)) await vertex.mergeAliases(olds.modelId, next.version, [DEFAULT]);
  await vertex.deleteVersion(olds.modelId, olds.version);
}
