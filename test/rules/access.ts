import { isDeepStrictEqual } from "node:util";
import { type Manifest, manifests } from "@mrdata/functions/manifests";
import { accessOf } from "@mrdata/platform/ledger/capabilities";
import type { Registered } from "../plan/program.ts";
import { add, ofType, type Rule, type Ruled, set, setIn, textAt, without } from "./rule.ts";

const isGrant = ({ type }: Registered): boolean =>
  /Iam(Member|Binding|Policy)$|IAM(Member|Binding|Policy)$/.test(type);

/** A grant as text: who, what, on what. */
const grantOf = ({ type, inputs }: Registered): string => {
  const on =
    textAt(inputs, "topic") ||
    textAt(inputs, "subscription") ||
    textAt(inputs, "secretId") ||
    textAt(inputs, "bucket") ||
    textAt(inputs, "service") ||
    textAt(inputs, "repository") ||
    textAt(inputs, "endpoint") ||
    textAt(inputs, "serviceAccountId").split("/").at(-1) ||
    `project where ${textAt(inputs, "condition.expression") || "anything"}`;
  return `${textAt(inputs, "member")} ${textAt(inputs, "role")} on ${type.split(":").at(-1)} ${on}`;
};

/** Written out again and not with the program's own functions, so that a slip in one shows in the other. */
function expectedGrants({ resources, stack }: Ruled): ReadonlySet<string> {
  const [database] = ofType(resources, "Database");
  const project = textAt(database?.inputs, "project");
  const name = textAt(database?.inputs, "name");
  const suffix = name.slice("mrdata".length);
  const [subscription] = ofType(resources, "Subscription");
  const number = /-(\d+)\./.exec(
    textAt(named(resources, "pd-notify-model-subscription")?.inputs, "pushConfig.pushEndpoint"),
  )?.[1];
  const region = textAt(ofType(resources, "Bucket")[0]?.inputs, "location").toLowerCase();
  const account = (id: string) => `serviceAccount:${id}@${project}.iam.gserviceaccount.com`;
  const agent = `serviceAccount:service-${number}@gcp-sa-pubsub.iam.gserviceaccount.com`;
  const builder = account(`mrdata-build${suffix}`);
  const pusher = `mrdata-push${suffix}@${project}.iam.gserviceaccount.com`;
  const isOld = stack === "everything";
  const grants = new Set<string>([
    ...(isOld ? [`${agent} roles/iam.serviceAccountTokenCreator on IAMMember ${pusher}`] : []),
    `${builder} roles/artifactregistry.writer on RepositoryIamMember mrdata${suffix}`,
    `${builder} roles/storage.objectViewer on BucketIAMMember ${project}-mrdata-functions${suffix}`,
    `${builder} roles/storage.objectViewer on IAMMember project where resource.name.startsWith("projects/_/buckets/gcf-v2-sources-${number}-${region}")`,
    `${builder} roles/logging.logWriter on IAMMember project where anything`,
    `${agent} roles/pubsub.publisher on TopicIAMMember pd-notify-dead${suffix}`,
  ]);
  for (const manifest of manifests) {
    const member = account(
      manifest.name === "respond" ? `mrdata${suffix}` : `mrdata-${manifest.name}${suffix}`,
    );
    for (const need of manifest.needs) {
      if ("publish" in need)
        grants.add(`${member} roles/pubsub.publisher on TopicIAMMember ${need.publish}${suffix}`);
      if ("secret" in need)
        grants.add(
          `${member} roles/secretmanager.secretAccessor on SecretIamMember mrdata-${need.secret}${suffix}`,
        );
      if ("model" in need)
        grants.add(
          `${member} roles/storage.${need.model === "write" ? "objectUser" : "objectViewer"} on BucketIAMMember ${project}-mrdata-models${suffix}`,
        );
      if ("history" in need && importing.has(stack))
        grants.add(
          `${member} roles/storage.objectViewer on BucketIAMMember ${project}-mrdata-history${suffix}`,
        );
      if ("endpoint" in need && hosting.has(stack)) {
        const [endpoint] = ofType(resources, "AiEndpoint");
        const role = `projects/${project}/roles/mrdataPredictor${suffix.replace("-", "_")}`;
        grants.add(`${member} ${role} on AiEndpointIamMember ${textAt(endpoint?.inputs, "name")}`);
      }
      if ("ledger" in need)
        grants.add(
          `${member} roles/datastore.${accessOf(need.ledger) === "write" ? "user" : "viewer"} on IAMMember project where resource.name == "projects/${project}/databases/${name}"`,
        );
    }
    for (const invoker of invokersOf(manifest, account, { suffix, stack }))
      grants.add(`${invoker} roles/run.invoker on IamMember mrdata-${manifest.name}${suffix}`);
    if (manifest.trigger.kind === "push")
      grants.add(
        `${agent} roles/pubsub.subscriber on SubscriptionIAMMember ${manifest.trigger.subscription}${suffix}`,
      );
  }
  return subscription === undefined ? new Set() : grants;
}

