import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Subscription } from "@mrdata/platform";
import { z } from "zod";

const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({
        urn: z.string(),
        type: z.string(),
        inputs: z.record(z.string(), z.unknown()).optional(),
        outputs: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
});

const functionInputs = z.object({
  name: z.string(),
  buildConfig: z.object({
    entryPoint: z.string(),
    source: z.object({ storageSource: z.object({ bucket: z.string(), object: z.string() }) }),
  }),
  serviceConfig: z.object({
    environmentVariables: z.record(z.string(), z.string()),
    secretEnvironmentVariables: z
      .array(z.object({ key: z.string(), secret: z.string(), version: z.string() }))
      .default([]),
  }),
});
const objectInputs = z.object({
  bucket: z.string(),
  name: z.string(),
  source: z.object({ assets: z.record(z.string(), z.object({ path: z.string() })) }),
});
const modelFileInputs = z.object({
  bucket: z.string(),
  name: z.string(),
  source: z.union([z.object({ path: z.string() }), z.object({ text: z.string() })]),
});
const topicInputs = z.object({ name: z.string() });
const subscriptionInputs = z.object({
  name: z.string(),
  topic: z.string(),
  enableMessageOrdering: z.boolean().default(false),
  ackDeadlineSeconds: z.number(),
  pushConfig: z.object({ pushEndpoint: z.string() }).optional(),
  retryPolicy: z.object({ minimumBackoff: z.string(), maximumBackoff: z.string() }).optional(),
  deadLetterPolicy: z.object({ deadLetterTopic: z.string(), maxDeliveryAttempts: z.number() }).optional(),
});
const scheduleInputs = z.object({
  name: z.string(),
  schedule: z.string(),
  httpTarget: z.object({ uri: z.string(), httpMethod: z.string() }),
});
const databaseInputs = z.object({ name: z.string(), project: z.string() });
const secretVersion = z.object({
  secret: z.string(),
  secretData: z.object({ plaintext: z.string() }),
  version: z.string(),
});

export type DeclaredFunction = {
  /** The service's name, which the platform tells it as K_SERVICE. */
  readonly service: string;
  readonly entryPoint: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables with the secrets' plain values. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Writes the declared source archive out. */
  unpack(folder: string): void;
};

export type DeclaredSystem = {
  readonly functions: readonly DeclaredFunction[];
  /** Objects that are no archives: the files of model versions, by bucket and name. */
  readonly files: readonly { readonly bucket: string; readonly name: string; readonly bytes: Buffer }[];
  readonly topics: readonly string[];
  /** Push subscriptions, with the service that each pushes to in `pushEndpoint`. */
  readonly pushes: readonly (Subscription & { readonly ordered: boolean })[];
  /** What Cloud Scheduler calls, and when. */
  readonly schedules: readonly { readonly cron: string; readonly uri: string; readonly method: string }[];
  readonly pulls: readonly { readonly name: string; readonly topic: string }[];
  readonly database: { readonly name: string; readonly project: string };
};

const milliseconds = (duration: string): number => Number(/^(\d+)s$/.exec(duration)?.[1]) * 1000;

/** What `pulumi stack export --show-secrets` says that there is; relative paths in it are below `infra`. */
export function declaredSystem(json: string, infra: string): DeclaredSystem {
  const { resources } = exported.parse(JSON.parse(json)).deployment;
  const inputsOf = <T>(type: string, schema: z.ZodType<T>): readonly T[] =>
    resources.filter((one) => one.type === type).map(({ inputs }) => schema.parse(inputs));
  const OBJECT = "gcp:storage/bucketObject:BucketObject";
  const isArchive = (inputs: unknown) => objectInputs.safeParse(inputs).success;
  const stored = inputsOf(OBJECT, z.unknown());
  const objects = stored.filter(isArchive).map((inputs) => objectInputs.parse(inputs));
  const files = stored.filter((inputs) => !isArchive(inputs)).map((inputs) => modelFileInputs.parse(inputs));
  const versions = resources
    .filter(({ type }) => type === "gcp:secretmanager/secretVersion:SecretVersion")
    .map(({ outputs }) => secretVersion.parse(outputs));
  const [database] = inputsOf("gcp:firestore/database:Database", databaseInputs);
  if (database === undefined) throw new Error("no database is declared");
  const subscriptions = inputsOf("gcp:pubsub/subscription:Subscription", subscriptionInputs);

  return {
    database,
    files: files.map(({ bucket, name, source }) => ({
      bucket,
      name,
      bytes: "path" in source ? readFileSync(join(infra, source.path)) : Buffer.from(source.text),
    })),
    topics: inputsOf("gcp:pubsub/topic:Topic", topicInputs).map(({ name }) => name),
    schedules: inputsOf("gcp:cloudscheduler/job:Job", scheduleInputs).map(({ schedule, httpTarget }) => ({
      cron: schedule,
      uri: httpTarget.uri,
      method: httpTarget.httpMethod,
    })),
    pulls: subscriptions.filter(({ pushConfig }) => pushConfig === undefined),
    pushes: subscriptions.flatMap(({ pushConfig, retryPolicy, deadLetterPolicy, ...one }) => {
      if (pushConfig === undefined || retryPolicy === undefined || deadLetterPolicy === undefined) return [];
      return [
        {
          name: one.name,
          topic: one.topic,
          ordered: one.enableMessageOrdering,
          pushEndpoint: pushConfig.pushEndpoint,
          ackDeadline: one.ackDeadlineSeconds * 1000,
          retry: {
            minimum: milliseconds(retryPolicy.minimumBackoff),
            maximum: milliseconds(retryPolicy.maximumBackoff),
          },
          maxDeliveryAttempts: deadLetterPolicy.maxDeliveryAttempts,
          deadLetterTopic: deadLetterPolicy.deadLetterTopic.split("/").at(-1) ?? "",
        },
      ];
    }),
    functions: inputsOf("gcp:cloudfunctionsv2/function:Function", functionInputs).map((one) => {
      const { entryPoint, source } = one.buildConfig;
      const { bucket, object } = source.storageSource;
      const archive = objects.find((candidate) => candidate.bucket === bucket && candidate.name === object);
      if (archive === undefined) throw new Error(`${one.name} is declared with a source that is not there`);
      return {
        service: one.name,
        entryPoint,
        environment: one.serviceConfig.environmentVariables,
        secrets: Object.fromEntries(
          one.serviceConfig.secretEnvironmentVariables.map(({ key, secret, version }) => {
            const found = versions.find(
              (candidate) => candidate.secret.endsWith(`/secrets/${secret}`) && candidate.version === version,
            );
            if (found === undefined) throw new Error(`${key} is declared with a version that is not there`);
            return [key, z.string().parse(JSON.parse(found.secretData.plaintext))];
          }),
        ),
        unpack(folder) {
          mkdirSync(folder, { recursive: true });
          for (const [name, { path }] of Object.entries(archive.source.assets))
            cpSync(join(infra, path), join(folder, name));
        },
      };
    }),
  };
}
