import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { COMPLETE, manifestOf, writeManifest } from "@mrdata/platform/google/model-manifest";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { VertexModel } from "../model/vertex-model.ts";
import { VertexModelVersion } from "../model/vertex-model-version.ts";
import type { LocalVersion } from "../settings/model-folder.ts";
import type { Buckets } from "./buckets.ts";
import type { Stack } from "./stack.ts";

export interface ModelArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** Where `respond` reads versions from. Required. */
  readonly buckets: Buckets;
  /** The version that is published. Required. */
  readonly version: LocalVersion;
  /** Vertex AI comes after it, so that what it refuses stops nothing. Required. */
  readonly after: readonly pulumi.Resource[];
}

/** Where Pulumi's program runs, which paths of files are relative to. */
const home = join(import.meta.dirname, "..");

/**
 * A model version: its files in the bucket that `respond` reads, and its entry in Vertex AI's registry. It is used once
 * it is promoted. The files stay when another version takes its place here, so that going back is moving an alias.
 */
export class Model extends pulumi.ComponentResource {
  readonly model: VertexModel;
  readonly version: VertexModelVersion;

  constructor(name: string, args: ModelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:vertex:Model", name, {}, opts);
    const { stack, buckets, version, after } = args;
    const { settings, names, labels, apis } = stack;
    const { folder, files, content } = version;
    const bucket = buckets.models.name;
    const kept = { parent: this, retainOnDelete: settings.protect };
    const uploaded = files.map(
      (file) =>
        new gcp.storage.BucketObject(
          `${name}-${version.version}-${file}`,
          {
            bucket,
            name: `${version.version}/${file}`,
            source: new pulumi.asset.FileAsset(relative(home, join(folder, file))),
          },
          kept,
        ),
    );
    // Written last: a version without it does not exist for its readers.
    const manifest = manifestOf(
      new Map(files.map((file) => [file, readFileSync(join(folder, file))])),
      content,
    );
    const complete = new gcp.storage.BucketObject(
      `${name}-${version.version}-complete`,
      {
        bucket,
        name: `${version.version}/${COMPLETE}`,
        source: new pulumi.asset.StringAsset(writeManifest(manifest)),
      },
      { ...kept, dependsOn: uploaded },
    );
    const upload = {
      project: settings.project,
      region: settings.region,
      modelId: names.model,
      displayName: names.model,
      description: "Mr Data: whether an incident resolves itself within the hold window",
      artifactUri: pulumi.interpolate`gs://${bucket}/${version.version}/`,
      imageUri: settings.modelImage,
      content,
      // One name everywhere: the argument of `mrdata models promote` is the folder in the bucket.
      alias: version.version,
      labels: { ...labels },
    };
    // Vertex AI's own accounts read the files, and take minutes to be made: asked for early, they are there by then.
    const agent = new gcp.projects.ServiceIdentity(
      `${name}-agent`,
      { project: settings.project, service: "aiplatform.googleapis.com" },
      { parent: this, retainOnDelete: true, dependsOn: apis.of("aiplatform.googleapis.com") },
    );
    this.model = new VertexModel(`${name}-vertex`, upload, {
      parent: this,
      dependsOn: [...apis.of("aiplatform.googleapis.com"), complete, agent, ...after],
    });
    this.version = new VertexModelVersion(`${name}-version`, upload, {
      parent: this,
      dependsOn: [this.model],
    });
    this.registerOutputs({ model: this.model.name, version: this.version.alias });
  }
}
