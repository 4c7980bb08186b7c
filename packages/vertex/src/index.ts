export type { RestVersion } from "./answers.ts";
export { type Authorization, googleAuthorization } from "./authorization.ts";
export { createVertex, regionUrl, type Vertex, type VertexOptions } from "./client.ts";
export { CONTENT_LABEL } from "./content.ts";
export { type DeclaredDiff, type DeclaredInputs, vertexOf } from "./declared/inputs.ts";
export {
  createDeclaredModel,
  diffDeclaredModel,
  type ModelOutputs,
  readDeclaredModel,
  updateDeclaredModel,
} from "./declared/model.ts";
export { type Patience, patienceOf } from "./declared/provisioned.ts";
export {
  createDeclaredVersion,
  deleteDeclaredVersion,
  diffDeclaredVersion,
  readDeclaredVersion,
  updateDeclaredVersion,
  type VersionOutputs,
} from "./declared/version.ts";
export { OperationError, VertexError } from "./errors.ts";
export { MAX_MODEL_BYTES, type ModelFolder, ModelFolderError, readModelFolder } from "./model-folder.ts";
export { aliasOf, checkAlias, modelName, type Place } from "./names.ts";
export type { VertexClock } from "./retry.ts";
export type { Upload } from "./upload.ts";
