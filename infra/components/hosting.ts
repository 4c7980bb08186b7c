import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { VertexDeployment } from "../model/vertex-deployment.ts";
import type { LocalVersion } from "../settings/model-folder.ts";
import type { FunctionDeployment } from "./function-deployment.ts";
import type { Model } from "./model.ts";
import type { Stack } from "./stack.ts";

export interface HostingArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** The version in the registry, and on this machine. Required. */
  readonly model: Model;
  readonly version: LocalVersion;
  /** Those of them that need the endpoint may ask it. Required. */
  readonly functions: readonly FunctionDeployment[];
}

/** The smallest machine that Vertex AI serves a model on: a row takes microseconds. */
const MACHINE_TYPE = "e2-standard-2";

/**
 * The version behind an endpoint for online prediction, and who may ask it. It comes last, grants too: what Vertex AI refuses stops
 * nothing, for without an endpoint the score in the bot's own process counts.
 */
export class Hosting extends pulumi.ComponentResource {
  readonly endpoint: gcp.vertex.AiEndpoint;
  readonly deployment: VertexDeployment;

  constructor(name: string, args: HostingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:vertex:Hosting", name, {}, opts);
    const { stack, model, version, functions } = args;
    const { settings, names, labels, apis } = stack;
    const { project, region, kmsKey } = settings;
    this.endpoint = new gcp.vertex.AiEndpoint(
      `${name}-endpoint`,
      {
        project,
        location: region,
        region,
        name: names.endpointId,
        displayName: names.model,
        description: "Mr Data: a second opinion about what would be held",
        labels,
        ...(kmsKey === null ? {} : { encryptionSpec: { kmsKeyName: kmsKey } }),
      },
      {
        parent: this,
        dependsOn: apis.of("aiplatform.googleapis.com"),
        // Who gets which share is the deployment's affair; Google fills it in.
        ignoreChanges: ["trafficSplit"],
      },
    );
    // Every role of Google's that may predict may deploy and delete as well.
    const predictor = new gcp.projects.IAMCustomRole(
      `${name}-predictor`,
      {
        project,
        roleId: names.predictorRole,
        title: `Mr Data: asks an endpoint (${names.model})`,
        description: "May ask an endpoint for predictions, and nothing else",
        permissions: ["aiplatform.endpoints.predict"],
      },
      { parent: this, dependsOn: apis.of("iam.googleapis.com") },
    );
    for (const { manifest, account } of functions.filter((one) =>
      one.manifest.needs.some((need) => "endpoint" in need),
    ))
      new gcp.vertex.AiEndpointIamMember(
        `${name}-asked-by-${manifest.name}`,
        {
          project,
          location: region,
          endpoint: this.endpoint.name,
          role: predictor.name,
          member: account.member,
        },
        { parent: this },
      );
    this.deployment = new VertexDeployment(
      `${name}-deployment`,
      {
        project,
        region,
        endpointId: this.endpoint.name,
        deployedModelId: version.deployedModelId,
        model: model.version.name,
        displayName: version.version,
        machineType: MACHINE_TYPE,
        features: version.features,
      },
      { parent: this, dependsOn: [this.endpoint, model.version] },
    );
    this.registerOutputs({ endpoint: this.endpoint.name });
  }
}
