import { createDeployments, type Deployment, type Deployments } from "../deployments.ts";
import { endpointName } from "../names.ts";
import type { DeclaredDiff } from "./inputs.ts";
import { NO_PATIENCE, onceProvisioned, type Patience } from "./provisioned.ts";

/** The inputs of a declared deployment. */
export type DeploymentInputs = Deployment & {
  readonly project: string;
  readonly region: string;
  /** The number of features of the model, for its health check. */
  readonly features: number;
};

/** `traffic` is its share of the endpoint's, in percent. */
export type DeploymentOutputs = DeploymentInputs & { readonly traffic: number };

/** An empty `baseUrl` means the regional address. */
export const deploymentsOf = (
  { project, region }: Pick<DeploymentInputs, "project" | "region">,
  baseUrl: string,
): Deployments => createDeployments({ project, region, ...(baseUrl === "" ? {} : { baseUrl }) });

const idOf = ({ project, region, endpointId, deployedModelId }: DeploymentInputs): string =>
  `${endpointName({ project, region }, endpointId)}/deployedModels/${deployedModelId}`;

/** Deploys with all traffic and checks one prediction. Idempotent. Fails if the model does not answer. */
export async function createDeclaredDeployment(
  deployments: Deployments,
  inputs: DeploymentInputs,
  patience: Patience = NO_PATIENCE,
): Promise<{ readonly id: string; readonly outs: DeploymentOutputs }> {
  await onceProvisioned(() => deployments.deploy(inputs), patience);
  await deployments.checkHealth(inputs, inputs.features);
  return { id: idOf(inputs), outs: { ...inputs, traffic: 100 } };
}

const made = ["project", "region", "endpointId", "deployedModelId", "model", "machineType"] as const;

/**
 * A different model is deployed before this one is removed, so that the endpoint always answers. The same model with other
 * settings has to be removed first, because its id is taken. Lost traffic is an update.
 */
export function diffDeclaredDeployment(olds: DeploymentOutputs, news: DeploymentInputs): DeclaredDiff {
  const replaces = made.filter((key) => olds[key] !== news[key]);
  const isSameName = olds.deployedModelId === news.deployedModelId && olds.endpointId === news.endpointId;
  return {
    changes: replaces.length > 0 || olds.traffic !== 100,
    replaces: [...replaces],
    deleteBeforeReplace: replaces.length > 0 && isSameName,
  };
}

/** Null if it no longer exists. */
export async function readDeclaredDeployment(
  deployments: Deployments,
  olds: DeploymentOutputs,
): Promise<DeploymentOutputs | null> {
  const there = await deployments.endpoint(olds.endpointId);
  const found = there?.deployedModels.find(({ id }) => id === olds.deployedModelId);
  if (there === null || found === undefined) return null;
  return { ...olds, traffic: there.trafficSplit[olds.deployedModelId] ?? 0 };
}
