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

/** A model version on machines of its own behind an endpoint. */
export type Deployment = {
  readonly endpointId: string;
  /** What it is called there (`deployedModelIdOf`): the same one is the same bytes. */
  readonly deployedModelId: string;
  /** `projects/…/locations/…/models/…@…`. */
  readonly model: string;
  readonly displayName: string;
  /** As Compute Engine calls it: `e2-standard-2`. */
  readonly machineType: string;
};

/** Deployed models of the endpoints of one place. Methods throw VertexError, OperationError, and RangeError for names. */
export type Deployments = {
  /** Null if there is no such endpoint. */
  endpoint(id: string): Promise<RestEndpoint | null>;
  /** Deploys unless it is there, and gives it all traffic. */
  deploy(deployment: Deployment): Promise<void>;
  /** Takes it off, and gives its traffic to the newest of the others. What is not there is no error. */
  undeploy(endpointId: string, deployedModelId: string): Promise<void>;
  /** One row with nothing known, of so many features. Throws an Error that says what is wrong with the answer. */
  checkHealth(
    deployment: Pick<Deployment, "endpointId" | "deployedModelId">,
    features: number,
  ): Promise<void>;
};

/** Machines are found and a container is started: minutes, sometimes a quarter of an hour. Milliseconds. */
const DEPLOY_DEADLINE = 2_400_000;
/** In `trafficSplit` it stands for the model that is just being deployed (REST reference, `endpoints.deployModel`). */
const THIS_ONE = "0";

export function createDeployments(options: VertexOptions): Deployments {
  const { clock = realClock, random = Math.random } = options;
  const request = requesterOf(options);
  const deadline = options.operationDeadline ?? DEPLOY_DEADLINE;
  const wait = async (answer: unknown) =>
    finish(request, operationAnswer.parse(answer), { clock, random, deadline });
  const pathOf = (id: string) => endpointName(options, id);
  const endpoint = (id: string) =>
    orNull(async () => endpointAnswer.parse(await request({ method: "GET", path: pathOf(id) })));

  /** Deployments that a run before this one began, and never heard the end of. */
  async function waitForRunning(id: string): Promise<void> {
    const { operations = [] } = operationsAnswer.parse(
      await request({ method: "GET", path: `${pathOf(id)}/operations`, query: { pageSize: "100" } }),
    );
    // What failed deployed nothing: the next look tells.
    for (const one of operations)
      if (one.done !== true && String(one.metadata?.["@type"]).includes("DeployModel"))
        await wait(one).catch(() => {});
  }

  async function isThere(id: string, deployedModelId: string): Promise<boolean> {
    const look = async () =>
      (await endpoint(id))?.deployedModels.some((one) => one.id === deployedModelId) === true;
    if (await look()) return true;
    await waitForRunning(id);
    return look();
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
      const there = await endpoint(endpointId);
      if (there === null || there.trafficSplit[deployedModelId] === 100) return;
      await request({
        method: "PATCH",
        path: pathOf(endpointId),
        query: { updateMask: "trafficSplit" },
        body: { trafficSplit: { [deployedModelId]: 100 } },
      });
    },
    async undeploy(endpointId, deployedModelId) {
      const there = await endpoint(endpointId);
      if (there?.deployedModels.every(({ id }) => id !== deployedModelId) !== false) return;
      const next = there.deployedModels.findLast(({ id }) => id !== deployedModelId);
      // Google takes nothing off that has traffic; the last one's goes with it.
      const gives = (there.trafficSplit[deployedModelId] ?? 0) > 0 && next !== undefined;
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
