import type { SecretName } from "@mrdata/platform";
import * as pulumi from "@pulumi/pulumi";
import { Secret } from "./secret.ts";
import type { Stack } from "./stack.ts";

export interface WebhookArgs {
  readonly stack: Stack;
  /** Where PagerDuty sends its webhooks. */
  readonly url: string;
}

/** PagerDuty's side: its webhook subscription where there is a token, and the secrets that the functions are given. */
export class Webhook extends pulumi.ComponentResource {
  /** By name in the manifests. */
  readonly secrets: ReadonlyMap<SecretName, Secret>;

  constructor(name: string, { stack }: WebhookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:pagerduty:Webhook", name, {}, opts);
    const { pagerDutyToken, webhookSecret } = stack.settings;
    const secret = (of: SecretName, value: pulumi.Input<string> | null) =>
      new Secret(`${name}-${of}`, { stack, secret: of, value }, { parent: this });
    this.secrets = new Map([
      ["webhook-secret", secret("webhook-secret", webhookSecret)],
      ["pagerduty-token", secret("pagerduty-token", pagerDutyToken)],
    ]);
    this.registerOutputs({});
  }
}
