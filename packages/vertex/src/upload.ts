import { operationAnswer, type RestOperation, type RestVersion, uploadResponse } from "./answers.ts";
import type { Vertex } from "./client.ts";
import { CONTENT_LABEL, contentLabel } from "./content.ts";
import { OperationError, VertexError } from "./errors.ts";
import { modelName } from "./names.ts";
import type { Requester } from "./request.ts";

/** The inputs of an upload. */
export type Upload = {
  readonly modelId: string;
  readonly displayName: string;
  readonly description: string;
  /** `gs://bucket/folder/` with `model.bst`. */
  readonly artifactUri: string;
  readonly imageUri: string;
  /** SHA-256 of the folder, hexadecimal: two uploads with the same content and image are one version. */
  readonly content: string;
  readonly labels: Readonly<Record<string, string>>;
};

type Ports = {
  readonly vertex: Vertex;
  readonly request: Requester;
  readonly parent: string;
  readonly wait: (operation: RestOperation) => Promise<Readonly<Record<string, unknown>>>;
};

/**
 * Uploads a version unless it exists. Before each try it searches the versions by the content's label, and waits for
 * uploads in progress. So a crash, a lost answer or a retry never creates a second one.
 */
export async function uploadOnce(ports: Ports, upload: Upload): Promise<RestVersion> {
  const { vertex, request, parent, wait } = ports;
  const { modelId } = upload;
  const content = contentLabel(upload);

  const find = async (): Promise<RestVersion | null> => {
    const search = async () =>
      (await vertex.versions(modelId)).find(({ labels }) => labels[CONTENT_LABEL] === content) ?? null;
    const existing = await search();
    if (existing !== null) return existing;
    const running = await vertex.runningUploads(modelId);
    if (running.length === 0) return null;
    // A failed upload created nothing; the next search shows whether ours succeeded.
    for (const operation of running) await wait(operation).catch(unlessFailed);
    return search();
  };

  const existing = await find();
  if (existing !== null) return existing;
  const exists = (await vertex.model(modelId)) !== null;
  const model = {
    displayName: upload.displayName,
    description: upload.description,
    artifactUri: upload.artifactUri,
    containerSpec: { imageUri: upload.imageUri },
    labels: { ...upload.labels, [CONTENT_LABEL]: content },
  };
  const body = exists ? { parentModel: modelName(vertex.place, modelId), model } : { modelId, model };
  let answer: unknown;
  try {
    answer = await request({
      method: "POST",
      path: `${parent}/models:upload`,
      body,
      beforeRetry: async () => (await find()) === null,
    });
  } catch (error) {
    // The first upload of a model uses its fixed id, which an earlier unanswered upload has already taken.
    if (!(error instanceof VertexError && error.reason === "ALREADY_EXISTS")) throw error;
    const found = await find();
    if (found === null) throw error;
    return found;
  }
  if (answer !== undefined) {
    const { modelVersionId } = uploadResponse.parse(await wait(operationAnswer.parse(answer)));
    const made = await vertex.version(modelId, modelVersionId);
    if (made !== null) return made;
  }
  const found = await find();
  if (found === null) throw new Error(`the upload to ${modelName(vertex.place, modelId)} left no version`);
  return found;
}

function unlessFailed(error: unknown): void {
  if (!(error instanceof OperationError && error.end === "failed")) throw error;
}
