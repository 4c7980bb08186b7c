/** The variables that a function requires on the platform, by port. */
const byPort = {
  ledger: ["MRDATA_WINDOW", "MRDATA_RETENTION"],
  models: ["MRDATA_MODEL_BUCKET", "MRDATA_MODEL_MAX_AGE"],
} as const;

/**
 * On the platform, which sets K_SERVICE (https://cloud.google.com/run/docs/container-contract), everything must be declared
 * and nothing has a default: a different window, for example, would lead to holds that nobody agreed to. Throws an Error that
 * names every missing variable.
 */
export function requireDeclared(
  env: Readonly<Record<string, string | undefined>>,
  opened: { readonly ledger: boolean; readonly models: boolean },
  own: readonly string[] = [],
): void {
  if (!env.K_SERVICE) return;
  const wanted = [...(opened.ledger ? byPort.ledger : []), ...(opened.models ? byPort.models : []), ...own];
  const missing = wanted.filter((name) => !env[name]);
  if (missing.length > 0)
    throw new Error(
      `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set: on the platform nothing is left to a default, and 'pulumi up' sets what is declared`,
    );
}
