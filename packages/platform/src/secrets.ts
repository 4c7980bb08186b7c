/**
 * Names of the secrets that exist. `webhook-secret` may hold several signing secrets, one a line, while one is
 * rotated; `pagerduty-token` is the REST key of the bot.
 */
export type SecretName = "webhook-secret" | "pagerduty-token";

export type Secrets = {
  /** The secret's current text, or null where none has been set yet. Implementations never log it. */
  get(name: SecretName): Promise<string | null>;
};
