import type { DeclaredWebhook, WebhookOutputs } from "@mrdata/pagerduty";
import * as pulumi from "@pulumi/pulumi";

export type WebhookSubscriptionArgs = {
  readonly [K in keyof DeclaredWebhook]: pulumi.Input<DeclaredWebhook[K]>;
};

/**
 * Kept as source text in the state and run in a process of Pulumi's: so it holds nothing but a call of
 * `packages/pagerduty` per method. The token is read from the stack's settings, where it is ciphertext.
 */
class WebhookProvider implements pulumi.dynamic.ResourceProvider<DeclaredWebhook, WebhookOutputs> {
  private token = "";
  private baseUrl = "";

  async configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.token = config.get("pagerDutyToken") ?? "";
    this.baseUrl = config.get("pagerDutyBaseUrl") ?? "";
  }

  async diff(_id: string, olds: WebhookOutputs, news: DeclaredWebhook): Promise<pulumi.dynamic.DiffResult> {
    const { diffDeclaredWebhook } = await import("@mrdata/pagerduty");
    return diffDeclaredWebhook(olds, news);
  }

  async create(inputs: DeclaredWebhook): Promise<pulumi.dynamic.CreateResult<WebhookOutputs>> {
    const { createDeclaredWebhook, webhooksOf } = await import("@mrdata/pagerduty");
    return createDeclaredWebhook(webhooksOf(this.token, this.baseUrl), inputs);
  }

  async read(id: string, olds?: WebhookOutputs): Promise<pulumi.dynamic.ReadResult<WebhookOutputs>> {
    const { readDeclaredWebhook, webhooksOf } = await import("@mrdata/pagerduty");
    // Only an import knows nothing but the id, and PagerDuty shows the secret once.
    if (olds === undefined) return { id };
    const props = await readDeclaredWebhook(webhooksOf(this.token, this.baseUrl), id, olds);
    return props === null ? { id: "" } : { id, props };
  }

  async update(
    id: string,
    olds: WebhookOutputs,
    news: DeclaredWebhook,
  ): Promise<pulumi.dynamic.UpdateResult<WebhookOutputs>> {
    const { updateDeclaredWebhook, webhooksOf } = await import("@mrdata/pagerduty");
    return { outs: await updateDeclaredWebhook(webhooksOf(this.token, this.baseUrl), id, olds, news) };
  }

  async delete(id: string): Promise<void> {
    const { webhooksOf } = await import("@mrdata/pagerduty");
    await webhooksOf(this.token, this.baseUrl).deleteSubscription(id);
  }
}

/** A webhook subscription of PagerDuty's, silent until it is switched on. */
export class WebhookSubscription extends pulumi.dynamic.Resource {
  /** Signs every webhook; PagerDuty makes it. */
  declare readonly secret: pulumi.Output<string>;

  constructor(name: string, args: WebhookSubscriptionArgs, options?: pulumi.CustomResourceOptions) {
    super(
      new WebhookProvider(),
      name,
      { secret: undefined, ...args },
      { ...options, additionalSecretOutputs: ["secret"] },
      "mrdata",
      "WebhookSubscription",
    );
  }
}
