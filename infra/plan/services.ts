import type { Manifest } from "@mrdata/functions/manifests";
import type { Settings } from "../settings/settings.ts";

/** The APIs that are used, each with what it is for. */
export const services = {
  "artifactregistry.googleapis.com": "images of the functions",
  "cloudbuild.googleapis.com": "builds of the functions",
  "cloudfunctions.googleapis.com": "functions",
  "cloudscheduler.googleapis.com": "calls by schedule",
  "firestore.googleapis.com": "the ledger",
  "iam.googleapis.com": "service accounts",
  "logging.googleapis.com": "metrics of logs",
  "monitoring.googleapis.com": "alarms and the dashboard",
  "pubsub.googleapis.com": "the topic and its subscriptions",
  "run.googleapis.com": "the services that functions are",
  "secretmanager.googleapis.com": "secrets",
  "storage.googleapis.com": "buckets",
  "aiplatform.googleapis.com": "the model in Vertex AI",
} as const;

export type Service = keyof typeof services;

const isService = (name: string): name is Service => name in services;
const serviceNames: readonly Service[] = Object.keys(services).filter(isService);

/** The APIs that these settings and functions use. */
export function servicesOf(
  { modelFolder }: Pick<Settings, "modelFolder">,
  manifests: readonly Manifest[],
): readonly Service[] {
  const scheduled = manifests.some(({ trigger }) => trigger.kind === "schedule");
  return serviceNames.filter(
    (service) =>
      (service !== "aiplatform.googleapis.com" || modelFolder !== null) &&
      (service !== "cloudscheduler.googleapis.com" || scheduled),
  );
}
