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
   * The secret's current text, or null where none has been set yet; at once where it is at hand. Throws or rejects if
   * it cannot be read. Implementations never log it.
   */
  get(name: SecretName): string | null | Promise<string | null>;
};

/**
 * The secrets of a text, one a line; none where none has been set.
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

/** The signing secret that whoever sends webhooks here signs with: the first of several. Null where none has been set. */
export async function signingSecretOf(secrets: Secrets): Promise<string | null> {
  return secretLines(await secrets.get("webhook-secret"))[0] ?? null;
}

/** A secret that cannot be meant as it is written. The message names it and never shows it. */
export class UnusableSecretError extends Error {}

/**
 * Throws UnusableSecretError for a secret, or one line of several, with a blank or a comma inside: none that PagerDuty
 * makes has one, so it is a list, or two things pasted together, and no signature would ever fit it. `where` is what
 * the person has to mend: a variable or a file.
 */
export function assertUsableSecret(where: string, text: string | null | undefined): void {
  if (!secretLines(text ?? null).some((line) => /[\s,\p{Cc}]/u.test(line))) return;
  throw new UnusableSecretError(
    `${where} holds a secret with a blank or a comma inside: write one secret, as PagerDuty shows it; several signing secrets stand one a line`,
  );
}
