import { deployedDelivery } from "@mrdata/functions/manifests";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { REPLAYABLE, secondsOf } from "../plan/durations.ts";
import type { FunctionDeployment } from "./function-deployment.ts";
import type { Notify } from "./notify.ts";
import type { Stack } from "./stack.ts";

export interface PushSubscriptionArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
  /** Where the topic and the dead letters are. Required. */
  readonly notify: Notify;
  /** The topic's name in the manifest. Required. */
  readonly topic: string;
  /** The private function that events are pushed to. Required. */
  readonly to: FunctionDeployment;
  /** Whose tokens the function is shown. Required. */
  readonly pusher: gcp.serviceaccount.Account;
  /** How long the function may take, seconds: after that Pub/Sub pushes again. Default: as everywhere. */
  readonly ackDeadlineSeconds?: number;
  /** Delivery attempts before the event becomes a dead letter, 5 to 100. Default: the same for all subscriptions. */
  readonly maxDeliveryAttempts?: number;
}

/** Pushes a topic's events to a private function, one incident's events in order, and what fails to the dead letters. */
export class PushSubscription extends pulumi.ComponentResource {
  readonly subscription: gcp.pubsub.Subscription;

  constructor(name: string, args: PushSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:platform:PushSubscription", name, {}, opts);
    const { stack, notify, topic, to, pusher } = args;
    const { minimumBackoffSeconds, maximumBackoffSeconds } = deployedDelivery;
    const { ackDeadlineSeconds, maxDeliveryAttempts } = { ...deployedDelivery, ...args };
    const { settings, names, labels, apis } = stack;
    this.subscription = new gcp.pubsub.Subscription(
      `${name}-subscription`,
      {
        project: settings.project,
        name: names.subscription(name),
        topic: notify.named(topic).name,
        pushConfig: {
          // The function's URL is derived and not read from the cloud: the plan knows it, and shows no false changes.
          pushEndpoint: `${to.url}/`,
          oidcToken: { serviceAccountEmail: pusher.email, audience: to.url },
        },
        ackDeadlineSeconds,
        retryPolicy: {
          minimumBackoff: `${minimumBackoffSeconds}s`,
          maximumBackoff: `${maximumBackoffSeconds}s`,
        },
        deadLetterPolicy: { deadLetterTopic: fullName(settings.project, notify.dead), maxDeliveryAttempts },
        enableMessageOrdering: true,
        messageRetentionDuration: secondsOf(REPLAYABLE),
        retainAckedMessages: true,
        expirationPolicy: { ttl: "" },
        labels,
      },
      { parent: this, dependsOn: [...apis.of("pubsub.googleapis.com"), ...to.invokable] },
    );
    new gcp.pubsub.SubscriptionIAMMember(
      `${name}-dead-forward`,
      {
        project: settings.project,
        subscription: this.subscription.name,
        role: "roles/pubsub.subscriber",
        member: notify.agent.member,
      },
      { parent: this, dependsOn: [notify.agent.identity] },
    );
    this.registerOutputs({ subscription: this.subscription.name });
  }
}

const fullName = (project: string, topic: gcp.pubsub.Topic): pulumi.Output<string> =>
  pulumi.interpolate`projects/${project}/topics/${topic.name}`;
