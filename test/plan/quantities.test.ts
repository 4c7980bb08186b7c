import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifests } from "@mrdata/functions/manifests";
import { expect, test } from "vitest";
import { ALERT_METRICS, SECRET_VERSIONS } from "../../packages/cli/src/cost/quantities.ts";
import { planOf } from "./program.ts";
import { stacks } from "./stacks.ts";

/** The quantities of the cost tables in docs/deploy.md, by the start of their row. */
const document = readFileSync(join(import.meta.dirname, "../../docs/deploy.md"), "utf8");
function quantity(row: string): number {
  const line = document.split("\n").find((text) => text.startsWith(`| ${row}`));
  return Number((line?.split("|")[2] ?? "").replaceAll(",", "").trim());
}

test("what it costs is what is declared: idle, and per 1,000 incidents", async () => {
  const {
    "mrdata:suffix": _,
    "mrdata:minInstances": __,
    "mrdata:hosting": ___,
    ...settings
  } = stacks.everything;
  const { resources } = await planOf("everything", settings);
  const count = (type: string) =>
    resources.filter((one) => one.type.endsWith(`:${type}`) && one.type.startsWith("gcp:")).length;
  const warm = resources
    .filter(({ type }) => type.endsWith(":Function"))
    .map(({ inputs }) => JSON.stringify(inputs).includes('"minInstanceCount":0'));
  expect(quantity("function instances")).toBe(warm.every(Boolean) ? 0 : Number.NaN);
  expect(quantity("Cloud Scheduler jobs")).toBe(count("Job"));
  const everyMinute = manifests.filter(
    ({ trigger }) => trigger.kind === "schedule" && trigger.cron === "* * * * *",
  );
  expect(quantity("calls of `sweep`")).toBe(everyMinute.length * 30 * 24 * 60);
  const probes = manifests.filter(
    ({ trigger }) => trigger.kind === "schedule" && trigger.cron === "*/5 * * * *",
  );
  expect(quantity("probes")).toBe(probes.length * 30 * 24 * 12);
  expect(quantity("active secret versions")).toBe(count("SecretVersion"));
  expect(quantity("alert policies")).toBe(count("AlertPolicy"));
  const conditions = resources
    .filter(({ type }) => type.endsWith(":AlertPolicy"))
    .map(({ inputs }) => JSON.stringify(inputs));
  const ofQueries = conditions.filter((text) => text.includes('"conditionPrometheusQuery'));
  expect({
    query: ofQueries.reduce((sum, text) => sum + text.split("{monitored_resource=").length - 1, 0),
    other: conditions.length - ofQueries.length,
  }).toEqual(ALERT_METRICS);
  expect(SECRET_VERSIONS).toBe(count("SecretVersion"));
  expect(quantity("metrics of logs")).toBe(count("Metric"));
  expect(quantity("Firestore database")).toBe(count("Database"));
  expect(quantity("model endpoints")).toBe(count("AiEndpoint"));
  const pushes = manifests.filter(
    ({ trigger }) => trigger.kind === "push" && trigger.topic === "pd-notify",
  ).length;
  const events = quantity("webhooks");
  expect(events).toBe(3_000);
  expect(quantity("messages published")).toBe(events);
  expect(quantity("pushes")).toBe(events * pushes);
});

test("how many resources there are is as in the plans that are kept", () => {
  const counted = (stack: string) => {
    const kept: { readonly resources: readonly { readonly type: string }[] } = JSON.parse(
      readFileSync(join(import.meta.dirname, `../golden/${stack}.json`), "utf8"),
    );
    return {
      all: kept.resources.length,
      made: kept.resources.filter(({ type }) => !type.startsWith("mrdata:")).length,
    };
  };
  const [least, everything] = [counted("least"), counted("everything")];
  expect(document.replaceAll("\n", " ")).toContain(
    `${least.all} resources, with a model and everything else on ${everything.all} (${least.made} and ${everything.made} without`,
  );
});

/** The role that may make what is in a namespace of the provider. */
const makers: Readonly<Record<string, string>> = {
  artifactregistry: "roles/artifactregistry.admin",
  cloudfunctionsv2: "roles/cloudfunctions.admin",
  cloudrun: "roles/run.admin",
  cloudscheduler: "roles/cloudscheduler.admin",
  firestore: "roles/datastore.owner",
  logging: "roles/logging.configWriter",
  monitoring: "roles/monitoring.editor",
  projects: "roles/resourcemanager.projectIamAdmin",
  pubsub: "roles/pubsub.admin",
  secretmanager: "roles/secretmanager.admin",
  serviceaccount: "roles/iam.serviceAccountAdmin",
  storage: "roles/storage.admin",
  vertex: "roles/aiplatform.admin",
};

test("the deployer's roles are listed for everything that is declared", async () => {
  const { resources } = await planOf("everything", stacks.everything);
  const namespaces = new Set(resources.flatMap(({ type }) => /^gcp:(\w+)\//.exec(type)?.[1] ?? []));
  expect([...namespaces].toSorted()).toEqual(Object.keys(makers));
  for (const role of [
    ...Object.values(makers),
    "roles/serviceusage.serviceUsageAdmin",
    "roles/iam.serviceAccountUser",
  ])
    expect(document).toContain(`\`${role}\``);
});
