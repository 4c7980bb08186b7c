import { RESULTS_PREFIX } from "@mrdata/platform/google/results-prefix";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "./stack.ts";

export interface BucketsArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
}

/** What is deployed, the model versions, and history that was taken out of PagerDuty or the ledger. */
export class Buckets extends pulumi.ComponentResource {
  readonly functions: gcp.storage.Bucket;
  readonly models: gcp.storage.Bucket;
  readonly history: gcp.storage.Bucket;

  constructor(name: string, { stack }: BucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:platform:Buckets", name, {}, opts);
    const { settings, names, labels, apis } = stack;
    const bucket = (
      what: "functions" | "models" | "history",
      protect: boolean,
      lifecycleRules: gcp.types.input.storage.BucketLifecycleRule[],
    ) =>
      new gcp.storage.Bucket(
        `${name}-${what}`,
        {
          project: settings.project,
          name: names.bucket(what),
          location: settings.region.toUpperCase(),
          uniformBucketLevelAccess: true,
          publicAccessPrevention: "enforced",
          versioning: { enabled: what !== "functions" },
          softDeletePolicy: { retentionDurationSeconds: 7 * 86_400 },
          lifecycleRules: [
            { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 1 } },
            ...lifecycleRules,
          ],
          // Emptied on destroy, where it is not protected.
          forceDestroy: !protect,
          ...(settings.kmsKey !== null && { encryption: { defaultKmsKeyName: settings.kmsKey } }),
          labels,
        },
        { parent: this, protect, dependsOn: apis.of("storage.googleapis.com") },
      );
    const old = {
      action: { type: "Delete" },
      condition: { daysSinceNoncurrentTime: 90, withState: "ARCHIVED" },
    };
    const cold = { action: { type: "SetStorageClass", storageClass: "COLDLINE" }, condition: { age: 90 } };
    this.functions = bucket("functions", false, []);
    // What the tasks of a training leave is good for as long as its job.
    const results = { action: { type: "Delete" }, condition: { age: 30, matchesPrefixes: [RESULTS_PREFIX] } };
    this.models = bucket("models", settings.protect, [old, results]);
    this.history = bucket("history", settings.protect, [old, cold]);
    this.registerOutputs({ models: this.models.name, history: this.history.name });
  }
}
