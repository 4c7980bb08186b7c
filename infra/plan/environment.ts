import type { Manifest } from "@mrdata/functions/manifests";
import type { Settings } from "../settings/settings.ts";
import type { Names } from "./names.ts";

/** The environment variables of a function: what its needs make it read, and nothing that is empty. */
export function environmentOf(
  { needs, trigger }: Manifest,
  settings: Settings,
  names: Names,
): Readonly<Record<string, string>> {
  const has = (kind: string) => needs.some((need) => kind in need);
  const pages = needs.some((need) => "secret" in need && need.secret === "pagerduty-token");
  // Of times as people read them.
  const shows =
    trigger.kind === "people" || needs.some((need) => "secret" in need && need.secret === "digest-webhook");
  const { bot } = settings;
  const all: Readonly<Record<string, string | null>> = {
    MRDATA_TARGET: `gcp:${settings.project}/${names.database}`,
    MRDATA_SUFFIX: settings.suffix,
    ...(has("ledger") && {
      MRDATA_WINDOW: `${settings.window / 1000}s`,
      MRDATA_RETENTION: `${settings.retention / 1000}s`,
      MRDATA_BOT_USER: bot.user,
      MRDATA_AUTOMATION_USERS: bot.automations.join(","),
    }),
    ...(shows && { MRDATA_TIME_ZONE: settings.timeZone }),
    ...(has("model") && {
      MRDATA_MODEL_BUCKET: names.bucket("models"),
      MRDATA_MODEL_MAX_AGE: `${settings.modelMaxAge / 1000}s`,
    }),
    ...(pages && {
      MRDATA_FROM: bot.email,
      MRDATA_FALLBACK_POLICY: bot.fallbackPolicy,
      MRDATA_PAGERDUTY_URL: settings.pagerDutyBaseUrl,
      // Whoever comes by schedule looks whether PagerDuty still sends webhooks there.
      MRDATA_WEBHOOK_URL: trigger.kind === "schedule" ? names.url("receive") : null,
      // The command line knows of it by what sweep notes of its own environment.
      MRDATA_RETRAIN: trigger.kind === "schedule" ? settings.retrain : null,
    }),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
  );
}
