import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifests } from "@mrdata/functions/manifests";
import { expect, test } from "vitest";
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
