export type Inputs = Readonly<Record<string, unknown>>;

/** What a creation that was under way when Pulumi was killed has come to. */
export type Lost =
  /** It has a name of its own, and this id at its provider: there is one or none. */
  | { readonly kind: "named"; readonly id: string }
  /** Made again it is there once: a grant, an enabled API, an object that is written over, an upload that is found. */
  | { readonly kind: "repeatable" }
  /** Its id is made by Google: if it is there, the next `up` makes a second one. */
  | { readonly kind: "numbered" };

const text = (inputs: Inputs, key: string): string => {
  const value = inputs[key];
  return typeof value === "string" ? value : "";
};

const below =
  (kind: string, key: string) =>
  (inputs: Inputs): string =>
    `projects/${text(inputs, "project")}/${kind}/${text(inputs, key)}`;

const located =
  (kind: string, key: string, place = "location") =>
  (inputs: Inputs): string =>
    `projects/${text(inputs, "project")}/locations/${text(inputs, place)}/${kind}/${text(inputs, key)}`;

/** Ids as the provider gives them (the section Import of each resource, https://www.pulumi.com/registry/packages/gcp). */
const named: Readonly<Record<string, (inputs: Inputs) => string>> = {
  "gcp:artifactregistry/repository:Repository": located("repositories", "repositoryId"),
  "gcp:cloudfunctionsv2/function:Function": located("functions", "name"),
  "gcp:cloudscheduler/job:Job": located("jobs", "name", "region"),
  "gcp:firestore/database:Database": below("databases", "name"),
  "gcp:logging/metric:Metric": (inputs) => text(inputs, "name"),
  "gcp:monitoring/customService:CustomService": below("services", "serviceId"),
  "gcp:monitoring/slo:Slo": (inputs) =>
    `${below("services", "service")(inputs)}/serviceLevelObjectives/${text(inputs, "sloId")}`,
  "gcp:pubsub/subscription:Subscription": below("subscriptions", "name"),
  "gcp:pubsub/topic:Topic": below("topics", "name"),
  "gcp:secretmanager/secret:Secret": below("secrets", "secretId"),
  "gcp:serviceaccount/account:Account": (inputs) => {
    const project = text(inputs, "project");
    return `projects/${project}/serviceAccounts/${text(inputs, "accountId")}@${project}.iam.gserviceaccount.com`;
  },
  "gcp:storage/bucket:Bucket": (inputs) => text(inputs, "name"),
};

const repeatable: readonly RegExp[] = [
  /I[aA][mM]Member$/,
  /^gcp:projects\/service(Identity)?:/,
  /^gcp:storage\/bucketObject:/,
  /^gcp:firestore\/field:/,
  // Of our own: packages/vertex looks for what was uploaded, packages/pagerduty deletes what nobody has the secret of,
  // and the probe's secret is made anew.
  /^pulumi-nodejs:/,
];

export function lostCreation(type: string, inputs: Inputs): Lost {
  const idOf = named[type];
  if (idOf !== undefined) return { kind: "named", id: idOf(inputs) };
  return { kind: repeatable.some((one) => one.test(type)) ? "repeatable" : "numbered" };
}
