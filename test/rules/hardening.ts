import { ageing, compositeIndexes, unindexedFields } from "@mrdata/platform";
import type { Registered } from "../plan/program.ts";
import { add, at, each, marked, ofType, type Rule, set, setIn, textAt, without } from "./rule.ts";

/** Types that can have labels, and under which input (@pulumi/gcp 9.35). */
const labelled: Readonly<Record<string, string>> = {
  Bucket: "labels",
  Function: "labels",
  NotificationChannel: "userLabels",
  AlertPolicy: "userLabels",
  CustomService: "userLabels",
  Slo: "userLabels",
  Repository: "labels",
  Secret: "labels",
  Subscription: "labels",
  Topic: "labels",
  VertexModel: "labels",
  VertexModelVersion: "labels",
};

/** The input that names a resource; without it Pulumi makes up a name that ends by chance. */
const naming: Readonly<Record<string, string>> = {
  Account: "accountId",
  Bucket: "name",
  BucketObject: "name",
  CustomService: "serviceId",
  Database: "name",
  Function: "name",
  Job: "name",
  Metric: "name",
  Repository: "repositoryId",
  Secret: "secretId",
  Slo: "sloId",
  Subscription: "name",
  Topic: "name",
  VertexModel: "modelId",
};

/** Where a type names the key that encrypts it. */
const encryptedBy: Readonly<Record<string, string>> = {
  Database: "cmekConfig.kmsKeyName",
  Bucket: "encryption.defaultKmsKeyName",
  Topic: "kmsKeyName",
  Secret: "replication.userManaged.replicas.0.customerManagedEncryption.kmsKeyName",
};

const isOurs = ({ type }: Registered): boolean => type.startsWith("mrdata:");
const short = ({ type }: Registered): string => type.split(":").at(-1) ?? "";
const secretNames = /TOKEN|SECRET|PASSWORD|API_KEY/;

