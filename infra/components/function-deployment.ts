import type { Manifest } from "@mrdata/functions/manifests";
import { secretVariables } from "@mrdata/platform/secrets";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionArchive } from "../bundles.ts";
import { deployedOf } from "../deployed-functions.ts";
import { onceGranted } from "../once-known.ts";
import { buildHint } from "../plan/builds.ts";
import { ABSENT, type Deployed, declaredAs, hasNewGrants, sentenceIfGone } from "../plan/deployed.ts";
import { environmentOf } from "../plan/environment.ts";
import { grantsOf, needsMet } from "../plan/grants.ts";
import type { Settings } from "../settings/settings.ts";
import type { Buckets } from "./buckets.ts";
import type { Builder } from "./builder.ts";
import type { Callers } from "./callers.ts";
import { declareGrant, type GrantTargets } from "./grant.ts";
import type { Stack } from "./stack.ts";

export interface FunctionDeploymentArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** What the function needs, what calls it, and its size. Required. */
  readonly manifest: Manifest;
  /** Its bundled code. Required: undefined is an error that names the function. */
  readonly archive: FunctionArchive | undefined;
  /** Where its code is uploaded to. Required. */
  readonly buckets: Buckets;
  /** Who builds it, and where its image is. Required. */
  readonly builder: Builder;
  /** What its needs are of. Required. */
  readonly targets: GrantTargets;
  /** Those of them that its trigger names may call it. Required. */
  readonly callers: Callers;
}

/** One deployed function of packages/functions: its account, its bundled code, what it may do, and who may call it. */
export class FunctionDeployment extends pulumi.ComponentResource {
  readonly manifest: Manifest;
  readonly account: gcp.serviceaccount.Account;
  readonly function: gcp.cloudfunctionsv2.Function;
  /** The root of its URL, and the audience of its callers' tokens. */
  readonly url: string;
  /** What has to be there before it can be called. */
  readonly invokable: pulumi.Resource[];
  /** Its name, once it runs: a deployment that ends with a function that does not ends with a sentence. */
  readonly running: pulumi.Output<string>;

