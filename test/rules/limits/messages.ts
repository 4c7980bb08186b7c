import { at, each, type Rule, set, setIn } from "../rule.ts";
import { isCron } from "./cron.ts";
import { job } from "./job.ts";
import { DAY, seconds, within } from "./quantities.ts";

/** What Pub/Sub and Cloud Scheduler refuse and the provider's own check lets pass. */
export const messageLimits: readonly Rule[] = [
  each(
    "topics and subscriptions have names that Pub/Sub takes",
    ["Topic", "Subscription"],
    ({ name }) =>
      /^[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/.test(String(name)) && !String(name).startsWith("goog")
        ? null
        : `'${name}'`,
    [set("Topic", "name", "goog-notify"), set("Subscription", "name", "1st"), set("Topic", "name", "a b")],
    "https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names",
  ),
  each(
    "messages are retained for ten minutes to thirty-one days, in seconds",
    ["Topic", "Subscription"],
    ({ messageRetentionDuration: kept }) => (within(seconds(kept), 600, 31 * DAY) ? null : `for ${kept}`),
    [
      set("Topic", "messageRetentionDuration", "7d"),
      set("Subscription", "messageRetentionDuration", "60s"),
      set("Topic", "messageRetentionDuration", "2764800s"),
    ],
    "https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics",
  ),
  each(
    "an acknowledgement deadline is from 10 to 600 s",
    ["Subscription"],
    ({ ackDeadlineSeconds }) =>
      within(Number(ackDeadlineSeconds), 10, 600) ? null : `${ackDeadlineSeconds}`,
    [set("Subscription", "ackDeadlineSeconds", 601), set("Subscription", "ackDeadlineSeconds", 5)],
    "https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions",
  ),
  each(
    "a dead letter is one after 5 to 100 attempts",
    ["Subscription"],
    (inputs) => {
      const most = at(inputs, "deadLetterPolicy.maxDeliveryAttempts");
      return most === undefined || within(Number(most), 5, 100) ? null : `after ${most}`;
    },
    [setIn("pd-notify-model-subscription", "deadLetterPolicy.maxDeliveryAttempts", 3)],
    "https://cloud.google.com/pubsub/docs/dead-letter-topics",
  ),
  each(
    "a retry waits from 0 to 600 s, and the longest not shorter than the shortest",
    ["Subscription"],
    ({ retryPolicy }) => {
      if (retryPolicy === undefined) return null;
      const [least, most] = [
        seconds(at(retryPolicy, "minimumBackoff")),
        seconds(at(retryPolicy, "maximumBackoff")),
      ];
      return within(least, 0, 600) && within(most, least, 600) ? null : `${least} to ${most}`;
    },
    [
      setIn("pd-notify-model-subscription", "retryPolicy.minimumBackoff", "10"),
      setIn("pd-notify-model-subscription", "retryPolicy.maximumBackoff", "700s"),
      setIn("pd-notify-model-subscription", "retryPolicy.maximumBackoff", "5s"),
    ],
    "https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff",
  ),
  each(
    "what is pushed goes over https, and not exactly once",
    ["Subscription"],
    (inputs) => {
      const endpoint = at(inputs, "pushConfig.pushEndpoint");
      if (endpoint === undefined) return null;
      if (!String(endpoint).startsWith("https://")) return `to ${endpoint}`;
      return at(inputs, "enableExactlyOnceDelivery") === true ? "exactly once is for pull alone" : null;
    },
    [
      setIn("pd-notify-model-subscription", "pushConfig.pushEndpoint", "http://mrdata-respond.run.app/"),
      setIn("pd-notify-model-subscription", "enableExactlyOnceDelivery", true),
    ],
    "https://cloud.google.com/pubsub/docs/exactly-once-delivery",
  ),
  each(
    "Pub/Sub waits for longer than the function it pushes to may take",
    ["Subscription"],
    (inputs) =>
      at(inputs, "pushConfig") === undefined || Number(at(inputs, "ackDeadlineSeconds")) > 60
        ? null
        : "the event would come twice",
    [setIn("pd-notify-model-subscription", "ackDeadlineSeconds", 30)],
    "https://cloud.google.com/pubsub/docs/push",
  ),
  each(
    "a scheduled call ends within 15 s to 30 min",
    ["Job"],
    ({ attemptDeadline }) => (within(seconds(attemptDeadline), 15, 1800) ? null : `${attemptDeadline}`),
    [job({ attemptDeadline: "3600s" }), job({ attemptDeadline: "60" })],
    "https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs",
  ),
  each(
    "schedules are cron",
    ["Job"],
    ({ schedule }) => (isCron(String(schedule)) ? null : `'${schedule}'`),
    [
      job({ schedule: "every minute" }),
      job({ schedule: "61 * * * *" }),
      job({ schedule: "* * * *" }),
      job({ schedule: "*/0 * * * *" }),
    ],
    "https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules",
  ),
];
