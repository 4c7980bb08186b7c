import { z } from "zod";
import type { Fate, Operations } from "./operations.ts";
import { invalid, notFound, Refusal, refused } from "./refusal.ts";

const id = z.string().regex(/^[0-9]{1,10}$/);
const split = z.record(z.string().regex(/^[0-9]{1,10}$/), z.number().int().min(0).max(100));

/** REST reference v1, `endpoints.deployModel`, with the limits of its fields. */
const deploy = z.strictObject({
  deployedModel: z.strictObject({
    id: id.optional(),
    model: z.string().regex(/^projects\/[^/]+\/locations\/[^/]+\/models\/[^/@]+(@[^/@]+)?$/),
    displayName: z.string().max(128),
    dedicatedResources: z.strictObject({
      machineSpec: z.strictObject({ machineType: z.string().regex(/^[a-z][a-z0-9]*-[a-z]+-\d+$/) }),
      minReplicaCount: z.number().int().min(1),
      maxReplicaCount: z.number().int().min(1).optional(),
    }),
  }),
  trafficSplit: split.optional(),
});
const undeploy = z.strictObject({ deployedModelId: id, trafficSplit: split.optional() });
const change = z.strictObject({ trafficSplit: split });
const predict = z.strictObject({ instances: z.array(z.array(z.number().nullable())).min(1) });

export type DeployedModel = { readonly id: string; readonly model: string; readonly modelVersionId: string };
type State = { models: readonly DeployedModel[]; traffic: Readonly<Record<string, number>> };

/** Google's rules for models on endpoints. The endpoints themselves are made elsewhere: `exists` says which are there. */
export type Endpoints = {
  readonly deployed: (endpoint: string) => readonly DeployedModel[];
  /** `GET`, `PATCH`, `deployModel`, `undeployModel`, `predict` of `projects/…/endpoints/…`. */
  call(
    name: string,
    call: string,
    asked: { readonly body: unknown; readonly mask: string; readonly fate: Fate },
  ): unknown;
};

type Ports = {
  readonly operations: Operations;
  readonly exists: (endpoint: string) => boolean;
  /** The number of this version of a model; throws what Google answers. */
  readonly versionOf: (model: string) => string;
  /** What the container says. */
  readonly scores: (
    instances: readonly (readonly (number | null)[])[],
    deployed: DeployedModel,
  ) => readonly unknown[];
};

export function createEndpoints({ operations, exists, versionOf, scores }: Ports): Endpoints {
  const states = new Map<string, State>();
  const stateOf = (name: string): State => states.get(name) ?? { models: [], traffic: {} };

  const checkSplit = (given: Readonly<Record<string, number>>, known: readonly string[]) => {
    const unknown = Object.keys(given).find((one) => !known.includes(one));
    if (unknown !== undefined)
      throw invalid(`The traffic split names ${unknown}, which is not deployed on the endpoint.`);
    const sum = Object.values(given).reduce((all, one) => all + one, 0);
    if (Object.keys(given).length > 0 && sum !== 100)
      throw invalid(`The traffic split percentages must add up to 100, and add up to ${sum}.`);
  };

  function deployOn(name: string, body: unknown, fate: Fate): unknown {
    const { deployedModel: wanted, trafficSplit = {} } = read(deploy, body);
    const { models } = stateOf(name);
    const own = wanted.id ?? String(1_000_000_000 + models.length);
    if (models.some((one) => one.id === own))
      throw new Refusal(409, "ALREADY_EXISTS", `DeployedModel ${own} already exists on the endpoint.`);
    checkSplit(trafficSplit, ["0", ...models.map((one) => one.id)]);
    const made = {
      id: own,
      model: wanted.model.split("@")[0] ?? "",
      modelVersionId: versionOf(wanted.model),
    };
    return operations.start(name, "DeployModel", fate, () => {
      const before = stateOf(name);
      const traffic = Object.fromEntries(
        Object.entries(trafficSplit).map(([key, share]) => [key === "0" ? own : key, share]),
      );
      states.set(name, {
        models: [...before.models, made],
        traffic: Object.keys(traffic).length > 0 ? traffic : before.traffic,
      });
      return { deployedModel: made };
    });
  }

  function undeployFrom(name: string, body: unknown, fate: Fate): unknown {
    const { deployedModelId, trafficSplit } = read(undeploy, body);
    const { models, traffic } = stateOf(name);
    if (!models.some((one) => one.id === deployedModelId))
      throw notFound(`The DeployedModel ${deployedModelId}`);
    const left = models.filter((one) => one.id !== deployedModelId);
    checkSplit(
      trafficSplit ?? {},
      models.map((one) => one.id),
    );
    const then = trafficSplit ?? traffic;
    if (left.length > 0 && (then[deployedModelId] ?? 0) > 0)
      throw refused(`The DeployedModel ${deployedModelId} has traffic, and cannot be undeployed.`);
    return operations.start(name, "UndeployModel", fate, () => {
      states.set(name, { models: left, traffic: left.length === 0 ? {} : then });
      return {};
    });
  }

  function predictBy(name: string, body: unknown): unknown {
    const { instances } = read(predict, body);
    const { models, traffic } = stateOf(name);
    const chosen = models.find((one) => (traffic[one.id] ?? 0) > 0);
    if (chosen === undefined) throw refused(`Endpoint ${name} doesn't have traffic_split.`);
    return {
      predictions: scores(instances, chosen),
      deployedModelId: chosen.id,
      model: chosen.model,
      modelVersionId: chosen.modelVersionId,
    };
  }

  return {
    deployed: (endpoint) => stateOf(endpoint).models,
    call(name, call, { body, mask, fate }) {
      if (!exists(name)) throw notFound(`The Endpoint ${name}`);
      const { models, traffic } = stateOf(name);
      const shown = () => ({ name, deployedModels: models, trafficSplit: traffic });
      switch (call) {
        case "GET ":
          return shown();
        case "PATCH ": {
          if (mask !== "trafficSplit") throw invalid(`The field '${mask}' cannot be updated here.`);
          const { trafficSplit } = read(change, body);
          checkSplit(
            trafficSplit,
            models.map((one) => one.id),
          );
          states.set(name, { models, traffic: trafficSplit });
          return { name, deployedModels: models, trafficSplit };
        }
        case "POST deployModel":
          return deployOn(name, body, fate);
        case "POST undeployModel":
          return undeployFrom(name, body, fate);
        case "POST predict":
          return predictBy(name, body);
        default:
          throw notFound(`The method ${call} of ${name}`);
      }
    },
  };
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`Invalid value at '${issue?.path.join(".")}': ${issue?.message}`);
}
