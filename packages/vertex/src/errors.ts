/** Vertex AI refused, or could not be reached (Google's error body: `{error: {code, message, status}}`). */
export class VertexError extends Error {
  /** HTTP status; 0 if no answer came. */
  readonly status: number;
  /** Google's canonical code, like `ALREADY_EXISTS`; null if the body named none. */
  readonly reason: string | null;
  constructor(call: string, status: number, reason: string | null, message: string) {
    const said = message === "" ? "" : `: ${message.slice(0, 400)}`;
    super(
      status === 0
        ? `Vertex AI did not answer ${call}${said}`
        : `Vertex AI answered ${call} with ${status}${reason === null ? "" : ` ${reason}`}${said}`,
    );
    this.name = "VertexError";
    this.status = status;
    this.reason = reason;
  }
}

/** A long-running operation ended with an error (`failed`), or not within its deadline (`late`). */
export class OperationError extends Error {
  readonly end: "failed" | "late";
  constructor(end: "failed" | "late", message: string) {
    super(message);
    this.name = "OperationError";
    this.end = end;
  }
}
