import type { Vertex } from "../client.ts";
import { CONTENT_LABEL, withoutContent } from "../content.ts";
import { modelName } from "../names.ts";
import { type DeclaredDiff, type DeclaredInputs, differing } from "./inputs.ts";
import { NO_PATIENCE, type Patience } from "./provisioned.ts";
import { createDeclaredVersion } from "./version.ts";

/** `name` is `projects/…/locations/…/models/…`. */
export type ModelOutputs = DeclaredInputs & { readonly name: string };

/** A model exists with its first upload, so its creation is that upload; the version declared beside it finds it. */
export async function createDeclaredModel(
  vertex: Vertex,
  inputs: DeclaredInputs,
  patience: Patience = NO_PATIENCE,
): Promise<{ readonly id: string; readonly outs: ModelOutputs }> {
  await createDeclaredVersion(vertex, inputs, patience);
  const name = modelName(vertex.place, inputs.modelId);
  return { id: name, outs: { ...inputs, name } };
}

/** Compares only the model's own fields: its content belongs to the versions. */
export function diffDeclaredModel(olds: DeclaredInputs, news: DeclaredInputs): DeclaredDiff {
  const replaces = differing(olds, news, ["project", "region", "modelId"]);
  const updates = differing(olds, news, ["displayName", "description", "labels"]);

  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

/** Null if it no longer exists. */
export async function readDeclaredModel(vertex: Vertex, olds: ModelOutputs): Promise<ModelOutputs | null> {
  const found = await vertex.model(olds.modelId);
  if (found === null) return null;
  const { displayName, description, labels } = found;
  return { ...olds, displayName, description, labels: withoutContent(labels) };
}

export async function updateDeclaredModel(vertex: Vertex, news: DeclaredInputs): Promise<ModelOutputs> {
  const found = await vertex.model(news.modelId);
  if (found === null)
    throw new Error(
      `the model ${news.modelId} is gone from Vertex AI; 'pulumi refresh' takes note of it, and the next 'pulumi up' makes it again`,
    );
  const { displayName, description } = news;
  const mark = found.labels[CONTENT_LABEL];
  const labels = { ...news.labels, ...(mark === undefined ? {} : { [CONTENT_LABEL]: mark }) };
  await vertex.patch(news.modelId, null, { displayName, description, labels });
  return { ...news, name: modelName(vertex.place, news.modelId) };
}
