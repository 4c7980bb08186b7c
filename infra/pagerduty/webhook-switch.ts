import * as pulumi from "@pulumi/pulumi";

type SwitchInputs = { readonly subscription: string };

/** As thin as the subscription's, and for the same reason. */
class SwitchProvider implements pulumi.dynamic.ResourceProvider<SwitchInputs, SwitchInputs> {
  private token = "";
  private baseUrl = "";

  async configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.token = config.get("pagerDutyToken") ?? "";
    this.baseUrl = config.get("pagerDutyBaseUrl") ?? "";
  }

  async diff(_id: string, olds: SwitchInputs, news: SwitchInputs): Promise<pulumi.dynamic.DiffResult> {
    const other = olds.subscription !== news.subscription;
    return { changes: other, replaces: other ? ["subscription"] : [] };
  }

  async create(inputs: SwitchInputs): Promise<pulumi.dynamic.CreateResult<SwitchInputs>> {
    const { switchWebhook, webhooksOf } = await import("@mrdata/pagerduty");
    await switchWebhook(webhooksOf(this.token, this.baseUrl), inputs.subscription, true);
    return { id: inputs.subscription, outs: inputs };
  }

  async delete(id: string): Promise<void> {
    const { switchWebhook, webhooksOf } = await import("@mrdata/pagerduty");
    await switchWebhook(webhooksOf(this.token, this.baseUrl), id, false);
  }
}

export type WebhookSwitchArgs = {
  /** PagerDuty id of the subscription. */
  readonly subscription: pulumi.Input<string>;
};

/** A subscription that sends: declared once the function behind its URL answers. */
export class WebhookSwitch extends pulumi.dynamic.Resource {
  constructor(name: string, args: WebhookSwitchArgs, options?: pulumi.CustomResourceOptions) {
    super(new SwitchProvider(), name, args, options, "mrdata", "WebhookSwitch");
  }
}
