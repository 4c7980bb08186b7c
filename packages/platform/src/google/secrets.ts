import { readFile } from "node:fs/promises";
import { type Clock, systemClock } from "../clock.ts";
import type { SecretName, Secrets } from "../secrets.ts";
import { codeOf } from "./grpc-status.ts";

const variables: Readonly<Record<SecretName, string>> = {
  "webhook-secret": "MRDATA_WEBHOOK_SECRET",
  "pagerduty-token": "MRDATA_PAGERDUTY_TOKEN",
  "digest-webhook": "MRDATA_DIGEST_WEBHOOK",
};

/** How long a mounted secret is used before its file is read again, milliseconds. */
const FRESH = 30_000;

export type MountedSecretsOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Pick<Clock, "now">;
};

/**
 * Secrets as the platform hands them over: in the file that `…_FILE` names, which follows rotation
 * (https://cloud.google.com/run/docs/configuring/services/secrets), else in the environment variable, which does not.
 */
export function mountedSecrets({ env, clock = systemClock }: MountedSecretsOptions): Secrets {
  const cache = new Map<SecretName, { readonly text: string | null; readonly at: number }>();
  return {
    get(name) {
      const file = env[`${variables[name]}_FILE`];
      if (!file) return env[variables[name]]?.trim() || null;
      const known = cache.get(name);
      if (known !== undefined && clock.now() - known.at < FRESH) return known.text;
      const at = clock.now();
      return readSecret(file).then((text) => {
        cache.set(name, { text, at });
        return text;
      });
    },
  };
}

async function readSecret(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim() || null;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
