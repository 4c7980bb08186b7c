import type { Deployment, Ledger } from "@mrdata/platform";
import type { Environment } from "./environment.ts";

/** The environment converted back to variables, without those that depend on the target. It contains no secret. */
export function variablesOf(environment: Environment): Readonly<Record<string, string>> {
  const seconds = (milliseconds: number): string => `${milliseconds / 1000}s`;
  const all: Readonly<Record<string, string | null>> = {
    MRDATA_WINDOW: seconds(environment.MRDATA_WINDOW),
    MRDATA_MODEL_MAX_AGE: seconds(environment.MRDATA_MODEL_MAX_AGE),
    MRDATA_BOT_USER: environment.MRDATA_BOT_USER,
    MRDATA_AUTOMATION_USERS: environment.MRDATA_AUTOMATION_USERS.join(","),
    MRDATA_FROM: environment.MRDATA_FROM,
    MRDATA_FALLBACK_POLICY: environment.MRDATA_FALLBACK_POLICY,
    MRDATA_PAGERDUTY_URL: environment.MRDATA_PAGERDUTY_URL,
    MRDATA_WEBHOOK_URL: environment.MRDATA_WEBHOOK_URL,
    MRDATA_TIME_ZONE: environment.MRDATA_TIME_ZONE,
    MRDATA_SUFFIX: environment.MRDATA_SUFFIX,
    MRDATA_RETENTION: environment.MRDATA_RETENTION === null ? null : seconds(environment.MRDATA_RETENTION),
    MRDATA_ALARM_CHANNELS:
      environment.MRDATA_ALARM_CHANNELS === null
        ? null
        : environment.MRDATA_ALARM_CHANNELS.join(", ") || "none",
    MRDATA_MODEL_BUCKET: environment.MRDATA_MODEL_BUCKET,
    MRDATA_HISTORY_IMPORT: environment.MRDATA_HISTORY_IMPORT === "on" ? "on" : null,
    MRDATA_HISTORY_BUCKET: environment.MRDATA_HISTORY_BUCKET,
    MRDATA_RETRAIN:
      typeof environment.MRDATA_RETRAIN === "number"
        ? seconds(environment.MRDATA_RETRAIN)
        : environment.MRDATA_RETRAIN,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === null || value === "" ? [] : [[name, value]])),
  );
}

/**
 * Records the bot's environment once, at the first call, so that commands run elsewhere see the same settings as the
 * bot, for example its window, even while it has no user and only listens. Rejects as the ledger does, and then retries at the next call.
 */
export function deploymentNote(
  ledger: Pick<Ledger, "noteDeployment">,
  environment: Environment,
  now: () => number,
): () => Promise<void> {
  let noted = false;
  return async () => {
    if (noted) return;
    await ledger.noteDeployment({ at: now(), environment: variablesOf(environment) });
    noted = true;
  };
}

/** The caller's variables, then those that the bot recorded. */
export const withDeployment = (
  deployment: Deployment | null,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> => ({
  ...deployment?.environment,
  ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== "")),
});
