import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, memo } from "@mrdata/base";
import { assertUsableSecret, type SecretName, type Secrets, secretVariables } from "../secrets.ts";

/** How long a secret that was read is used before it is read again, milliseconds. */
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
 * Throws UnusableSecretError if a secret that is set, in the environment or in `dir`, cannot be meant as it is written:
 * better at the start than at the first webhook.
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
 * Sees to it that `dir` has a webhook secret, readable by the owner alone: the one that is given, which whoever sends
 * to this stack from another shell then signs with, too; else 32 random bytes, unless one is there.
 */
export function ensureWebhookSecret(dir: string, given?: string): void {
  const file = join(dir, "webhook-secret");
  const known = readSecret(file);
  const secret = given?.trim() || known || randomBytes(32).toString("base64url");
  if (secret === known) return;
  // Written beside it first: who is killed in between leaves the whole of a secret or none, never an empty file.
  const written = `${file}.${process.pid}`;
  writeFileSync(written, `${secret}\n`, { mode: 0o600 });
  if (given || existsSync(file)) {
    renameSync(written, file);
    return;
  }
  try {
    // Of two that start at once the first one's is kept.
    linkSync(written, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(written);
  }
}
