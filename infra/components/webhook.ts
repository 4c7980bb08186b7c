import { neededEvents } from "@mrdata/pagerduty/needed-events";
import type { SecretName } from "@mrdata/platform";
import * as pulumi from "@pulumi/pulumi";
import { WebhookSubscription } from "../pagerduty/webhook-subscription.ts";
import { WebhookSwitch } from "../pagerduty/webhook-switch.ts";
import { openCommand, sentenceIfClosed } from "../plan/webhook-open.ts";
import { ProbeSecret } from "../probe/probe-secret.ts";
import type { FunctionDeployment } from "./function-deployment.ts";
import { Secret } from "./secret.ts";
import type { Stack } from "./stack.ts";

export interface WebhookArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** Where PagerDuty sends its webhooks. Required. */
  readonly url: string;
}

/** PagerDuty's side: its webhook subscription where there is a token, and the secrets that the functions are given. */
export class Webhook extends pulumi.ComponentResource {
  /** By name in the manifests. */
  readonly secrets: ReadonlyMap<SecretName, Secret>;
  /** Null without a token: then people make it by hand. */
  readonly subscription: WebhookSubscription | null;

  private readonly stack: Stack;

  constructor(name: string, { stack, url }: WebhookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:pagerduty:Webhook", name, {}, opts);
    this.stack = stack;
    const { pagerDutyToken, webhookSecret, digestWebhook, webhookScope, suffix } = stack.settings;
    this.subscription =
      pagerDutyToken === null
        ? null
        : new WebhookSubscription(
            `${name}-subscription`,
            {
              url,
              description: `Mr Data${suffix}: ${pulumi.getStack()}`,
              events: neededEvents,
              scope: webhookScope.type,
              scopeId: webhookScope.id,
            },
            { parent: this },
          );
    const byHand = webhookSecret === null ? [] : [webhookSecret];
    const signing =
      this.subscription === null
        ? webhookSecret
        : this.subscription.secret.apply((made) => [made, ...byHand].join("\n"));
    const secret = (of: SecretName, value: pulumi.Input<string> | null) =>
      new Secret(`${name}-${of}`, { stack, secret: of, value }, { parent: this });
    this.secrets = new Map([
      ["webhook-secret", secret("webhook-secret", signing)],
      ["pagerduty-token", secret("pagerduty-token", pagerDutyToken)],
      ["probe-secret", secret("probe-secret", new ProbeSecret(`${name}-probe`, { parent: this }).secret)],
      ["digest-webhook", secret("digest-webhook", digestWebhook)],
    ]);
    this.registerOutputs({});
  }

  /**
   * Has PagerDuty send webhooks once the function that takes them is there to answer, and Google lets PagerDuty in:
   * after three refused ones it is silent for a day.
   */
  sendAfter(functions: readonly FunctionDeployment[]): readonly WebhookSwitch[] {
    const answering = functions.filter(({ manifest }) => manifest.trigger.kind === "webhook");
    if (this.subscription === null) {
      for (const one of answering)
        this.closed(one).apply(async (sentence) => {
          if (sentence !== null) await pulumi.log.warn(sentence, this);
        });
      return [];
    }
    // That they run is passed as a value: where a function is replaced, PagerDuty's webhooks are off meanwhile.
    const subscription = pulumi
      .all([this.subscription.id, pulumi.all(answering.map((one) => this.closed(one)))])
      .apply(([id, closed]) => {
        for (const sentence of closed)
          if (sentence !== null) throw new pulumi.RunError(`${sentence}; then pulumi up`);
        return id;
      });
    return [
      new WebhookSwitch(
        "webhook-switch",
        { subscription },
        // Deleted after it was made anew, it would be off: see who may call a function.
        {
          parent: this,
          dependsOn: answering.flatMap(({ invokable }) => invokable),
          deleteBeforeReplace: true,
        },
      ),
    ];
  }
  /**
   * What to do where a function that runs lets nobody in; null where it does, and in a preview. Where everybody may not be let
   * in by a grant, somebody has to let PagerDuty in by hand.
   */
  private closed({ running, url }: FunctionDeployment): pulumi.Output<string | null> {
    const { publicWebhook, region, project } = this.stack.settings;
    return running.apply(async (service) =>
      publicWebhook || pulumi.runtime.isDryRun()
        ? null
        : sentenceIfClosed(`${url}/`, openCommand(service, region, project)),
    );
  }
}
