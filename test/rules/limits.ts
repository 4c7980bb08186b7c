import { regions } from "./regions.ts";
import { add, at, each, type Rule, set, setIn, textAt } from "./rule.ts";

const seconds = (text: unknown): number => {
  const [, count] = /^(\d+(?:\.\d+)?)s$/.exec(String(text ?? "")) ?? [];
  return count === undefined ? Number.NaN : Number(count);
};
const within = (value: number, least: number, most: number): boolean => value >= least && value <= most;
const DAY = 86_400;
const reserved =
  /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|FUNCTION_TARGET|FUNCTION_SIGNATURE_TYPE|X_GOOGLE_.*|GOOGLE_.*|CLOUD_RUN_.*)$/;

/** Five fields, each numbers, ranges, lists and steps within what the field can be. */
function isCron(text: string): boolean {
  const ranges = [
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 7],
  ] as const;
  const fields = text.split(" ");
  return (
    fields.length === 5 &&
    ranges.every(([least, most], i) =>
      (fields[i] ?? "").split(",").every((part) => {
        const [, range = "", from, to, step] = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
        return (
          range !== "" &&
          [from, to].every((number) => number === undefined || within(Number(number), least, most)) &&
          (step === undefined || Number(step) > 0)
        );
      }),
    )
  );
}

const job = (inputs: Readonly<Record<string, unknown>>) =>
  add({
    name: "x",
    type: "gcp:cloudscheduler/job:Job",
    inputs: { name: "x", schedule: "* * * * *", attemptDeadline: "60s", region: "us-central1", ...inputs },
  });

