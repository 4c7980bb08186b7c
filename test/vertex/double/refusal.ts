/** Google's error body (google.rpc.Status over HTTP). */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
  body(): unknown {
    return { error: { code: this.status, message: this.message, status: this.reason } };
  }
}

export const notFound = (what: string) => new Refusal(404, "NOT_FOUND", `${what} is not found.`);
export const invalid = (message: string) => new Refusal(400, "INVALID_ARGUMENT", message);
export const refused = (message: string) => new Refusal(400, "FAILED_PRECONDITION", message);
