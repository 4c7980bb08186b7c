import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, memo } from "@mrdata/base";
import { assertUsableSecret, type SecretName, type Secrets, secretVariables } from "../secrets.ts";

/** How long a secret is cached before it is read again. */
const FRESH_MS = 1_000;

/** Secrets from the environment, else from files of the secret's name in `dir`. */
export function fileSecrets({
  dir,
  env,
}: {
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Secrets {
  const fromFile = memo((name: SecretName) => readSecret(join(dir, name)), {
    ttlMs: FRESH_MS,
    now: () => performance.now(),
    keyOf: (name) => name,
    maxKeys: Object.keys(secretVariables).length,
  });
  return { get: (name) => env[secretVariables[name]] || fromFile(name) };
}

/**
 * Throws UnusableSecretError if a secret that is set, in the environment or in `dir`, is obviously malformed:
 * better at start-up than at the first webhook.
 */
export function assertUsableSecrets(dir: string, env: Readonly<Record<string, string | undefined>>): void {
  for (const name of ["webhook-secret", "pagerduty-token", "probe-secret"] as const) {
    assertUsableSecret(secretVariables[name], env[secretVariables[name]]);
    if (!env[secretVariables[name]]) assertUsableSecret(join(dir, name), readSecret(join(dir, name)));
  }
}

function readSecret(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim() || null;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * Makes sure that `dir` has a webhook secret, readable by the owner alone: the given one, so that senders in another shell
 * sign with it, too; otherwise 32 random bytes, unless one exists.
 */
export function ensureWebhookSecret(dir: string, given?: string): void {
  const file = join(dir, "webhook-secret");
  const known = readSecret(file);
  const secret = given?.trim() || known || randomBytes(32).toString("base64url");
  if (secret === known) return;
  // Written to a temporary file first: a process killed in between leaves a whole secret or none, never an empty file.
  const written = `${file}.${process.pid}`;
  writeFileSync(written, `${secret}\n`, { mode: 0o600 });
  if (given || existsSync(file)) {
    renameSync(written, file);
    return;
  }
  try {
    // If two processes start at the same time, the first one's secret is kept.
    linkSync(written, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(written);
  }
}