export const hardeningRules: readonly Rule[] = [
  each(
    "buckets are closed, and what nobody needs goes",
    ["Bucket"],
    (inputs, { name }) => {
      if (at(inputs, "uniformBucketLevelAccess") !== true) return "access is not uniform";
      if (at(inputs, "publicAccessPrevention") !== "enforced") return "it could be made public";
      if (!Array.isArray(at(inputs, "lifecycleRules"))) return "it has no lifecycle";
      if (name !== "buckets-functions" && at(inputs, "versioning.enabled") !== true)
        return "it is not versioned";
      return null;
    },
    [
      set("Bucket", "uniformBucketLevelAccess", false),
      set("Bucket", "publicAccessPrevention", "inherited"),
      set("Bucket", "publicAccessPrevention", "true"),
      set("Bucket", "lifecycleRules", undefined),
      setIn("buckets-models", "versioning.enabled", false),
    ],
  ),
  each(
    "nobody outside the project reaches a function but the one that takes webhooks and the one that people look at",
    ["Function"],
    (inputs) => {
      const isFromOutside = ["receive", "report"].includes(textAt(inputs, "buildConfig.entryPoint"));
      const wanted = isFromOutside ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY";
      const ingress = textAt(inputs, "serviceConfig.ingressSettings");
      return ingress === wanted ? null : `it takes ${ingress}`;
    },
    [
      setIn("respond-function", "serviceConfig.ingressSettings", "ALLOW_ALL"),
      setIn("sweep-function", "serviceConfig.ingressSettings", "ALLOW_INTERNAL_AND_GCLB"),
      setIn("record-function", "serviceConfig.ingressSettings", undefined),
      setIn("receive-function", "serviceConfig.ingressSettings", "ALLOW_INTERNAL_ONLY"),
    ],
    "https://cloud.google.com/run/docs/securing/ingress#settings",
  ),
  {
    name: "what calls a function from inside calls the address that counts as internal",
    source: "https://cloud.google.com/run/docs/securing/ingress#settings",
    broken: ({ resources }) =>
      ofType(resources, "Subscription", "Job").flatMap(({ name, inputs }) => {
        const url = textAt(inputs, "pushConfig.pushEndpoint") || textAt(inputs, "httpTarget.uri");
        return url === "" || /^https:\/\/[a-z0-9-]+\.[a-z0-9-]+\.run\.app\/$/.test(url)
          ? []
          : [`${name} calls ${url}`];
      }),
    faults: [
      setIn("pd-notify-model-subscription", "pushConfig.pushEndpoint", "https://mrdata.example.com/"),
      setIn("sweep-schedule-job", "httpTarget.uri", "https://europe-west1-p.cloudfunctions.net/sweep"),
    ],
  },
  {
    name: "the ledger's database has a name, recovers to a point in time, and refuses deletion where it is protected",
    broken: ({ resources, protect }) =>
      ofType(resources, "Database").flatMap((one) => {
        const wanted = protect ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED";
        return [
          ...(textAt(one.inputs, "name") === "(default)" ? ["it is the default database"] : []),
          ...(textAt(one.inputs, "pointInTimeRecoveryEnablement") === "POINT_IN_TIME_RECOVERY_ENABLED"
            ? []
            : ["it does not recover to a point in time"]),
          ...(textAt(one.inputs, "deleteProtectionState") === wanted && one.protect === protect
            ? []
            : ["its protection is not what the settings say"]),
          ...(textAt(one.inputs, "deletionPolicy") === "DELETE" ? [] : ["a destroy would leave it behind"]),
        ];
      }),
    faults: [
      set("Database", "name", "(default)"),
      set("Database", "pointInTimeRecoveryEnablement", "POINT_IN_TIME_RECOVERY_DISABLED"),
      set("Database", "deleteProtectionState", "DELETE_PROTECTION_ENABLED"),
      set("Database", "deletionPolicy", "ABANDON"),
      marked("ledger-database", { protect: true }),
    ],
  },
  {
    name: "where a key of one's own is set, all that is stored is encrypted with it, and nothing where none is",
    source: "https://cloud.google.com/kms/docs/cmek",
    broken: ({ stack, resources }) =>
      Object.entries(encryptedBy).flatMap(([type, path]) =>
        ofType(resources, type).flatMap((resource) =>
          isOurs(resource) ||
          /\/cryptoKeys\//.test(textAt(resource.inputs, path)) === (stack === "everything")
            ? []
            : [
                `${resource.name} is ${stack === "everything" ? "not " : ""}encrypted with a key of one's own`,
              ],
        ),
      ),
    faults: [
      setIn("ledger-database", "cmekConfig", undefined),
      setIn("buckets-models", "encryption", undefined),
      setIn("pd-notify-topic", "kmsKeyName", undefined),
      setIn(
        "webhook-pagerduty-token-secret",
        "replication.userManaged.replicas.0.customerManagedEncryption",
        undefined,
      ),
    ],
  },
  {
    name: "the ledger is backed up: daily for 7 days and weekly for 14 weeks, in a database that is there",
    source: "https://cloud.google.com/firestore/docs/backups",
    broken: ({ resources }) => {
      const kept = ofType(resources, "BackupSchedule").map(
        ({ inputs }) =>
          `${at(inputs, "weeklyRecurrence.day") === undefined ? "daily" : "weekly"} ${textAt(inputs, "retention")} of ${textAt(inputs, "database")}`,
      );
      const database = textAt(ofType(resources, "Database")[0]?.inputs, "name");
      const wanted = [`daily 604800s of ${database}`, `weekly 8467200s of ${database}`];
      return kept.toSorted().join() === wanted.join() ? [] : [kept.join(" and ")];
    },
    faults: [
      without("ledger-backup-weekly"),
      setIn("ledger-backup-daily", "retention", "86400s"),
      setIn("ledger-backup-weekly", "retention", "8553600s"),
      setIn("ledger-backup-weekly", "weeklyRecurrence", undefined),
      setIn("ledger-backup-daily", "database", "another"),
    ],
  },
  {
    name: "data and secrets are protected, or nothing is, as the settings say",
    broken: ({ resources, protect }) =>
      resources.flatMap(({ name, type, protect: actual }) => {
        const data = /:(Database|Secret)$/.test(type) || ["buckets-models", "buckets-history"].includes(name);
        return actual === (data && protect && !type.startsWith("mrdata:"))
          ? []
          : [`${name} is${actual ? "" : " not"} protected`];
      }),
    faults: [marked("buckets-models", { protect: true }), marked("receive-function", { protect: true })],
  },
  each(
    "secrets stay in the region, and functions are pinned to a version",
    ["Secret", "Function"],
    (inputs, resource) => {
      if (resource.type.startsWith("mrdata:")) return null;
      if (short(resource) === "Secret")
        return at(inputs, "replication.userManaged.replicas.0.location") === undefined
          ? "it is everywhere"
          : null;
      const held = at(inputs, "serviceConfig.secretEnvironmentVariables");
      const loose = Array.isArray(held) && held.some((one) => !/^\d+$/.test(textAt(one, "version")));
      return loose ? "it takes whatever version is the latest" : null;
    },
    [
      setIn("webhook-pagerduty-token-secret", "replication", { auto: {} }),
      setIn("receive-function", "serviceConfig.secretEnvironmentVariables.0.version", "latest"),
    ],
  ),
  {
    name: "a secret refuses to be deleted where the stack is protected",
    broken: ({ resources, protect }) =>
      ofType(resources, "Secret").flatMap((resource) =>
        isOurs(resource) || at(resource.inputs, "deletionProtection") === protect
          ? []
          : [`${resource.name} is ${protect ? "not protected" : "protected, and cannot be destroyed"}`],
      ),
    faults: [setIn("webhook-pagerduty-token-secret", "deletionProtection", true)],
  },
  {
    name: "no secret is a plain input",
    broken: ({ resources }) =>
      resources.flatMap(({ name, type, inputs }) => {
        const plain: string[] = [];
        if (type.endsWith(":SecretVersion") && at(inputs, "secretData.secret") !== true)
          plain.push("secretData");
        if (type.endsWith(":NotificationChannel") && at(inputs, "type") === "pagerduty") {
          const key = at(inputs, "sensitiveLabels.serviceKey.secret") ?? at(inputs, "sensitiveLabels.secret");
          if (key !== true) plain.push("serviceKey");
        }
        const variables = at(inputs, "serviceConfig.environmentVariables");
        for (const key of Object.keys(Object(variables))) if (secretNames.test(key)) plain.push(key);
        return plain.map((input) => `${name}: ${input} is plain`);
      }),
    faults: [
      set("SecretVersion", "secretData", "text"),
      setIn("watch-pagerduty", "sensitiveLabels", { serviceKey: "text" }),
      set("Function", "serviceConfig.environmentVariables.MRDATA_PAGERDUTY_TOKEN", "text"),
    ],
  },
  each(
    "every resource that can be is labelled with whose it is",
    Object.keys(labelled),
    (inputs, resource) => {
      if (isOurs(resource)) return null;
      const labels = at(inputs, labelled[short(resource)] ?? "labels");
      return at(labels, "app") === "mrdata" && textAt(labels, "stack") !== "" ? null : "it has no labels";
    },
    [
      setIn("pd-notify-topic", "labels", {}),
      setIn("watch-email", "userLabels", undefined),
      setIn("model-vertex", "labels", {}),
    ],
  ),
  each(
    "nothing is named by chance",
    Object.keys(naming),
    (inputs, resource) =>
      isOurs(resource) || textAt(inputs, naming[short(resource)] ?? "name") !== ""
        ? null
        : "its name is made up",
    Object.entries(naming)
      .filter(([type]) => type !== "Job" && type !== "Secret")
      .map(([type, input]) => set(type, input, undefined)),
  ),
  {
    name: "every push subscription has its dead letters, never expires, and may be replayed; every dead letter is kept",
    broken: ({ resources }) => {
      const all = ofType(resources, "Subscription");
      const granted = new Set(
        ofType(resources, "SubscriptionIAMMember").map(({ inputs }) => textAt(inputs, "subscription")),
      );
      const kept = new Set(all.map(({ inputs }) => textAt(inputs, "topic")));
      return all.flatMap(({ name, inputs }) => {
        const wrong: string[] = [];
        if (at(inputs, "expirationPolicy.ttl") !== "") wrong.push("it expires");
        if (at(inputs, "pushConfig") !== undefined) {
          const dead = textAt(inputs, "deadLetterPolicy.deadLetterTopic").split("/").at(-1) ?? "";
          if (!kept.has(dead)) wrong.push(`its dead letters in '${dead}' are kept by nobody`);
          if (!granted.has(textAt(inputs, "name"))) wrong.push("Pub/Sub may not forward its dead letters");
          if (at(inputs, "retryPolicy.minimumBackoff") === undefined)
            wrong.push("it retries without a pause");
          if (at(inputs, "enableMessageOrdering") !== true) wrong.push("events of one incident may overtake");
          if (at(inputs, "retainAckedMessages") !== true) wrong.push("it cannot be replayed");
          const { host, origin } = new URL(textAt(inputs, "pushConfig.pushEndpoint"));
          if (textAt(inputs, "pushConfig.oidcToken.audience") !== origin || !host.endsWith(".run.app"))
            wrong.push("its tokens are not for the function that it pushes to");
        }
        return wrong.map((what) => `${name}: ${what}`);
      });
    },
    faults: [
      without("pd-notify-dead-letters"),
      without("pd-notify-model-dead-forward"),
      setIn("pd-notify-model-subscription", "expirationPolicy", undefined),
      setIn("pd-notify-model-subscription", "retryPolicy", undefined),
      setIn("pd-notify-model-subscription", "enableMessageOrdering", false),
      setIn("pd-notify-model-subscription", "retainAckedMessages", false),
      setIn("pd-notify-model-subscription", "pushConfig.oidcToken.audience", "https://another.run.app"),
    ],
  },
  {
    name: "a changed byte is another object, and the new one is there before the old one goes",
    broken: ({ resources }) =>
      resources
        .filter(({ name, type }) => type.endsWith(":BucketObject") && name.endsWith("-source"))
        .flatMap(({ name, inputs, deleteBeforeReplace }) =>
          /-[0-9a-f]{32}\.zip$/.test(textAt(inputs, "name")) && deleteBeforeReplace === false
            ? []
            : [`${name} is replaced in its place`],
        ),
    faults: [
      setIn("receive-source", "name", "receive.zip"),
      marked("receive-source", { deleteBeforeReplace: null }),
    ],
  },
  each(
    "a function, who may call it, and the switch of the webhooks are deleted before they are made again",
    ["Function", "IamMember", "WebhookSwitch"],
    (_inputs, { deleteBeforeReplace }) =>
      deleteBeforeReplace === true ? null : "what was made anew would be deleted as the old one",
    ["receive-function", "receive-invoked-by-anyone", "respond-invoked-by-push", "webhook-switch"].map(
      (name) => marked(name, { deleteBeforeReplace: null }),
    ),
  ),
  {
    name: "everything is in a component, whose name its own begins with",
    broken: ({ resources }) =>
      resources.flatMap((one) => {
        if (isOurs(one))
          return /^mrdata:[a-z]+:[A-Z]\w+$/.test(one.type) ? [] : [`${one.name} has the type ${one.type}`];
        return one.parent !== null && one.name.startsWith(`${one.parent}-`)
          ? []
          : [`${one.name} is a child of ${one.parent}`];
      }),
    faults: [
      marked("receive-function", { parent: null }),
      marked("receive-function", { parent: "record" }),
      add({ name: "x", type: "mrdata:Thing", inputs: {} }),
    ],
  },
  {
    name: "whatever is of an API waits for it",
    broken: ({ resources }) => {
      const needed: Readonly<Record<string, string>> = {
        Topic: "apis-pubsub",
        Subscription: "apis-pubsub",
        Function: "apis-cloudfunctions",
        Database: "apis-firestore",
        Bucket: "apis-storage",
        Account: "apis-iam",
        AlertPolicy: "apis-monitoring",
        Metric: "apis-logging",
        Repository: "apis-artifactregistry",
        VertexModel: "apis-aiplatform",
      };
      return resources.flatMap((one) => {
        const api = needed[short(one)];
        return api === undefined || isOurs(one) || one.waitsFor.includes(api)
          ? []
          : [`${one.name} does not wait for ${api}`];
      });
    },
    faults: [marked("pd-notify-topic", { waitsFor: [] }), marked("receive-function", { waitsFor: [] })],
  },
  {
    name: "every query of the ledger has its index, what no query looks for has none, and what ages goes",
    broken: ({ resources }) => {
      const declared = ofType(resources, "Index").map(({ inputs }) =>
        JSON.stringify([inputs.collection, inputs.fields]),
      );
      const wanted = compositeIndexes.map(({ collection, fields }) =>
        JSON.stringify([
          collection,
          fields.map(({ field, direction }) => ({
            fieldPath: field,
            order: direction === "asc" ? "ASCENDING" : "DESCENDING",
          })),
        ]),
      );
      const fields = ofType(resources, "Field").map(({ inputs }) => inputs);
      return [
        ...wanted.filter((index) => !declared.includes(index)).map((index) => `no index ${index}`),
        ...declared.filter((index) => !wanted.includes(index)).map((index) => `no query needs ${index}`),
        ...ageing
          .filter((one) => !fields.some((field) => field.collection === one && field.ttlConfig !== undefined))
          .map((one) => `${one} are kept for ever`),
        ...unindexedFields
          .filter(
            (one) =>
              !fields.some((field) => field.collection === one.collection && field.field === one.field),
          )
          .map((one) => `${one.collection}.${one.field} is indexed for nothing`),
      ];
    },
    faults: [
      (resources) => resources.filter((one) => one !== ofType(resources, "Index")[0]),
      set("Index", "fields.0.order", "DESCENDING"),
      (resources) => resources.filter((one) => one !== ofType(resources, "Field")[0]),
      (resources) => resources.filter((one) => one.inputs.ttlConfig === undefined),
    ],
  },
  {
    name: "every alarm says what to do, and tells everybody that is to be told",
    broken: ({ resources }) => {
      const channels = ofType(resources, "NotificationChannel").length;
      return ofType(resources, "AlertPolicy").flatMap(({ name, inputs }) => {
        const told = at(inputs, "notificationChannels");
        const text = textAt(inputs, "documentation.content");
        return Array.isArray(told) && told.length === channels && text.length > 40
          ? []
          : [`${name} says or tells too little`];
      });
    },
    faults: [set("AlertPolicy", "documentation", undefined), set("AlertPolicy", "notificationChannels", [])],
  },
  {
    name: "nothing of the AI Platform that was shut down on 2025-01-31",
    source: "https://github.com/hashicorp/terraform-provider-google/issues/22249",
    broken: ({ resources }) =>
      resources
        .filter(({ type }) => type.startsWith("gcp:ml/"))
        .map(({ name }) => `${name} cannot be made any more`),
    faults: [add({ name: "x", type: "gcp:ml/engineModel:EngineModel", inputs: { name: "mrdata" } })],
  },
];
