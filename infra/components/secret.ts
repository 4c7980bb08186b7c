import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "./stack.ts";

export interface SecretArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** The name in the manifests: `pagerduty-token`. Required. */
  readonly secret: string;
  /** Required. Null: the secret is there and has no version yet, and whoever needs it runs without. */
  readonly value: pulumi.Input<string> | null;
}

/** A secret in Secret Manager. Functions are pinned to the version that holds the value; a new value is a new version. */
export class Secret extends pulumi.ComponentResource {
  readonly secret: gcp.secretmanager.Secret;
  readonly version: gcp.secretmanager.SecretVersion | null;

  constructor(name: string, { stack, secret, value }: SecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:platform:Secret", name, {}, opts);
    const { settings, names, labels, apis } = stack;
    const encrypted = settings.kmsKey !== null && {
      customerManagedEncryption: { kmsKeyName: settings.kmsKey },
    };
    this.secret = new gcp.secretmanager.Secret(
      `${name}-secret`,
      {
        project: settings.project,
        secretId: names.secret(secret),
        replication: { userManaged: { replicas: [{ location: settings.region, ...encrypted }] } },
        // The state's protection keeps Pulumi from it, this the provider: a secret that is gone is a bot that is deaf.
        deletionProtection: settings.protect,
        labels,
      },
      {
        parent: this,
        protect: settings.protect,
        dependsOn: apis.of("secretmanager.googleapis.com"),
      },
    );
    this.version =
      value === null
        ? null
        : new gcp.secretmanager.SecretVersion(
            `${name}-version`,
            { secret: this.secret.id, secretData: pulumi.secret(value), deletionPolicy: "DELETE" },
            // The new version is there, and the functions run with it, before the old one goes.
            { parent: this, deleteBeforeReplace: false, additionalSecretOutputs: ["secretData"] },
          );
    this.registerOutputs({ secret: this.secret.secretId });
  }
}
