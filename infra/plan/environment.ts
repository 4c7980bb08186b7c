import { LEARN_TOPIC, type Manifest } from "@mrdata/functions/manifests";
import type { Settings } from "../settings/settings.ts";
import type { Names } from "./names.ts";

/** The environment variables of a function: what its needs make it read, and nothing that is empty. */
export function environmentOf(
  { needs, trigger }: Manifest,
  settings: Settings,
  names: Names,
): Readonly<Record<string, string>> {
  const has = (kind: string) => needs.some((need) => kind in need);
  const holds = (secret: string) => needs.some((need) => "secret" in need && need.secret === secret);
  const pages = holds("pagerduty-token");
  const starts = needs.some((need) => "publish" in need && need.publish === LEARN_TOPIC);
  // Shows times to people.
  const shows = trigger.kind === "people" || holds("digest-webhook");
  const { bot } = settings;
  const all: Readonly<Record<string, string | null>> = {
    MRDATA_TARGET: `gcp:${settings.project}/${names.database}`,
    // Whoever only shows what the ledger says meets no topic.
    MRDATA_SUFFIX: (has("ledger") && !shows) || has("publish") ? settings.suffix : null,
    ...(has("ledger") && {
      MRDATA_WINDOW: `${settings.windowMs / 1000}s`,
      MRDATA_RETENTION: `${settings.retention / 1000}s`,
      MRDATA_BOT_USER: bot.user,
      MRDATA_AUTOMATION_USERS: bot.automations.join(","),
    }),
    ...(shows && { MRDATA_TIME_ZONE: settings.timeZone }),
    ...(has("model") && {
      MRDATA_MODEL_BUCKET: names.bucket("models"),
      MRDATA_MODEL_MAX_AGE: `${settings.modelMaxAge / 1000}s`,
    }),
    ...(has("history") &&
      settings.historyImport === "on" && {
        MRDATA_HISTORY_IMPORT: "on",
        MRDATA_HISTORY_BUCKET: names.bucket("history"),
      }),
    ...(has("endpoint") &&
      settings.hosting === "endpoint" && {
        MRDATA_ENDPOINT: names.endpoint,
        MRDATA_VERTEX_URL: settings.vertexBaseUrl,
      }),
    // Who starts trainings goes by it; the command line knows of it by what sweep notes of its own environment.
    ...((starts || pages) && trigger.kind === "schedule" && { MRDATA_RETRAIN: settings.retrain }),
    // The probe takes the way of a webhook.
    ...(holds("probe-secret") && trigger.kind === "schedule" && { MRDATA_WEBHOOK_URL: names.url("receive") }),
    ...(pages && {
      MRDATA_FROM: bot.email,
      MRDATA_FALLBACK_POLICY: bot.fallbackPolicy,
      MRDATA_PAGERDUTY_URL: settings.pagerDutyBaseUrl,
      // Whoever comes by schedule looks whether PagerDuty still sends webhooks there.
      MRDATA_WEBHOOK_URL: trigger.kind === "schedule" ? names.url("receive") : null,
      MRDATA_ALARM_CHANNELS: trigger.kind === "schedule" ? channelsIn(settings) : null,
    }),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
  );
}

/** Whom alarms notify, in words for people; `none` where they notify nobody, which is not the same as not knowing. */
const channelsIn = ({ alertEmail, alertPagerDutyKey }: Settings): string =>
  [...(alertEmail === null ? [] : ["e-mail"]), ...(alertPagerDutyKey === null ? [] : ["PagerDuty"])].join(
    ", ",
  ) || "none";
