/** PagerDuty refused, or could not be reached. `code` is PagerDuty's own error code (REST API reference, errors). */
export class PagerDutyError extends Error {
  /** HTTP status; 0 when no answer arrived. */
  readonly status: number;
  readonly code: number | null;
  /** For a 429: how long to wait, milliseconds; null where PagerDuty does not say. */
  readonly retryAfterMs: number | null;
  constructor(
    call: string,
    status: number,
    code: number | null,
    messages: readonly string[],
    retryAfterMs: number | null = null,
  ) {
    const said = messages.length > 0 ? `: ${messages.join("; ").slice(0, 300)}` : "";
    super(
      status === 0
        ? `PagerDuty did not answer ${call}${said}`
        : `PagerDuty answered ${call} with ${status}${code === null ? "" : ` (code ${code})`}${said}`,
    );
    this.name = "PagerDutyError";
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
