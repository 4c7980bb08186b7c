import type { Manifest } from "@mrdata/functions/manifests";
import { countedOf, heartbeat } from "./log-metrics.ts";
import { mainTopic, type Names } from "./names.ts";
import { burnAlarmsOf } from "./objectives.ts";
import { countWithin, quantileWithin } from "./promql.ts";

/** A condition that a person must be alerted to (https://cloud.google.com/monitoring/alerts/concepts-indepth). */
export type Alarm = {
  readonly slug: string;
  readonly title: string;
  /** What it means and what to do, for the person who is woken by it. */
  readonly text: string;
  readonly severity: "CRITICAL" | "ERROR" | "WARNING";
  /** How long the condition has to hold before the alert fires. */
  readonly lasting: string;
} & (
  | (Series & { readonly kind: "above"; readonly threshold: number })
  | (Series & { readonly kind: "absent" })
  /** In PromQL: true where it has an answer. */
  | { readonly kind: "query"; readonly query: string }
);

type Series = {
  readonly filter: string;
  /** How the series are brought to one point a period. */
  readonly aligner: string;
  readonly reducer: string;
  readonly period: string;
};

const FIVE_MINUTES = "300s";
/** A little less than the day that Monitoring looks back at most (23 h 30 min). */
const ALMOST_A_DAY = "82800s";

const metric = (type: string, labels: Readonly<Record<string, string>>): string =>
  [`metric.type="${type}"`, ...Object.entries(labels).map(([name, value]) => `${name}="${value}"`)].join(
    " AND ",
  );

/** What to do about an alarm, in the project's own folder. */
export const playbookOf = (slug: string): string => `docs/playbooks/${slug}.md`;

/** Where it is read, where its folder is. */
export const playbookUrl = (folder: string, slug: string): string => `${folder}/${slug}.md`;

/** The alarms of a stack: about every function, the way between them, and what is logged (`logEvents`); each says where its playbook is. */
export const alarmsOf = (manifests: readonly Manifest[], names: Names): readonly Alarm[] =>
  declaredAlarms(manifests, names).map((alarm) => ({
    ...alarm,
    text: `${alarm.text}\n\nStep by step: ${playbookOf(alarm.slug)}.`,
  }));

function declaredAlarms(manifests: readonly Manifest[], names: Names): readonly Alarm[] {
  const run = { "resource.type": "cloud_run_revision" };
  const queue = { "resource.type": "pubsub_subscription" };
  const sum = { aligner: "ALIGN_SUM", reducer: "REDUCE_SUM", period: FIVE_MINUTES } as const;
  const most = { aligner: "ALIGN_MAX", reducer: "REDUCE_MAX", period: "60s" } as const;
  // What can wait is reported by events of its own.
  const waking = manifests.filter(({ wakesPeople = true }) => wakesPeople);
  const ours = (slug: string) => `logging.googleapis.com/user/${names.metric(slug)}`;
  const counted = (slug: string) => metric(ours(slug), run);
  return [
    {
      slug: "dead-letters",
      title: "Events could not be handled",
      text: "Events are in the dead-letter topic: what they say was not taken into account. Read why with `mrdata dead-letters list`, fix the cause, then `mrdata dead-letters replay`.",
      severity: "ERROR",
      kind: "above",
      filter: metric("pubsub.googleapis.com/subscription/num_undelivered_messages", {
        ...queue,
        "resource.labels.subscription_id": names.deadLetters,
      }),
      ...most,
      threshold: 0,
      lasting: "0s",
    },
    // What is still decided on is bad until it is good, and counted by another function.
    ...burnAlarmsOf(names).map((burn): Alarm => ({ ...burn, kind: "query", lasting: "120s" })),
    ...waking.map(
      ({ name, whileItFails }): Alarm => ({
        slug: `${name}-5xx`,
        title: `${name} fails`,
        text: `For ten minutes more than a tenth of what came to the function ${names.service(name)} was answered with errors, and five at least. ${whileItFails} Look at its log.`,
        severity: "CRITICAL",
        kind: "query",
        query: failing(names.service(name)),
        lasting: "0s",
      }),
    ),
    ...(manifests.some(({ name }) => name === "probe") ? [probeAlarm(names)] : []),
    {
      slug: "no-webhooks",
      title: "No webhook for a day",
      text: "PagerDuty has reported no incident for almost a day. Perhaps nothing happened; perhaps the webhook subscription is switched off. `mrdata doctor` finds out, and says how to enable it.",
      severity: "WARNING",
      kind: "absent",
      // The probe's own events say nothing of PagerDuty.
      filter: `${counted("openings")} AND metric.labels.probe="false"`,
      ...sum,
      lasting: ALMOST_A_DAY,
    },
    ...waking.flatMap(({ name, trigger }): Alarm[] =>
      trigger.kind === "push"
        ? [
            {
              slug: `${trigger.subscription}-late`,
              title: `Events wait for ${name}`,
              text: `The oldest event of ${names.subscription(trigger.subscription)} has waited for more than a minute: ${name} is slow or fails, and the bot decides late.`,
              severity: "CRITICAL",
              kind: "above",
              filter: metric("pubsub.googleapis.com/subscription/oldest_unacked_message_age", {
                ...queue,
                "resource.labels.subscription_id": names.subscription(trigger.subscription),
              }),
              ...most,
              threshold: 60,
              lasting: "120s",
            },
          ]
        : trigger.kind === "schedule"
          ? [
              {
                slug: `${name}-silent`,
                title: `${name} does not run`,
                text: `No run of ${names.service(name)} came to its end for seven minutes, or none ever did. It is what pages incidents that nobody else looks at: until it runs, they wait for PagerDuty's own escalation. Look at its log, and at the attempts of the Cloud Scheduler job.`,
                severity: "CRITICAL",
                kind: "query",
                query: `${countWithin({ type: ours(heartbeat(name)) }, "3m")} < 0.5`,
                // The first runs are counted minutes after all has been made.
                lasting: "240s",
              },
            ]
          : [],
    ),
    ...countedOf(manifests).flatMap(([, { slug, alarm }]): Alarm[] =>
      alarm === undefined
        ? []
        : [
            {
              slug,
              title: alarm.title,
              text: alarm.text,
              severity: alarm.severity,
              kind: "above",
              filter: [
                counted(slug),
                ...Object.entries(alarm.only ?? {}).map(
                  ([label, value]) => `metric.labels.${label}="${value}"`,
                ),
              ].join(" AND "),
              ...sum,
              threshold: 0,
              lasting: "0s",
            },
          ],
    ),
  ];
}

