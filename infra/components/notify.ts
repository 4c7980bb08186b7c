import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { REPLAYABLE, secondsOf } from "../plan/durations.ts";
import { deadTopic, learnTopic, mainTopic } from "../plan/names.ts";
import type { Stack } from "./stack.ts";

export interface NotifyArgs {
  /** Settings, names and labels of the stack. Required. */
  readonly stack: Stack;
}

/** The topic that every event goes through, and the topic of those that cannot be handled, with what keeps them. */
export class Notify extends pulumi.ComponentResource {
  readonly topic: gcp.pubsub.Topic;
  readonly dead: gcp.pubsub.Topic;
  /** What there is to learn. */
  readonly learn: gcp.pubsub.Topic;
  /** Keeps dead letters until somebody reads them: without it they would vanish. */
  readonly deadLetters: gcp.pubsub.Subscription;
  /** Pub/Sub's own account, and what it waits for. */
  readonly agent: { readonly member: string; readonly identity: gcp.projects.ServiceIdentity };

  constructor(name: string, { stack }: NotifyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mrdata:platform:Notify", name, {}, opts);
    const { settings, names, labels, apis } = stack;
    const waits = { parent: this, dependsOn: apis.of("pubsub.googleapis.com") };
    const topicOf = (logical: string, topic: string) =>
      new gcp.pubsub.Topic(
        logical,
        {
          project: settings.project,
          name: names.topic(topic),
          messageRetentionDuration: secondsOf(REPLAYABLE),
          ...(settings.kmsKey !== null && { kmsKeyName: settings.kmsKey }),
          messageStoragePolicy: { allowedPersistenceRegions: [settings.region] },
          labels,
        },
        waits,
      );
    this.topic = topicOf(`${name}-topic`, mainTopic);
    this.dead = topicOf(`${name}-dead-topic`, deadTopic);
    this.learn = topicOf(`${name}-learn-topic`, learnTopic);
    this.deadLetters = new gcp.pubsub.Subscription(
      `${name}-dead-letters`,
      {
        project: settings.project,
        name: names.deadLetters,
        topic: this.dead.name,
        messageRetentionDuration: secondsOf(REPLAYABLE),
        ackDeadlineSeconds: 60,
        expirationPolicy: { ttl: "" },
        labels,
      },
      waits,
    );
    const identity = new gcp.projects.ServiceIdentity(
      `${name}-agent`,
      { project: settings.project, service: "pubsub.googleapis.com" },
      waits,
    );
    const member = `serviceAccount:service-${settings.projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
    this.agent = { member, identity };
    new gcp.pubsub.TopicIAMMember(
      `${name}-dead-forward`,
      { project: settings.project, topic: this.dead.name, role: "roles/pubsub.publisher", member },
      { parent: this, dependsOn: [identity] },
    );
    this.registerOutputs({ topic: this.topic.name });
  }

  /** The topic of this name, as manifests name it. */
  named(name: string): gcp.pubsub.Topic {
    if (name === mainTopic) return this.topic;
    if (name === deadTopic) return this.dead;
    if (name === learnTopic) return this.learn;
    throw new Error(`no topic ${name} is declared`);
  }
}