  constructor(name: string, args: FunctionDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:functions:FunctionDeployment", name, {}, opts);
    const { stack, manifest, archive, buckets, builder, targets, callers } = args;
    const { settings, names, labels, apis } = stack;
    const { project, region } = settings;
    const { size } = manifest;
    if (archive === undefined) throw new Error(`function ${name} was not bundled`);
    this.manifest = manifest;
    this.url = names.url(name);
    this.account = new gcp.serviceaccount.Account(
      `${name}-account`,
      { project, accountId: names.account(name), displayName: `Mr Data: ${name}` },
      { parent: this, dependsOn: apis.of("iam.googleapis.com") },
    );
    const grants = grantsOf(needsMet(manifest.needs, settings)).map((grant) =>
      declareGrant(`${name}-${grant.slug}`, grant, this.account.member, targets, { parent: this }),
    );
    // The name carries the content: changed bytes are another object, and only they make another function.
    const source = new gcp.storage.BucketObject(
      `${name}-source`,
      {
        bucket: buckets.functions.name,
        name: `${name}-${archive.hash.slice(0, 32)}.zip`,
        source: archive.code,
      },
      { parent: this, deleteBeforeReplace: false },
    );
    const held = manifest.needs.flatMap((need) => {
      const secret = "secret" in need ? targets.secrets.get(need.secret) : undefined;
      const key = "secret" in need ? secretVariables[need.secret] : undefined;
      return secret?.version && key !== undefined ? [{ key, secret, version: secret.version.version }] : [];
    });
    const deployed = stack.deployed.get(name) ?? ABSENT;
    const { description, isMadeAgain } = declaredAs(name, deployed);
    const isNew = hasNewGrants(
      deployed,
      held.map(({ key }) => key),
    );
    const waitMs = isNew ? settings.grantWait : 0;
    const builtBy = pulumi.interpolate`projects/${project}/serviceAccounts/${builder.account.email}`;
    const waits = manifest.trigger.kind === "schedule" || manifest.wakesPeople === false;
    const warm = waits ? 0 : settings.minInstances;
    this.function = new gcp.cloudfunctionsv2.Function(
      `${name}-function`,
      {
        project,
        location: region,
        name: names.service(name),
        description,
        buildConfig: {
          runtime: "nodejs24",
          entryPoint: name,
          serviceAccount: onceGranted(builtBy, [...builder.grants, ...grants], { waitMs, resource: this }),
          dockerRepository: pulumi.interpolate`projects/${project}/locations/${region}/repositories/${builder.repository.repositoryId}`,
          source: { storageSource: { bucket: buckets.functions.name, object: source.name } },
        },
        serviceConfig: {
          serviceAccountEmail: this.account.email,
          availableMemory: size.memory,
          availableCpu: String(size.cpu),
          maxInstanceRequestConcurrency: size.concurrency,
          minInstanceCount: warm,
          maxInstanceCount: Math.max(
            warm,
            Math.min(size.maxInstances, settings.maxInstances ?? size.maxInstances),
          ),
          timeoutSeconds: size.timeoutSeconds,
          // Pub/Sub and Cloud Scheduler of the same project count as internal when they call the run.app address
          // (https://cloud.google.com/run/docs/securing/ingress#settings); PagerDuty and people come from outside.
          ingressSettings: comesFromOutside(manifest) ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY",
          allTrafficOnLatestRevision: true,
          environmentVariables: environmentOf(manifest, settings, names),
          secretEnvironmentVariables: held.map(({ key, secret, version }) => ({
            key,
            projectId: project,
            secret: secret.secret.secretId,
            version,
          })),
        },
        labels,
      },
      {
        parent: this,
        // Its name is fixed: a second one beside it is refused.
        deleteBeforeReplace: true,
        // What failed is made again by the next `up`: an update would have nothing to send.
        replaceOnChanges: ["#initerror", ...(isMadeAgain ? ["description"] : [])],
        dependsOn: [
          ...apis.of("cloudfunctions.googleapis.com", "run.googleapis.com", "cloudbuild.googleapis.com"),
          ...builder.grants,
          ...grants,
        ],
      },
    );
    this.running = pulumi
      .all([this.function.name, this.function.state])
      .apply(([service, state]) => running(service, { state, before: deployed, settings }));
    // It goes with a function that is made again. Where that was broken off, the engine takes it for one to be made first and deleted
    // then, unless told otherwise; both have one id, so that it would delete what it has just made.
    const invoked = Object.entries(invokersOf(manifest, callers, settings)).map(
      ([who, member]) =>
        new gcp.cloudrun.IamMember(
          `${name}-invoked-by-${who}`,
          { project, location: region, service: this.running, role: "roles/run.invoker", member },
          { parent: this, dependsOn: [this.function], deleteBeforeReplace: true },
        ),
    );
    this.invokable = [this.function, ...invoked];
    this.registerOutputs({ url: this.url });
  }
}

const comesFromOutside = ({ trigger }: Manifest): boolean =>
  trigger.kind === "webhook" || trigger.kind === "people";

/** A preview does not know yet. What Pulumi has in its state may be gone at Google. */
async function running(
  name: string,
  { state, before, settings }: { state: string; before: Deployed; settings: Settings },
): Promise<string> {
  if (pulumi.runtime.isDryRun()) return name;
  if (state !== "ACTIVE")
    throw new pulumi.RunError(
      `The function ${name} does not run: at Google its state is ${state}. Another up makes it again. ${buildHint(settings.region)}`,
    );
  const gone =
    before.state === "absent" ? sentenceIfGone(name, before, await deployedOf(settings, name)) : null;
  if (gone !== null) throw new pulumi.RunError(gone);
  return name;
}

/** Who may call a function, by a word for each: exactly those that its trigger names. */
function invokersOf(
  { trigger }: Manifest,
  { pusher, scheduler }: Callers,
  { publicWebhook, reportMembers }: Pick<Settings, "publicWebhook" | "reportMembers">,
): Readonly<Record<string, pulumi.Input<string>>> {
  switch (trigger.kind) {
    case "webhook":
      return publicWebhook ? { anyone: "allUsers" } : {};
    case "push":
      return { push: pusher.member };
    case "schedule":
      return scheduler === null ? {} : { schedule: scheduler.member };
    case "people":
      return Object.fromEntries(reportMembers.map((member) => [member.replace(/[^a-z0-9]+/gi, "-"), member]));
  }
}
