import { readFileSync } from "node:fs";
import type { SecretName, Secrets } from "../secrets.ts";

const variables: Readonly<Record<SecretName, string>> = {
  "webhook-secret": "MRDATA_WEBHOOK_SECRET",
  "pagerduty-token": "MRDATA_PAGERDUTY_TOKEN",
};

/** How long a mounted secret is used before its file is read again, milliseconds. */
const FRESH = 30_000;

/** Secrets as the platform hands them over: an environment variable, or a mounted file that `…_FILE` names. */
export function mountedSecrets({
  env,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
}): Secrets {
  const cache = new Map<SecretName, { readonly text: string | null; readonly until: number }>();
  return {
    async get(name) {
      const file = env[`${variables[name]}_FILE`];
      if (!file) return env[variables[name]]?.trim() || null;
      const known = cache.get(name);
      if (known !== undefined && known.until > performance.now()) return known.text;
      const text = readFileSync(file, "utf8").trim() || null;
      cache.set(name, { text, until: performance.now() + FRESH });
      return text;
    },
  };
}
