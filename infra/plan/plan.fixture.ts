import type { Settings } from "../settings/settings.ts";

/** Settings of which nothing optional is set. */
export const someSettings: Settings = {
  project: "a-project",
  projectNumber: "123456789012",
  region: "us-central1",
  labels: { team: "sre" },
  suffix: "",
  window: 300_000,
  retention: 400 * 86_400_000,
  modelMaxAge: 90 * 86_400_000,
  modelFolder: null,
  modelImage: "image",
  alertEmail: null,
  alertPagerDutyKey: null,
  pagerDutyToken: null,
  webhookSecret: null,
  webhookScope: { type: "account_reference", id: null },
  bot: { user: null, email: null, automations: [], fallbackPolicy: null, policies: [] },
  protect: true,
  publicWebhook: true,
  minInstances: 0,
  maxInstances: null,
  vertexBaseUrl: null,
  pagerDutyBaseUrl: null,
};
