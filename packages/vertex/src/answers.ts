import { z } from "zod";

const stringMap = z.record(z.string(), z.string());

const model = z
  .object({
    name: z.string(),
    versionId: z.string(),
    versionAliases: z.array(z.string()).optional(),
    displayName: z.string(),
    description: z.string().optional(),
    versionDescription: z.string().optional(),
    labels: stringMap.optional(),
    artifactUri: z.string().optional(),
    containerSpec: z.object({ imageUri: z.string() }).optional(),
    versionCreateTime: z.string().optional(),
  })
  .transform((answer) => ({
    // A version is returned under its model's name, sometimes with `@version` appended.
    name: answer.name.split("@", 1)[0] ?? answer.name,
    version: answer.versionId,
    aliases: answer.versionAliases ?? [],
    displayName: answer.displayName,
    description: answer.description ?? "",
    labels: answer.labels ?? {},
    artifactUri: answer.artifactUri ?? "",
    imageUri: answer.containerSpec?.imageUri ?? "",
    createdAt: answer.versionCreateTime ?? null,
  }));

/** A version of a model as returned by `projects.locations.models` (REST reference v1, Model); only the fields that we use. */
export type RestVersion = z.output<typeof model>;

export const modelAnswer = model;
export const versionsAnswer = z.object({
  models: z.array(model).optional(),
  nextPageToken: z.string().optional(),
});

export const operationAnswer = z.object({
  name: z.string(),
  done: z.boolean().optional(),
  error: z.object({ code: z.number().optional(), message: z.string().optional() }).optional(),
  response: z.record(z.string(), z.unknown()).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
export type RestOperation = z.output<typeof operationAnswer>;

export const operationsAnswer = z.object({
  operations: z.array(operationAnswer).optional(),
  nextPageToken: z.string().optional(),
});

export const uploadResponse = z.object({ model: z.string(), modelVersionId: z.string() });

const deployedModel = z.object({
  id: z.string(),
  model: z.string(),
  modelVersionId: z.string().optional(),
});

/** An endpoint as returned by `projects.locations.endpoints`; only the fields that we use. */
export const endpointAnswer = z
  .object({
    deployedModels: z.array(deployedModel).optional(),
    trafficSplit: z.record(z.string(), z.number()).optional(),
  })
  .transform(({ deployedModels = [], trafficSplit = {} }) => ({ deployedModels, trafficSplit }));
export type RestEndpoint = z.output<typeof endpointAnswer>;

/** The answer for one row: a score, and the deployed model that gave it. */
export const predictAnswer = z.object({
  predictions: z.tuple([z.number()]),
  deployedModelId: z.string(),
});