/** What Google refuses and the provider's own check lets pass. */
export const limitRules: readonly Rule[] = [
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
    "a function's name is also that of a Cloud Run service and the start of its address",
    ["Function"],
    (inputs) => {
      const name = textAt(inputs, "name");
      // The first label of the address is name, hyphen, project number, and has 63 characters at most.
      return /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= 63 - 20 ? null : `'${name}'`;
    },
    [set("Function", "name", "Fn_Name"), set("Function", "name", "a".repeat(50))],
    "https://cloud.google.com/run/docs/triggering/https-request#deterministic",
  ),
  each(
    "several requests at a time take a whole CPU",
    ["Function"],
    (inputs) => {
      const [cpu, together] = [
        Number(at(inputs, "serviceConfig.availableCpu")),
        Number(at(inputs, "serviceConfig.maxInstanceRequestConcurrency")),
      ];
      return within(together, 1, 1000) && (together === 1 || cpu >= 1) ? null : `${together} on ${cpu}`;
    },
    [
      set("Function", "serviceConfig.availableCpu", "0.5"),
      set("Function", "serviceConfig.maxInstanceRequestConcurrency", 1001),
    ],
    "https://cloud.google.com/run/docs/about-concurrency",
  ),
  each(
    "memory is written in Mi or Gi",
    ["Function"],
    (inputs) =>
      /^\d+(Mi|Gi)$/.test(textAt(inputs, "serviceConfig.availableMemory"))
        ? null
        : textAt(inputs, "serviceConfig.availableMemory"),
    [set("Function", "serviceConfig.availableMemory", "256MB")],
    "https://cloud.google.com/functions/docs/configuring/memory",
  ),
  each(
    "a function takes an hour at most",
    ["Function"],
    (inputs) =>
      within(Number(at(inputs, "serviceConfig.timeoutSeconds")), 1, 3600)
        ? null
        : textAt(inputs, "serviceConfig.timeoutSeconds"),
    [set("Function", "serviceConfig.timeoutSeconds", 7200)],
    "https://cloud.google.com/functions/docs/configuring/timeout",
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
    "functions run on a Node that Google has and keeps",
    ["Function"],
    (inputs) =>
      /^nodejs(22|24)$/.test(textAt(inputs, "buildConfig.runtime"))
        ? null
        : textAt(inputs, "buildConfig.runtime"),
    [set("Function", "buildConfig.runtime", "nodejs20"), set("Function", "buildConfig.runtime", "node24")],
    "https://cloud.google.com/functions/docs/runtime-support#node.js",
  ),
  each(
    "no environment variable is one of the platform's own",
    ["Function"],
    (inputs) => {
      const taken = Object.keys(Object(at(inputs, "serviceConfig.environmentVariables"))).filter((key) =>
        reserved.test(key),
      );
      return taken.length === 0 ? null : taken.join(", ");
    },
    ["PORT", "K_SERVICE", "GOOGLE_CLOUD_PROJECT"].map((key) =>
      set("Function", `serviceConfig.environmentVariables.${key}`, "1"),
    ),
    "https://cloud.google.com/functions/docs/configuring/env-var#reserved_names",
  ),
  each(
    "regions are regions",
    ["Function", "Job", "Database", "Bucket", "Repository"],
    (inputs) => {
      const region = textAt(inputs, "location") || textAt(inputs, "region") || textAt(inputs, "locationId");
      return regions.has(region.toLowerCase()) ? null : `'${region}'`;
    },
    [
      set("Function", "location", "us-centrall"),
      set("Bucket", "location", "MARS"),
      job({ region: "nowhere" }),
      set("Database", "locationId", "x"),
    ],
    "https://cloud.google.com/about/locations",
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
  each(
    "conditions of grants are comparisons of a resource",
    ["IAMMember"],
    (inputs) => {
      const condition = at(inputs, "condition");
      if (condition === undefined) return null;
      return /^resource\.name(\.startsWith\("[^"]+"\)| == "[^"]+")$/.test(textAt(condition, "expression")) &&
        textAt(condition, "title") !== ""
        ? null
        : textAt(condition, "expression");
    },
    [
      setIn("respond-ledger-write", "condition.expression", "only the ledger"),
      setIn("respond-ledger-write", "condition.title", ""),
    ],
    "https://cloud.google.com/iam/docs/conditions-overview#structure",
  ),
  each(
    "accounts have ids that IAM takes",
    ["Account"],
    ({ accountId }) => (/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(String(accountId)) ? null : `'${accountId}'`),
    [set("Account", "accountId", "a".repeat(31)), set("Account", "accountId", "push")],
    "https://cloud.google.com/iam/docs/service-accounts-create",
  ),
  each(
    "buckets have names that the world takes",
    ["Bucket"],
    ({ name }) =>
      /^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/.test(String(name)) && !/^goog|google|g00gle/.test(String(name))
        ? null
        : `'${name}'`,
    [
      set("Bucket", "name", "My_Bucket"),
      set("Bucket", "name", "goog-models"),
      set("Bucket", "name", "a".repeat(64)),
    ],
    "https://cloud.google.com/storage/docs/buckets#naming",
  ),
  each(
    "what was deleted comes back for 7 to 90 days, or never",
    ["Bucket"],
    (inputs) => {
      const kept = Number(at(inputs, "softDeletePolicy.retentionDurationSeconds"));
      return kept === 0 || within(kept, 7 * DAY, 90 * DAY) ? null : `${kept} s`;
    },
    [set("Bucket", "softDeletePolicy.retentionDurationSeconds", 60)],
    "https://cloud.google.com/storage/docs/soft-delete",
  ),
  each(
    "an index has two fields or more, each with an order",
    ["Index"],
    ({ fields }) => {
      if (!Array.isArray(fields) || fields.length < 2) return "one field has its index by itself";
      return fields.every((field) => /^(ASCENDING|DESCENDING)$/.test(textAt(field, "order")))
        ? null
        : "a field has no order";
    },
    [
      set("Index", "fields", [{ fieldPath: "a", order: "ASCENDING" }]),
      set("Index", "fields.0.order", undefined),
    ],
    "https://firebase.google.com/docs/firestore/query-data/index-overview",
  ),
  each(
    "secrets have ids that Secret Manager takes",
    ["Secret"],
    ({ secretId }, { type }) =>
      type.startsWith("mrdata:") || /^[A-Za-z0-9_-]{1,255}$/.test(String(secretId)) ? null : `'${secretId}'`,
    [setIn("webhook-pagerduty-token-secret", "secretId", "a b/c")],
    "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create",
  ),
  each(
    "labels are lower-case words",
    [
      "Topic",
      "Subscription",
      "Bucket",
      "Function",
      "Secret",
      "Repository",
      "AlertPolicy",
      "NotificationChannel",
    ],
    (inputs) => {
      const labels = Object.entries(Object(at(inputs, "labels") ?? {}));
      const own = at(inputs, "emailAddress") === undefined && at(inputs, "userLabels") !== undefined;
      const all = own ? Object.entries(Object(at(inputs, "userLabels"))) : labels;
      const bad = all.find(
        ([key, value]) => !/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(String(value)),
      );
      return bad === undefined && all.length <= 64 ? null : String(bad);
    },
    [
      set("Topic", "labels.Team", "sre"),
      set("Bucket", "labels.team", "S R E"),
      set("AlertPolicy", "userLabels.team", "S R E"),
    ],
    "https://cloud.google.com/resource-manager/docs/labels-overview#requirements",
  ),
  each(
    "a channel has the label that its kind asks for",
    ["NotificationChannel"],
    (inputs) => {
      if (at(inputs, "type") === "email")
        return textAt(inputs, "labels.email_address").includes("@") ? null : "no email_address";
      return at(inputs, "type") === "pagerduty" && at(inputs, "sensitiveLabels") !== undefined
        ? null
        : "no service key";
    },
    [
      setIn("watch-email", "labels", { email: "sre@example.com" }),
      setIn("watch-pagerduty", "sensitiveLabels", undefined),
    ],
    "https://cloud.google.com/monitoring/alerts/using-channels-api",
  ),
  each(
    "an alarm has conditions, each of one kind",
    ["AlertPolicy"],
    ({ conditions }) => {
      if (!Array.isArray(conditions) || conditions.length < 1 || conditions.length > 6)
        return "it has none or too many";
      const kinds = conditions.map(
        (one) => Object.keys(Object(one)).filter((key) => key.startsWith("condition")).length,
      );
      return kinds.every((count) => count === 1) ? null : "a condition has no kind, or two";
    },
    [
      set("AlertPolicy", "conditions", []),
      setIn("watch-alarm-dead-letters", "conditions.0.conditionAbsent", { filter: "x", duration: "300s" }),
      set("AlertPolicy", "conditions.0", { displayName: "x" }),
    ],
    "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#Condition",
  ),
  each(
    "alarms wait whole minutes, and look for what is absent at most 23 h 30 min back",
    ["AlertPolicy"],
    (inputs) => {
      const condition = at(inputs, "conditions.0");
      const absent = at(condition, "conditionAbsent");
      const length = seconds(at(absent ?? at(condition, "conditionThreshold"), "duration"));
      const period = seconds(
        at(absent ?? at(condition, "conditionThreshold"), "aggregations.0.alignmentPeriod"),
      );
      if (length % 60 !== 0 || Number.isNaN(length) || !(period >= 60)) return "not whole minutes";
      return absent === undefined || within(length, 120, 84_600) ? null : `${length} s is not looked back`;
    },
    [
      setIn("watch-alarm-no-webhooks", "conditions.0.conditionAbsent.duration", "86400s"),
      setIn("watch-alarm-dead-letters", "conditions.0.conditionThreshold.duration", "90s"),
      setIn(
        "watch-alarm-dead-letters",
        "conditions.0.conditionThreshold.aggregations.0.alignmentPeriod",
        "10s",
      ),
    ],
    "https://cloud.google.com/monitoring/alerts/concepts-indepth#duration",
  ),
  each(
    "metrics of logs have short names and look at one service",
    ["Metric"],
    ({ name, filter }) =>
      String(name).length <= 100 && /service_name="mrdata-/.test(String(filter)) ? null : `'${name}'`,
    [set("Metric", "name", "m".repeat(101)), set("Metric", "filter", 'jsonPayload.event="x"')],
    "https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics",
  ),
  each(
    "models have ids, images and artifacts that Vertex AI takes",
    ["VertexModel", "VertexModelVersion"],
    (inputs) => {
      if (!/^[a-z_][a-z0-9_-]{0,62}$/.test(textAt(inputs, "modelId")))
        return `id '${textAt(inputs, "modelId")}'`;
      return /^gs:\/\/.+\/$/.test(textAt(inputs, "artifactUri")) ? null : textAt(inputs, "artifactUri");
    },
    [
      set("VertexModel", "modelId", "1mrdata"),
      set("VertexModelVersion", "artifactUri", "gs://bucket/v1/model.bst"),
    ],
    "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/upload",
  ),
  each(
    "projects are ids and not titles",
    ["Topic", "Function", "Service", "Database"],
    (inputs) =>
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(textAt(inputs, "project"))
        ? null
        : `'${textAt(inputs, "project")}'`,
    [set("Topic", "project", "My Project"), set("Topic", "project", undefined)],
    "https://cloud.google.com/resource-manager/docs/creating-managing-projects",
  ),
];
