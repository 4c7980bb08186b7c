/**
 * Names of the secrets that exist. `webhook-secret` may hold several signing secrets, one a line, while one is
 * rotated; `pagerduty-token` is the REST key of the bot.
 */
export type SecretName = "webhook-secret" | "pagerduty-token";

export type Secrets = {
  /**
   * The secret's current text, or null where none has been set yet; at once where it is at hand. Throws or rejects if
   * it cannot be read. Implementations never log it.
   */
  get(name: SecretName): string | null | Promise<string | null>;
};
