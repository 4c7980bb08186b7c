/**
 * Names of the secrets that exist. `webhook-secret` may hold several signing secrets, one a line, while one is
 * rotated; `pagerduty-token` is the REST key of the bot; `probe-secret` signs the probe's own events and nothing else;
 * `digest-webhook` is the address that the digest is posted to.
 */
export type SecretName = "webhook-secret" | "pagerduty-token" | "probe-secret" | "digest-webhook";

/** The environment variable of each. */
export const secretVariables: Readonly<Record<SecretName, string>> = {
  "webhook-secret": "MRDATA_WEBHOOK_SECRET",
  "pagerduty-token": "MRDATA_PAGERDUTY_TOKEN",
  "probe-secret": "MRDATA_PROBE_SECRET",
  "digest-webhook": "MRDATA_DIGEST_WEBHOOK",
};

export type Secrets = {
  /**
   * The secret's current text, or null if none has been set; synchronous if it is cached. Throws or rejects if
   * it cannot be read. Implementations never log it.
   */
  get(name: SecretName): string | null | Promise<string | null>;
};

/**
 * The secrets in a text, one per line; none if none has been set.
 *
 * @example
 * ```ts
 * secretLines("new\n old \n\n"); // => ["new", "old"]
 * secretLines(null); // => []
 * ```
 */
export const secretLines = (text: string | null): readonly string[] =>
  (text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The secret to sign webhooks with: the first of several. Null if none has been set. */
export async function signingSecretOf(secrets: Secrets): Promise<string | null> {
  return secretLines(await secrets.get("webhook-secret"))[0] ?? null;
}

/** A secret that is obviously malformed. The message names it and never shows it. */
export class UnusableSecretError extends Error {}

/**
 * Throws UnusableSecretError for a secret, or one line of several, that contains a blank or a comma. PagerDuty's secrets
 * contain neither, so it is a list or two pasted values, and no signature would ever match it. `where` is what
 * the person has to fix: a variable or a file.
 */
export function assertUsableSecret(where: string, text: string | null | undefined): void {
  if (!secretLines(text ?? null).some((line) => /[\s,\p{Cc}]/u.test(line))) return;
  throw new UnusableSecretError(
    `${where} holds a secret with a blank or a comma inside: write one secret, as PagerDuty shows it; several signing secrets stand one a line`,
  );
}
