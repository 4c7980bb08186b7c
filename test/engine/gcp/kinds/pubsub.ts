import { accountId, grantId, type Kind, memberOf, type Props, text, textAt } from "../kind.ts";

const api = "pubsub.googleapis.com";
const topicOf = (props: Props, name = text(props, "topic")) =>
  name.startsWith("projects/") ? name : `projects/${text(props, "project")}/topics/${name}`;
const subscriptionOf = (props: Props, name: string) =>
  `projects/${text(props, "project")}/subscriptions/${name}`;

export const pubsubKinds: Readonly<Record<string, Kind>> = {
  "gcp:pubsub/topic:Topic": {
    api,
    id: (props) => topicOf(props, text(props, "name")),
    immutable: ["name", "project", "kmsKeyName"],
    deletedFirst: true,
    collides: true,
  },
  "gcp:pubsub/subscription:Subscription": {
    api,
    id: (props) => subscriptionOf(props, text(props, "name")),
    immutable: ["name", "project", "topic", "filter", "enableMessageOrdering"],
    deletedFirst: true,
    collides: true,
    refersTo(props) {
      const dead = textAt(props, "deadLetterPolicy.deadLetterTopic");
      const pusher = textAt(props, "pushConfig.oidcToken.serviceAccountEmail");
      return [
        topicOf(props),
        ...(dead === "" ? [] : [topicOf(props, dead)]),
        ...(pusher === "" ? [] : [accountId(pusher)]),
      ];
    },
  },
  "gcp:pubsub/topicIAMMember:TopicIAMMember": {
    api,
    id: (props) => grantId(topicOf(props), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [topicOf(props), ...memberOf(props)],
  },
  "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": {
    api,
    id: (props) => grantId(subscriptionOf(props, text(props, "subscription")), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [subscriptionOf(props, text(props, "subscription")), ...memberOf(props)],
  },
};
