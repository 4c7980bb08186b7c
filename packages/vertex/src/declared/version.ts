import type { RestVersion } from "../answers.ts";
import type { Vertex } from "../client.ts";
import { CONTENT_LABEL, withoutContent } from "../content.ts";
import { aliasOf } from "../names.ts";
import { type DeclaredDiff, type DeclaredInputs, differing } from "./inputs.ts";
import { NO_PATIENCE, onceProvisioned, type Patience } from "./provisioned.ts";

/** `version` is Google's number, `alias` our own name for it, `name` the model's name, `@` and the number. */
export type VersionOutputs = Omit<DeclaredInputs, "alias"> & {
  readonly version: string;
  readonly alias: string;
  readonly name: string;
};

/** The alias of the default version; a model has exactly one. */
const DEFAULT = "default";

const outputsOf = (inputs: DeclaredInputs, found: RestVersion): VersionOutputs => ({
  ...inputs,
  version: found.version,
  alias: inputs.alias ?? aliasOf(found.version),
  name: `${found.name}@${found.version}`,
});

/**
 * Creates the version with this content, as the model's default and with its alias `v1`, `v2`, … Idempotent.
 * Google's service agents, which read the files, may still be provisioned: in that case it is retried with `patience`.
 */
export async function createDeclaredVersion(
  vertex: Vertex,
  inputs: DeclaredInputs,
  patience: Patience = NO_PATIENCE,
): Promise<{ readonly id: string; readonly outs: VersionOutputs }> {
  const found = await onceProvisioned(() => vertex.upload(inputs), patience);
  const outs = outputsOf(inputs, found);
  await ensureAliases(vertex, found, outs);
  return { id: outs.name, outs };
}

async function ensureAliases(
  vertex: Vertex,
  found: RestVersion,
  { modelId, alias, isDefault = true }: VersionOutputs,
): Promise<void> {
  const missing = [alias, ...(isDefault ? [DEFAULT] : [])].filter((one) => !found.aliases.includes(one));
  if (missing.length > 0) await vertex.mergeAliases(modelId, found.version, missing);
}

/** Different content or a different image is a different version; the location of the uploaded files does not matter. */
export function diffDeclaredVersion(olds: DeclaredInputs, news: DeclaredInputs): DeclaredDiff {
  const replaces = differing(olds, news, ["project", "region", "modelId", "content", "imageUri"]);
  // An absent alias is derived from Google's number, which is in the previous outputs.
  const named = news.alias === undefined ? [] : differing(olds, news, ["alias"]);
  const updates = [...named, ...differing(olds, news, ["labels", "isDefault"])];
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

/** Null if it no longer exists. */
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
  const outs = outputsOf(news, found);
  // Otherwise the old alias would still name this version.
  if (outs.alias !== olds.alias) await vertex.mergeAliases(olds.modelId, olds.version, [`-${olds.alias}`]);
  await ensureAliases(vertex, found, outs);
  return outs;
}

/**
 * Google does not delete a model's last version, which is deleted with the model, nor a default version: the newest
 * remaining one becomes the default first.
 */
export async function deleteDeclaredVersion(vertex: Vertex, olds: VersionOutputs): Promise<void> {
  const versions = await vertex.versions(olds.modelId);
  const found = versions.find(({ version }) => version === olds.version);
  const next = versions.findLast(({ version }) => version !== olds.version);
  if (found === undefined || next === undefined) return;
  if (found.aliases.includes(DEFAULT)) await vertex.mergeAliases(olds.modelId, next.version, [DEFAULT]);
  await vertex.deleteVersion(olds.modelId, olds.version);
}
