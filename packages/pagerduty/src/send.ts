/**
 * What the client asks of a `fetch`, which is one. A PagerDuty in the same process gives just this: making real Headers
 * and Responses, with their streams, costs more than to answer.
 */
export type Send = (url: string, request: SentRequest) => Promise<Answered>;

export type SentRequest = {
  readonly method: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
};

export type Answered = Pick<Response, "status" | "ok" | "text"> & { readonly headers: AnswerHeaders };

export type AnswerHeaders = Pick<Headers, "get">;
