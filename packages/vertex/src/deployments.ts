import {
  endpointAnswer,
  operationAnswer,
  operationsAnswer,
  predictAnswer,
  type RestEndpoint,
} from "./answers.ts";
import { orNull, requesterOf, type VertexOptions } from "./client.ts";
import { VertexError } from "./errors.ts";
import { endpointName } from "./names.ts";
import { finish } from "./operation.ts";
import { realClock } from "./retry.ts";

/** A model version on dedicated machines behind an endpoint. */
export type Deployment = {
  readonly endpointId: string;
  /** Its id there (`deployedModelIdOf`): equal ids mean equal bytes. */
  readonly deployedModelId: string;
  /** `projects/…/locations/…/models/…@…`. */
  readonly model: string;
  readonly displayName: string;
  /** Compute Engine's machine type: `e2-standard-2`. */
  readonly machineType: string;
};

/** Deployed models of the endpoints in one location. Methods throw VertexError, OperationError, and RangeError for names. */
export type Deployments = {
  /** Null if there is no such endpoint. */
  endpoint(id: string): Promise<RestEndpoint | null>;
  /** Deploys the model unless it is deployed, and gives it all traffic. */
  deploy(deployment: Deployment): Promise<void>;
  /** Undeploys the model, and gives its traffic to the newest of the others. A missing one is not an error. */
  undeploy(endpointId: string, deployedModelId: string): Promise<void>;
  /** Requests a prediction for one row of missing values, with the given number of features. Throws an Error that describes a wrong answer. */
  checkHealth(
    deployment: Pick<Deployment, "endpointId" | "deployedModelId">,
    features: number,
  ): Promise<void>;
};

/** Google allocates machines and starts a container, which takes minutes, sometimes a quarter of an hour. */
const DEPLOY_DEADLINE_MS = 2_400_000;
/** The key in `trafficSplit` of the model that is being deployed (REST reference, `endpoints.deployModel`). */
const THIS_ONE = "0";

export function createDeployments(options: VertexOptions): Deployments {
  const { clock = realClock, random = Math.random } = options;
  const request = requesterOf(options);
  const deadline = options.operationDeadline ?? DEPLOY_DEADLINE_MS;
  const wait = async (answer: unknown) =>
    finish(request, operationAnswer.parse(answer), { clock, random, deadline });
  const pathOf = (id: string) => endpointName(options, id);
  const endpoint = (id: string) =>
    orNull(async () => endpointAnswer.parse(await request({ method: "GET", path: pathOf(id) })));

  /** Waits for deployments that an earlier run started without seeing their end. */
  async function waitForRunning(id: string): Promise<void> {
    const { operations = [] } = operationsAnswer.parse(
      await request({ method: "GET", path: `${pathOf(id)}/operations`, query: { pageSize: "100" } }),
    );
    // A failed one deployed nothing: the next read shows that.
    for (const one of operations)
      if (one.done !== true && String(one.metadata?.["@type"]).includes("DeployModel"))
        await wait(one).catch(() => {});
  }

  async function isThere(id: string, deployedModelId: string): Promise<boolean> {
    const isDeployed = async () =>
      (await endpoint(id))?.deployedModels.some((one) => one.id === deployedModelId) === true;
    if (await isDeployed()) return true;
    await waitForRunning(id);
    return isDeployed();
  }

  return {
    endpoint,
    async deploy({ endpointId, deployedModelId, model, displayName, machineType }) {
      if (!(await isThere(endpointId, deployedModelId))) {
        const answer = await request({
          method: "POST",
          path: `${pathOf(endpointId)}:deployModel`,
          body: {
            deployedModel: {
              id: deployedModelId,
              model,
              displayName,
              dedicatedResources: { machineSpec: { machineType }, minReplicaCount: 1, maxReplicaCount: 1 },
            },
            trafficSplit: { [THIS_ONE]: 100 },
          },
          beforeRetry: async () => !(await isThere(endpointId, deployedModelId)),
        });
        if (answer !== undefined) await wait(answer);
      }
      const current = await endpoint(endpointId);
      if (current === null || current.trafficSplit[deployedModelId] === 100) return;
      await request({
        method: "PATCH",
        path: pathOf(endpointId),
        query: { updateMask: "trafficSplit" },
        body: { trafficSplit: { [deployedModelId]: 100 } },
      });
    },
    async undeploy(endpointId, deployedModelId) {
      const current = await endpoint(endpointId);
      if (current?.deployedModels.every(({ id }) => id !== deployedModelId) !== false) return;
      const next = current.deployedModels.findLast(({ id }) => id !== deployedModelId);
      // Google undeploys no model that has traffic, except the last one.
      const gives = (current.trafficSplit[deployedModelId] ?? 0) > 0 && next !== undefined;
      const answer = await orNull(() =>
        request({
          method: "POST",
          path: `${pathOf(endpointId)}:undeployModel`,
          body: { deployedModelId, ...(gives ? { trafficSplit: { [next.id]: 100 } } : {}) },
        }),
      );
      if (answer !== null) await wait(answer);
    },
    async checkHealth({ endpointId, deployedModelId }, features) {
      const instance = Array.from({ length: features }, () => null);
      let answer: unknown;
      try {
        answer = await request({
          method: "POST",
          path: `${pathOf(endpointId)}:predict`,
          body: { instances: [instance] },
        });
      } catch (error) {
        if (!(error instanceof VertexError)) throw error;
        throw new Error(
          `the model is deployed, and the endpoint ${endpointId} does not answer with it: ${error.message}`,
        );
      }
      const read = predictAnswer.safeParse(answer);
      if (!read.success)
        throw new Error(
          `the endpoint ${endpointId} answered one row with something that is not one number: is modelImage a container of xgboost?`,
        );
      if (read.data.deployedModelId !== deployedModelId)
        throw new Error(
          `the endpoint ${endpointId} answered with another model (${read.data.deployedModelId}) than the one that was deployed (${deployedModelId}): somebody changed its traffic; 'pulumi up' again`,
        );
    },
  };
}
