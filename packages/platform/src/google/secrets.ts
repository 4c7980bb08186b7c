import { readFile } from "node:fs/promises";
import { codeOf, memo } from "@mrdata/base";
import { type Clock, systemClock } from "../clock.ts";
import { type Secrets, secretVariables } from "../secrets.ts";

/** How long a mounted secret is cached before its file is read again. */
const FRESH_MS = 30_000;

export type MountedSecretsOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Pick<Clock, "now">;
};

/**
 * Secrets as the platform provides them: in the file that `…_FILE` names, which follows rotation
 * (https://cloud.google.com/run/docs/configuring/services/secrets), else in the environment variable, which does not.
 */
export function mountedSecrets({ env, clock = systemClock }: MountedSecretsOptions): Secrets {
  const fromFile = memo(readSecret, {
    ttlMs: FRESH_MS,
    now: () => clock.now(),
    keyOf: (file) => file,
    maxKeys: Object.keys(secretVariables).length,
  });
  return {
    get(name) {
      const file = env[`${secretVariables[name]}_FILE`];
      return file ? fromFile(file) : env[secretVariables[name]]?.trim() || null;
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
