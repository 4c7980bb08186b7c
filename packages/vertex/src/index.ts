export type { RestVersion } from "./answers.ts";
export { type Authorization, googleAuthorization } from "./authorization.ts";
export { createVertex, regionUrl, type Vertex, type VertexOptions } from "./client.ts";
export { CONTENT_LABEL } from "./content.ts";
export {
  createDeclaredDeployment,
  type DeploymentInputs,
  type DeploymentOutputs,
  deploymentsOf,
  diffDeclaredDeployment,
  readDeclaredDeployment,
} from "./declared/deployment.ts";
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
export { deployedModelIdOf } from "./deployed-model-id.ts";
export { createDeployments, type Deployment, type Deployments } from "./deployments.ts";
export {
  createEndpoint,
  ENDPOINT_LIMIT_MS,
  type Endpoint,
  type EndpointAnswer,
  type EndpointQuestion,
} from "./endpoint.ts";
export { OperationError, VertexError } from "./errors.ts";
export { MAX_MODEL_BYTES, type ModelFolder, ModelFolderError, readModelFolder } from "./model-folder.ts";
export { aliasOf, checkAlias, endpointName, modelName, type Place } from "./names.ts";
export type { VertexClock } from "./retry.ts";
export type { Upload } from "./upload.ts";