/** More than a tenth of what came to a service in ten minutes, and five at least, was answered with an error. */
function failing(service: string): string {
  const type = "run.googleapis.com/request_count";
  const errors = countWithin({ type, labels: { service_name: service, response_code_class: "5xx" } }, "10m");
  const all = countWithin({ type, labels: { service_name: service } }, "10m");
  return `${errors} > 4.5 and ${errors} / ${all} > 0.1`;
}

/** Three probes in a row did not come through to one of the two ends of the way, or most of them came late. */
function probeAlarm(names: Names): Alarm {
  const type = `logging.googleapis.com/user/${names.metric("probe-age")}`;
  const notHeardBy = (name: string) =>
    `${countWithin({ type, part: "_count", labels: { function: name } }, "10m")} < 0.5`;
  // A single late one of three is none.
  const lateAt = (name: string) => `${quantileWithin(0.5, { type, labels: { function: name } }, "15m")} > 60`;
  const ends = ["respond", "record"];
  return {
    slug: "probe-late",
    title: "The probe does not come through",
    text: "Every five minutes a probe is sent to receive like a webhook, and goes through the topic to respond and record, which note it in the ledger. For 18 minutes none came through to one of them, or most took more than a minute: what PagerDuty sends takes the same way. The bot gets events late or not at all; PagerDuty itself escalates when the hold window ends.",
    severity: "CRITICAL",
    kind: "query",
    query: [...ends.map(notHeardBy), ...ends.map(lateAt)].join(" or "),
    // Of a stack that was made just now the first probe is counted after some minutes.
    lasting: "480s",
  };
}

/** What the dashboard shows, each with the filter of its series. */
export const chartsOf = (
  manifests: readonly Manifest[],
  names: Names,
): readonly (readonly [string, string])[] => [
  [
    "Predictions, by decision",
    metric(`logging.googleapis.com/user/${names.metric("predictions")}`, {
      "resource.type": "cloud_run_revision",
    }),
  ],
  [
    "Pages by the bot",
    metric(`logging.googleapis.com/user/${names.metric("pages")}`, { "resource.type": "cloud_run_revision" }),
  ],
  [
    "Webhooks refused",
    metric(`logging.googleapis.com/user/${names.metric("webhooks-refused")}`, {
      "resource.type": "cloud_run_revision",
    }),
  ],
  [
    "Events published",
    metric("pubsub.googleapis.com/topic/send_request_count", {
      "resource.type": "pubsub_topic",
      "resource.labels.topic_id": names.topic(mainTopic),
    }),
  ],
  ...manifests.map(({ name }): readonly [string, string] => [
    `Requests to ${name}`,
    metric("run.googleapis.com/request_count", {
      "resource.type": "cloud_run_revision",
      "resource.labels.service_name": names.service(name),
    }),
  ]),
];