/** The stacks that import files of the history bucket: elsewhere nobody is let into it. */
const importing: ReadonlySet<string> = new Set(["everything"]);

/** The stacks with an endpoint: elsewhere nobody may ask one. */
const hosting: ReadonlySet<string> = new Set(["everything"]);

/** Who may look at the report, by stack: as its settings say, and nobody by themselves. */
const readers: Readonly<Record<string, readonly string[]>> = {
  everything: ["group:sre@example.com", "user:robin@example.com"],
};

function invokersOf(
  { trigger }: Manifest,
  account: (id: string) => string,
  { suffix, stack }: { readonly suffix: string; readonly stack: string },
): readonly string[] {
  if (trigger.kind === "people") return readers[stack] ?? [];
  return trigger.kind === "webhook"
    ? ["allUsers"]
    : [account(`mrdata-${trigger.kind === "push" ? "push" : "schedule"}${suffix}`)];
}

const named = (resources: readonly Registered[], name: string) => resources.find((one) => one.name === name);

export const accessRules: readonly Rule[] = [
  {
    name: "allUsers may call receive, and nothing else is open to everybody",
    broken: ({ resources }) => {
      const open = resources.filter(({ inputs }) => /all(Authenticated)?Users/.test(JSON.stringify(inputs)));
      return open.length === 1 && open[0]?.name === "receive-invoked-by-anyone"
        ? []
        : open.map(({ name }) => `${name} is open to everybody`);
    },
    faults: [
      setIn("respond-invoked-by-push", "member", "allUsers"),
      setIn("respond-invoked-by-push", "member", "allAuthenticatedUsers"),
      add({
        name: "x",
        type: "gcp:storage/bucketIAMMember:BucketIAMMember",
        inputs: { bucket: "b", role: "roles/storage.objectViewer", member: "allUsers" },
      }),
    ],
  },
  {
    name: "no primitive role, and every role is one of Google's by its whole name, or the one of our own that may only predict",
    source: "https://cloud.google.com/iam/docs/understanding-roles#basic",
    broken: ({ resources }) =>
      resources.filter(isGrant).flatMap(({ name, inputs }) => {
        const role = textAt(inputs, "role");
        const own = ofType(resources, "IAMCustomRole").find(
          (one) => role === `projects/${textAt(one.inputs, "project")}/roles/${textAt(one.inputs, "roleId")}`,
        );
        if (own !== undefined)
          return isDeepStrictEqual(own.inputs.permissions, ["aiplatform.endpoints.predict"])
            ? []
            : [`${name} gives ${JSON.stringify(own.inputs.permissions)}`];
        return /^roles\/[a-zA-Z]+\.[a-zA-Z.]+$/.test(role) ? [] : [`${name} gives ${role}`];
      }),
    faults: [
      setIn("receive-publish-pd-notify", "role", "roles/editor"),
      setIn("receive-publish-pd-notify", "role", "pubsub.publisher"),
      setIn("hosting-asked-by-respond", "role", "roles/aiplatform.user "),
      setIn("hosting-predictor", "permissions", [
        "aiplatform.endpoints.predict",
        "aiplatform.endpoints.undeploy",
      ]),
    ],
  },
  {
    name: "no Binding and no Policy: they would take away what others gave",
    broken: ({ resources }) =>
      resources
        .filter(({ type }) => /(Iam|IAM)(Binding|Policy|AuditConfig)$/.test(type))
        .map(({ name }) => `${name} takes a whole role or policy for itself`),
    faults: [
      add({
        name: "x",
        type: "gcp:projects/iAMBinding:IAMBinding",
        inputs: { role: "roles/viewer", members: [] },
      }),
      add({ name: "x", type: "gcp:pubsub/topicIAMPolicy:TopicIAMPolicy", inputs: {} }),
    ],
  },
  {
    name: "every grant is traced to a need or a trigger, every need and trigger has its grant",
    broken: (plan) => {
      const expected = expectedGrants(plan);
      const actual = new Set(plan.resources.filter(isGrant).map(grantOf));
      return [
        ...[...actual.difference(expected)].map((grant) => `left over: ${grant}`),
        ...[...expected.difference(actual)].map((grant) => `missing: ${grant}`),
      ];
    },
    faults: [
      without("receive-publish-pd-notify"),
      without("record-invoked-by-push"),
      without("pd-notify-dead-forward"),
      setIn("respond-ledger-write", "condition", undefined),
      setIn("respond-model-read", "bucket", "another"),
      without("hosting-asked-by-respond"),
      setIn("hosting-asked-by-respond", "endpoint", "9999999999"),
      setIn("hosting-asked-by-respond", "member", "serviceAccount:mrdata-record@p.iam.gserviceaccount.com"),
      add({
        name: "x",
        type: "gcp:secretmanager/secretIamMember:SecretIamMember",
        inputs: {
          secretId: "mrdata-pagerduty-token",
          role: "roles/secretmanager.secretAccessor",
          member: "serviceAccount:mrdata-record@p.iam.gserviceaccount.com",
        },
      }),
    ],
  },
  {
    name: "what is granted on the project is bound by a condition; writing the builds' log alone cannot be",
    source: "https://cloud.google.com/iam/docs/conditions-resource-attributes",
    broken: ({ resources }) =>
      resources
        .filter(({ type }) => type === "gcp:projects/iAMMember:IAMMember")
        .flatMap(({ name, inputs }) =>
          textAt(inputs, "condition.expression") !== "" ||
          textAt(inputs, "role") === "roles/logging.logWriter"
            ? []
            : [`${name} gives ${textAt(inputs, "role")} on the whole project`],
        ),
    faults: [
      setIn("respond-ledger-write", "condition", undefined),
      setIn("builder-reads-sources", "condition.expression", ""),
      setIn("builder-writes-logs", "role", "roles/logging.admin"),
    ],
  },
  {
    name: "a private function is called by exactly those that its trigger names",
    broken: ({ resources, stack }) =>
      manifests.flatMap(({ name, trigger }) => {
        const invokers = ofType(resources, "IamMember").filter(({ inputs }) =>
          new RegExp(`^mrdata-${name}(-|$)`).test(textAt(inputs, "service")),
        );
        if (trigger.kind === "people") {
          const members = invokers.map(({ inputs }) => textAt(inputs, "member"));
          return isDeepStrictEqual(members.toSorted(), readers[stack] ?? [])
            ? []
            : [`${name} is called by ${members.join(", ")}`];
        }
        const wanted = { webhook: /^allUsers$/, push: /:mrdata-push[-@]/, schedule: /:mrdata-schedule[-@]/ }[
          trigger.kind
        ];
        return invokers.length === 1 && wanted.test(textAt(invokers[0]?.inputs, "member"))
          ? []
          : [`${name} is called by ${invokers.map(({ inputs }) => textAt(inputs, "member")).join(", ")}`];
      }),
    faults: [
      without("respond-invoked-by-push"),
      setIn("respond-invoked-by-push", "member", "serviceAccount:mrdata-receive@p.iam.gserviceaccount.com"),
      setIn("report-invoked-by-group-sre-example-com", "member", "domain:example.com"),
    ],
  },
  {
    name: "each function runs as an account of its own, and is built by another",
    broken: ({ resources }) => {
      const functions = ofType(resources, "Function");
      const accounts = functions.map(({ inputs }) => textAt(inputs, "serviceConfig.serviceAccountEmail"));
      return [
        ...(new Set(accounts).size === functions.length &&
        accounts.every((email) => email.startsWith("mrdata"))
          ? []
          : [`functions share an account: ${accounts.join(", ")}`]),
        ...functions.flatMap(({ name, inputs }) =>
          /\/mrdata-build/.test(textAt(inputs, "buildConfig.serviceAccount"))
            ? []
            : [`${name} is built by the default account`],
        ),
      ];
    },
    faults: [
      setIn(
        "record-function",
        "serviceConfig.serviceAccountEmail",
        "mrdata-two@everything-project.iam.gserviceaccount.com",
      ),
      set("Function", "serviceConfig.serviceAccountEmail", undefined),
      set("Function", "buildConfig.serviceAccount", undefined),
    ],
  },
];
